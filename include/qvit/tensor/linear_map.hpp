// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lane_sums.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/register_tiles.hpp>
#include <qvit/tensor/weight_gradient.hpp>

namespace qvit::inline QVIT_ABI {

/// x has ColumnsOfX features per token and the weight takes ColumnsOfWeight.
template <std::size_t ColumnsOfX, std::size_t ColumnsOfWeight>
concept features_agree = (ColumnsOfX == ColumnsOfWeight);

/// y[t, o] = b[o] + sum_i w[o, i] x[t, i]: x is T x I, w is O x I, b is O; torch.nn.functional.linear.
///
/// O may be dynamic. Cost: T * I * O multiply-adds forward, twice that back (x without a gradient: once).
/// Register tiles (see for_tiles): one vector load per token and one broadcast per weight for a tile's products. A tile
/// of tokens meets all outputs before the next one is loaded. Weight gradients: see add_weight_gradient.
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
        for_tiles<S>(index_constant<T>{}, extent_of<0>(w),
                     [&](auto tokens, auto outputs, auto t0, auto o0) QVIT_INLINE_LAMBDA {
                         register_tile<S, tokens(), outputs()> sum;
                         sum.set([&](auto, auto o) QVIT_INLINE_LAMBDA { return S(b(o0 + o)); });
                         // Two addresses and constants: more than two would not fit in registers.
                         const S* const rows = &x(t0, 0);
                         const auto* const weights = &w(o0, 0);
                         for (std::size_t i = 0; i < I; ++i)
                             sum.add_products([&](std::size_t t) QVIT_INLINE_LAMBDA { return rows[t * I + i]; },
                                              [&](std::size_t o) QVIT_INLINE_LAMBDA { return S(weights[o * I + i]); });
                         sum.each([&](auto t, auto o, S value) QVIT_INLINE_LAMBDA { y(t0 + t, o0 + o) = value; });
                     });
    }

    template <class S, std::size_t T, std::size_t I>
    static void backward(auto y, const S*, variable<S, shape<T, I>> x, auto w, auto b) {
        // y = b + ...  =>  db[o] += sum_t dy[t, o]
        add_bias_gradient<T>(y, b, extent_of<0>(w));
        // ... w[o, i] x[t, i]  =>  dw[o, i] += sum_t dy[t, o] x[t, i]
        add_weight_gradient<T>(y.gradient, extent_of<0>(w), x.value, index_constant<I>{}, w.gradient);
        // ... w[o, i] x[t, i]  =>  dx[t, i] += sum_o dy[t, o] w[o, i]
        if (x.gradient == nullptr) return;
        constexpr std::size_t most = 64;  // outputs at a time: a tile's rows and the weights stay in the nearest cache
        for (std::size_t o0 = 0; o0 < y.extents.extent(1); o0 += most) {
            const std::size_t end = std::min(o0 + most, y.extents.extent(1));
            for_tiles<S>(index_constant<T>{}, index_constant<I>{},
                         [&](auto tokens, auto inputs, auto t0, auto i0) QVIT_INLINE_LAMBDA {
                             register_tile<S, tokens(), inputs()> sum;
                             sum.set([&](auto t, auto i) QVIT_INLINE_LAMBDA { return x.d(t0 + t, i0 + i); });
                             for (std::size_t o = o0; o < end; ++o)
                                 sum.add_products([&](std::size_t t) QVIT_INLINE_LAMBDA { return y.d(t0 + t, o); },
                                                  [&](std::size_t i) QVIT_INLINE_LAMBDA { return S(w(o, i0 + i)); });
                             sum.each([&](auto t, auto i, S value) QVIT_INLINE_LAMBDA { x.d(t0 + t, i0 + i) = value; });
                         });
        }
    }

  private:
    /// As many outputs at once as there are lanes: their sums over tokens are vectors, whose lanes are summed together.
    template <std::size_t T>
    static void add_bias_gradient(auto y, auto b, auto outputs) {
        using S = typename decltype(y)::element;
        constexpr std::size_t width = lane_count<S>;
        auto add = [&](auto count, std::size_t o) QVIT_INLINE_LAMBDA {
            S sum[width];
            unroll<width>([&](std::size_t k) QVIT_INLINE_LAMBDA { sum[k] = S(real_of<S>(0)); });
            for (std::size_t t = 0; t < T; ++t)
                unroll<count()>([&](std::size_t k) QVIT_INLINE_LAMBDA { sum[k] += y.d(t, o + k); });
            add_lane_sums(sum, &b.d(o), count);
        };
        if constexpr (requires { decltype(outputs)::value; })
            detail::for_pieces<decltype(outputs)::value, width>(add);
        else
            for (std::size_t o = 0; o < outputs; ++o) add(index_constant<1>{}, o);
    }
};

}  // namespace qvit::inline QVIT_ABI
