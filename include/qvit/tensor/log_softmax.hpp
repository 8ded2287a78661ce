// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/softmax.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// y[t, c] = x[t, c] - log sum_j exp x[t, j] for every row of a matrix; torch.log_softmax(x, -1). C may be dynamic.
/// Cost: an exp per element each way.
///
///     auto log_probabilities = tape.apply(log_softmax_op{}, logits);
struct log_softmax_op {
    static constexpr const char* name = "log softmax";

    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, C> x) {
        return x;
    }
    template <class S>
    static void forward(auto y, S*, auto x) {
        for_each_row(x, [&](std::size_t t, std::size_t columns) {
            S largest = x(t, 0);
            for (std::size_t c = 1; c < columns; ++c) largest = simd::maximum(largest, x(t, c));
            S total(real_of<S>(0));
            for (std::size_t c = 0; c < columns; ++c) total += simd::exp(x(t, c) - largest);
            const S shift = largest + simd::log(total);
            for (std::size_t c = 0; c < columns; ++c) y(t, c) = x(t, c) - shift;
        });
    }
    template <class S>
    static void backward(auto y, const S*, auto x) {
        for_each_row(x, [&](std::size_t t, std::size_t columns) {
            S total(real_of<S>(0));
            for (std::size_t c = 0; c < columns; ++c) total += y.d(t, c);
            for (std::size_t c = 0; c < columns; ++c) x.d(t, c) += simd::fnma(simd::exp(y(t, c)), total, y.d(t, c));
        });
    }

  private:
    static void for_each_row(auto x, auto&& body) {
        for (std::size_t t = 0; t < x.extents.extent(0); ++t) body(t, x.extents.extent(1));
    }
};

/// The softmax of every row of a matrix; torch.softmax(x, -1). C may be dynamic.
///
///     auto probabilities = tape.apply(softmax_op{}, logits);
struct softmax_op {
    static constexpr const char* name = "softmax";

    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, C> x) {
        return x;
    }
    template <class S>
    static void forward(auto y, S*, auto x) {
        for (std::size_t t = 0; t < x.extents.extent(0); ++t) {
            for (std::size_t c = 0; c < x.extents.extent(1); ++c) y(t, c) = x(t, c);
            softmax_forward(&y(t, 0), x.extents.extent(1));
        }
    }
    template <class S>
    static void backward(auto y, const S*, auto x) {
        for (std::size_t t = 0; t < x.extents.extent(0); ++t) {
            S inner(real_of<S>(0));
            for (std::size_t c = 0; c < x.extents.extent(1); ++c) inner = simd::fma(y(t, c), y.d(t, c), inner);
            for (std::size_t c = 0; c < x.extents.extent(1); ++c)
                x.d(t, c) = simd::fma(y(t, c), y.d(t, c) - inner, x.d(t, c));
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
