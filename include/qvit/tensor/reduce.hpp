// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// What a reduction does with the elements along its axis.
enum class reduction { sum, mean, maximum };

/// A matrix has axes 0 (tokens) and 1 (channels).
template <std::size_t Axis, std::size_t Rank>
concept axis_of_tensor = (Axis < Rank);

/// y = the sum, mean or largest of x along an axis, which stays with extent 1: T x C -> 1 x C or T x 1.
///
/// Of equal largest elements the first gets the gradient. Cost: one operation per element either way.
///
///     auto pooled = tape.apply(mean_over<0>{}, tokens);   // 17 x 4 -> 1 x 4
template <reduction Kind, std::size_t Axis>
struct reduce_op {
    static constexpr const char* name = Kind == reduction::sum    ? "sum over an axis"
                                        : Kind == reduction::mean ? "mean over an axis"
                                                                  : "maximum over an axis";

    template <std::size_t T, std::size_t C>
    static constexpr auto output_shape(shape<T, C>) {
        static_assert(axis_of_tensor<Axis, 2>, "[qvit::reduce_op] a matrix has axes 0 and 1.");
        return shape < Axis == 0 ? 1 : T, Axis == 0 ? C : 1 > {};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x) {
        for_each_line<T, C>([&](std::size_t line, auto at) QVIT_INLINE_LAMBDA {
            S result = x.value[at(0)];
            for (std::size_t i = 1; i < (Axis == 0 ? T : C); ++i) {
                const S next = x.value[at(i)];
                result = Kind == reduction::maximum ? simd::maximum(result, next) : result + next;
            }
            y.value[line] = Kind == reduction::mean ? result * S(share<real_of<S>, T, C>()) : result;
        });
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x) {
        using R = real_of<S>;
        for_each_line<T, C>([&](std::size_t line, auto at) QVIT_INLINE_LAMBDA {
            S g = y.gradient[line];
            if constexpr (Kind == reduction::mean) g *= S(share<R, T, C>());
            for (std::size_t i = 0; i < (Axis == 0 ? T : C); ++i) {
                if constexpr (Kind == reduction::maximum) {
                    const S zero(R(0));
                    const S given = simd::select(x.value[at(i)] == y.value[line], g, zero);
                    x.gradient[at(i)] += given;
                    g = simd::select(x.value[at(i)] == y.value[line], zero, g);
                } else {
                    x.gradient[at(i)] += g;
                }
            }
        });
    }

  private:
    template <class R, std::size_t T, std::size_t C>
    static constexpr R share() {
        return R(1) / static_cast<R>(Axis == 0 ? T : C);
    }
    /// Calls body(number, at) for every line along the axis; at(i) is where its element i stands.
    template <std::size_t T, std::size_t C>
    static QVIT_INLINE void for_each_line(auto&& body) {
        for (std::size_t line = 0; line < (Axis == 0 ? C : T); ++line)
            body(line, [line](std::size_t i) { return Axis == 0 ? i * C + line : line * C + i; });
    }
};

template <std::size_t Axis>
using sum_over = reduce_op<reduction::sum, Axis>;
template <std::size_t Axis>
using mean_over = reduce_op<reduction::mean, Axis>;
template <std::size_t Axis>
using maximum_over = reduce_op<reduction::maximum, Axis>;

}  // namespace qvit::inline QVIT_ABI
