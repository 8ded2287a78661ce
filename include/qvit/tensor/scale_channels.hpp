// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// Groups of channels have to be equal.
template <std::size_t Channels, std::size_t Groups>
concept groups_divide_channels = (Groups > 0 && Channels % Groups == 0);

/// y[t, c] = factor[g] * x[t, c], where channel c is of group g = c / (C / G): x is T x C, factor has G entries.
///
/// G = C is layer scale (arXiv:2103.17239, torch's x * gamma); G = heads gives every head a factor of its own.
/// Cost: T C products forward, twice that back and G sums over lanes.
///
///     y = tape.apply(scale_channels{}, y, tape.use(gamma));
struct scale_channels {
    static constexpr const char* name = "scale channels";

    template <std::size_t T, std::size_t C, std::size_t G>
    static constexpr shape<T, C> output_shape(shape<T, C>, shape<G>) {
        static_assert(groups_divide_channels<C, G>,
                      "[qvit::scale_channels] the factors must divide the channels into equal groups.");
        return {};
    }
    template <class S, std::size_t T, std::size_t C, class R, std::size_t G>
    static void forward(auto y, S*, variable<S, shape<T, C>> x, variable<R, shape<G>> factor) {
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) y(t, c) = S(factor(c / (C / G))) * x(t, c);
    }
    template <class S, std::size_t T, std::size_t C, class R, std::size_t G>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x, variable<R, shape<G>> factor) {
        for (std::size_t g = 0; g < G; ++g) {
            S sum(real_of<S>(0));
            for (std::size_t t = 0; t < T; ++t)
                for (std::size_t c = g * (C / G); c < (g + 1) * (C / G); ++c) {
                    x.d(t, c) = simd::fma(S(factor(g)), y.d(t, c), x.d(t, c));
                    sum = simd::fma(x(t, c), y.d(t, c), sum);
                }
            factor.d(g) += simd::sum(sum);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
