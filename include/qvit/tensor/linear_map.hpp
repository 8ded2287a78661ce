// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// x has ColumnsOfX features per token and the weight takes ColumnsOfWeight.
template <std::size_t ColumnsOfX, std::size_t ColumnsOfWeight>
concept features_agree = (ColumnsOfX == ColumnsOfWeight);

/// y[t, o] = b[o] + sum_i w[o, i] x[t, i]: x is T x I, w is O x I, b is O; torch.nn.functional.linear.
///
/// O may be dynamic. Cost: T * I * O multiply-adds forward, twice that back (x without a gradient: once).
/// Tiles of 4 tokens x 4 outputs stay in registers: one vector load per token, one broadcast per weight.
/// Weight gradients are summed over tokens in registers and over lanes once per tile.
struct linear_map {
    static constexpr const char* name = "linear";
    static constexpr bool takes_constants = true;

    template <std::size_t T, std::size_t I, std::size_t O, std::size_t IOfWeight, std::size_t OOfBias>
    static constexpr auto output_shape(shape<T, I>, shape<O, IOfWeight> w, shape<OOfBias>) {
        static_assert(features_agree<I, IOfWeight>,
                      "[qvit::linear] x is tokens x I and the weight must be outputs x I; their I differ.");
        static_assert(features_agree<O, OOfBias>,
                      "[qvit::linear] the weight is O x inputs and the bias must have O entries; their O differ.");
        if constexpr (O == dynamic)
            return shape<T, O>(w.extent(0));
        else
            return shape<T, O>{};
    }
    template <std::size_t T, std::size_t I>
    static constexpr std::size_t multiply_adds(shape<T, I>, auto w, auto) {
        return T * I * w.extent(0);
    }

    template <class S, std::size_t T, std::size_t I>
    static void forward(auto y, S*, variable<S, shape<T, I>> x, auto w, auto b) {
        for_tiles<T>(extent<0>(w.extents),
                     [&](auto tokens, auto outputs, std::size_t t0, std::size_t o0) QVIT_INLINE_LAMBDA {
                         S sum[tokens()][outputs()];
                         unroll<outputs()>([&](auto o) QVIT_INLINE_LAMBDA {
                             unroll<tokens()>([&](auto t) QVIT_INLINE_LAMBDA { sum[t()][o()] = S(b(o0 + o)); });
                         });
                         for (std::size_t i = 0; i < I; ++i)
                             unroll<outputs()>([&](auto o) QVIT_INLINE_LAMBDA {
                                 const S weight(w(o0 + o, i));
                                 unroll<tokens()>([&](auto t) QVIT_INLINE_LAMBDA {
                                     sum[t()][o()] = simd::fma(weight, x(t0 + t, i), sum[t()][o()]);
                                 });
                             });
                         unroll<outputs()>([&](auto o) QVIT_INLINE_LAMBDA {
                             unroll<tokens()>([&](auto t) QVIT_INLINE_LAMBDA { y(t0 + t, o0 + o) = sum[t()][o()]; });
                         });
                     });
    }

    template <class S, std::size_t T, std::size_t I>
    static void backward(auto y, const S*, variable<S, shape<T, I>> x, auto w, auto b) {
        using R = real_of<S>;
        const auto outputs_in_all = extent<0>(w.extents);
        // y = b + ...  =>  db[o] += sum_t dy[t, o]
        for (std::size_t o = 0; o < outputs_in_all; ++o) {
            S sum(R(0));
            for (std::size_t t = 0; t < T; ++t) sum += y.d(t, o);
            b.d(o) += simd::sum(sum);
        }
        // ... w[o, i] x[t, i]  =>  dw[o, i] += sum_t dy[t, o] x[t, i]
        for_tiles<I>(outputs_in_all, [&](auto inputs, auto outputs, std::size_t i0, std::size_t o0) QVIT_INLINE_LAMBDA {
            S sum[inputs()][outputs()];
            unroll<outputs()>([&](auto o) QVIT_INLINE_LAMBDA {
                unroll<inputs()>([&](auto i) QVIT_INLINE_LAMBDA { sum[i()][o()] = S(R(0)); });
            });
            for (std::size_t t = 0; t < T; ++t)
                unroll<outputs()>([&](auto o) QVIT_INLINE_LAMBDA {
                    const S gradient = y.d(t, o0 + o);
                    unroll<inputs()>([&](auto i) QVIT_INLINE_LAMBDA {
                        sum[i()][o()] = simd::fma(gradient, x(t, i0 + i), sum[i()][o()]);
                    });
                });
            unroll<outputs()>([&](auto o) QVIT_INLINE_LAMBDA {
                unroll<inputs()>([&](auto i) QVIT_INLINE_LAMBDA { w.d(o0 + o, i0 + i) += simd::sum(sum[i()][o()]); });
            });
        });
        // ... w[o, i] x[t, i]  =>  dx[t, i] += sum_o dy[t, o] w[o, i]
        if (x.gradient == nullptr) return;
        for_tiles<T>(index_constant<I>{},
                     [&](auto tokens, auto inputs, std::size_t t0, std::size_t i0) QVIT_INLINE_LAMBDA {
                         S sum[tokens()][inputs()];
                         unroll<inputs()>([&](auto i) QVIT_INLINE_LAMBDA {
                             unroll<tokens()>([&](auto t) QVIT_INLINE_LAMBDA { sum[t()][i()] = x.d(t0 + t, i0 + i); });
                         });
                         for (std::size_t o = 0; o < outputs_in_all; ++o)
                             unroll<inputs()>([&](auto i) QVIT_INLINE_LAMBDA {
                                 const S weight(w(o, i0 + i));
                                 unroll<tokens()>([&](auto t) QVIT_INLINE_LAMBDA {
                                     sum[t()][i()] = simd::fma(weight, y.d(t0 + t, o), sum[t()][i()]);
                                 });
                             });
                         unroll<inputs()>([&](auto i) QVIT_INLINE_LAMBDA {
                             unroll<tokens()>([&](auto t) QVIT_INLINE_LAMBDA { x.d(t0 + t, i0 + i) = sum[t()][i()]; });
                         });
                     });
    }

  private:
    /// Extent of an axis: a constant where the shape knows it.
    template <std::size_t Axis, class Shape>
    static constexpr auto extent(Shape extents) {
        if constexpr (Shape::template static_extent<Axis> == dynamic)
            return extents.extent(Axis);
        else
            return index_constant<Shape::template static_extent<Axis>>{};
    }
    /// Calls body(rows, columns, first row, first column), the first two constants, over tiles of at most 4 x 4.
    template <std::size_t Rows, class Columns>
    static QVIT_INLINE void for_tiles(Columns columns, auto&& body) {
        auto column_strip = [&](auto width, std::size_t c0) QVIT_INLINE_LAMBDA {
            for (std::size_t r0 = 0; r0 + 4 <= Rows; r0 += 4) body(index_constant<4>{}, width, r0, c0);
            if constexpr (Rows % 4 != 0) body(index_constant<Rows % 4>{}, width, Rows - Rows % 4, c0);
        };
        std::size_t c0 = 0;
        for (; c0 + 4 <= columns; c0 += 4) column_strip(index_constant<4>{}, c0);
        if constexpr (std::is_same_v<Columns, std::size_t>) {
            for (; c0 < columns; ++c0) column_strip(index_constant<1>{}, c0);
        } else if constexpr (Columns::value % 4 != 0) {
            column_strip(index_constant<Columns::value % 4>{}, c0);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
