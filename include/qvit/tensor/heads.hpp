// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// y[h, t, c] = x[t, h d + c], d = C / Heads: T x C -> Heads x T x d; torch's x.view(T, Heads, d).transpose(0, 1).
/// Heads that do not divide the channels do not compile. Cost: a copy.
///
///     auto q = tape.apply(split_heads<2>{}, x);   // 17 x 8 -> 2 x 17 x 4
template <std::size_t Heads>
struct split_heads {
    static constexpr const char* name = "split heads";

    template <std::size_t T, std::size_t C>
    static constexpr auto output_shape(shape<T, C>) {
        static_assert(heads_divide_channels<C, Heads>,
                      "[qvit::split_heads] the heads must divide the channels into equal parts.");
        return shape<Heads, T, C / Heads>{};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x) {
        for (std::size_t h = 0; h < Heads; ++h)
            for (std::size_t t = 0; t < T; ++t)
                for (std::size_t c = 0; c < C / Heads; ++c) y(h, t, c) = x(t, h * (C / Heads) + c);
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x) {
        for (std::size_t h = 0; h < Heads; ++h)
            for (std::size_t t = 0; t < T; ++t)
                for (std::size_t c = 0; c < C / Heads; ++c) x.d(t, h * (C / Heads) + c) += y.d(h, t, c);
    }
};

/// y[t, h D + c] = x[h, t, c]: H x T x D -> T x H D, the inverse of split_heads; torch's x.transpose(0, 1).reshape(T,
/// -1).
struct merge_heads {
    static constexpr const char* name = "merge heads";

    template <std::size_t H, std::size_t T, std::size_t D>
    static constexpr shape<T, H * D> output_shape(shape<H, T, D>) {
        return {};
    }
    template <class S, std::size_t H, std::size_t T, std::size_t D>
    static void forward(auto y, S*, variable<S, shape<H, T, D>> x) {
        for (std::size_t h = 0; h < H; ++h)
            for (std::size_t t = 0; t < T; ++t)
                for (std::size_t c = 0; c < D; ++c) y(t, h * D + c) = x(h, t, c);
    }
    template <class S, std::size_t H, std::size_t T, std::size_t D>
    static void backward(auto y, const S*, variable<S, shape<H, T, D>> x) {
        for (std::size_t h = 0; h < H; ++h)
            for (std::size_t t = 0; t < T; ++t)
                for (std::size_t c = 0; c < D; ++c) x.d(h, t, c) += y.d(t, h * D + c);
    }
};

}  // namespace qvit::inline QVIT_ABI
