// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/meta/constant_math.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

template <std::size_t Channels>
concept channels_are_four_parts = (Channels > 0 && Channels % 4 == 0);
template <std::size_t Tokens, std::size_t Expected>
concept tokens_are_a_square = (Tokens == Expected);

/// Adds the sinusoidal embedding of a square of Side x Side patches to their tokens; First tokens before them stay.
///
/// A patch at (row, column) gets [sin(w_i column), cos(w_i column), sin(w_i row), cos(w_i row)], each for i = 0 ...
/// C / 4 - 1 with w_i = 10000^(-i / (C / 4)) (arXiv:2104.02057; arXiv:1706.03762 in two dimensions). No weights.
/// C must be a multiple of 4. Cost: an addition per channel; the table is a constant.
///
///     tokens = tape.apply(sinusoidal_positions<4, 1>{}, tokens);   // a class token, then 4 x 4 patches
template <std::size_t Side, std::size_t First>
struct sinusoidal_positions {
    static constexpr const char* name = "sinusoidal positions";

    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, C>) {
        static_assert(channels_are_four_parts<C>,
                      "[qvit::sinusoidal_positions] the channels must be a multiple of 4: sines and cosines of two axes.");
        static_assert(tokens_are_a_square<T, First + Side * Side>,
                      "[qvit::sinusoidal_positions] the tokens must be First and Side x Side patches.");
        return {};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x) {
        for (std::size_t i = 0; i < First * C; ++i) y.value[i] = x.value[i];
        for (std::size_t i = 0; i < Side * Side * C; ++i)
            y.value[First * C + i] = x.value[First * C + i] + S(static_cast<real_of<S>>(table<C>[i]));
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x) {
        for (std::size_t i = 0; i < T * C; ++i) x.gradient[i] += y.gradient[i];
    }

    /// The embedding itself, patches x C.
    template <std::size_t C>
    static constexpr auto table = [] {
        constexpr std::size_t frequencies = C / 4;
        std::array<double, Side * Side * C> result{};
        for (std::size_t i = 0; i < frequencies; ++i) {
            const double w = constant_math::exp(-constant_math::log(10000.0) * static_cast<double>(i) /
                                                static_cast<double>(frequencies));
            for (std::size_t at = 0; at < Side; ++at) {
                const double sine = constant_math::sin(w * static_cast<double>(at));
                const double cosine = constant_math::cos(w * static_cast<double>(at));
                for (std::size_t other = 0; other < Side; ++other) {
                    double* const of_column = &result[(other * Side + at) * C + i];
                    double* const of_row = &result[(at * Side + other) * C + 2 * frequencies + i];
                    of_column[0] = of_row[0] = sine;
                    of_column[frequencies] = of_row[frequencies] = cosine;
                }
            }
        }
        return result;
    }();
};

}  // namespace qvit::inline QVIT_ABI
