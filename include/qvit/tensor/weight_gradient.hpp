// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/register_tiles.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// w[o, i] += sum over lanes and over T rows of a[t, o] b[t, i] for one register tile of o and i.
template <std::size_t T, class S, std::size_t Outputs, std::size_t Inputs>
QVIT_INLINE void weight_gradient_tile(const S* a, std::size_t a_stride, index_constant<Outputs>, const S* b,
                                      std::size_t b_stride, index_constant<Inputs>, real_of<S>* w,
                                      std::size_t w_stride) {
    register_tile<S, Outputs, Inputs> sum;
    sum.set([](auto, auto) QVIT_INLINE_LAMBDA { return S(real_of<S>(0)); });
    for (std::size_t t = 0; t < T; ++t, a += a_stride, b += b_stride)
        sum.add_products([&](auto o) QVIT_INLINE_LAMBDA { return a[o()]; },
                         [&](auto i) QVIT_INLINE_LAMBDA { return b[i()]; });
    sum.add_lane_sums([&](auto o) QVIT_INLINE_LAMBDA { return w + o * w_stride; });
}

/// `columns` columns of T rows, four columns after the other: to[(c / 4, t, c % 4)] = from[t, c].
template <std::size_t T, class S>
QVIT_INLINE void copy_in_fours(const S* from, std::size_t stride, std::size_t columns, S* to) {
    for (std::size_t t = 0; t < T; ++t, from += stride, to += 4)
        for (std::size_t c = 0; c < columns; c += 4)
            unroll<4>([&](auto k) QVIT_INLINE_LAMBDA { to[c * T + k()] = from[c + k]; });
}

template <std::size_t T, class S, std::size_t I>
QVIT_INLINE void add_weight_gradient_of_rows(const S* a, auto outputs, const S* b, index_constant<I>, real_of<S>* w) {
    constexpr bool copied = [] {
        if constexpr (requires { decltype(outputs)::value; })
            return decltype(outputs)::value % 4 == 0 && decltype(outputs)::value >= 32 && I >= 32;
        else
            return false;
    }();
    constexpr index_constant<4> four;
    if constexpr (copied) {
        constexpr std::size_t most_outputs = 64;
        constexpr std::size_t most_inputs = 16;
        S a_strip[T * most_outputs];
        S b_strip[T * most_inputs];
        for (std::size_t o1 = 0; o1 < outputs; o1 += most_outputs) {
            const std::size_t o_count = std::min(most_outputs, outputs - o1);
            copy_in_fours<T>(a + o1, outputs, o_count, a_strip);
            for (std::size_t i1 = 0; i1 < I - I % 4; i1 += most_inputs) {
                const std::size_t i_count = std::min(most_inputs, I - I % 4 - i1);
                copy_in_fours<T>(b + i1, I, i_count, b_strip);
                for (std::size_t o = 0; o < o_count; o += 4)
                    for (std::size_t i = 0; i < i_count; i += 4)
                        weight_gradient_tile<T>(a_strip + o * T, 4, four, b_strip + i * T, 4, four,
                                                w + (o1 + o) * I + i1 + i, I);
            }
            if constexpr (I % 4 != 0)
                for (std::size_t o = 0; o < o_count; o += 4)
                    weight_gradient_tile<T>(a_strip + o * T, 4, four, b + (I - I % 4), I, index_constant<I % 4>{},
                                            w + (o1 + o) * I + (I - I % 4), I);
        }
    } else {
        auto strip = [&](auto o_count, std::size_t o) QVIT_INLINE_LAMBDA {
            std::size_t i = 0;
            for (; i + 4 <= I; i += 4)
                weight_gradient_tile<T>(a + o, outputs, o_count, b + i, I, four, w + o * I + i, I);
            if constexpr (I % 4 != 0)
                weight_gradient_tile<T>(a + o, outputs, o_count, b + i, I, index_constant<I % 4>{}, w + o * I + i, I);
        };
        std::size_t o = 0;
        for (; o + 4 <= outputs; o += 4) strip(four, o);
        if constexpr (requires { decltype(outputs)::value; }) {
            if constexpr (outputs() % 4 != 0) strip(index_constant<outputs() % 4>{}, o);
        } else {
            for (; o < outputs; ++o) strip(index_constant<1>{}, o);
        }
    }
}
}  // namespace detail

/// w[o, i] += sum over lanes and over t of a[t, o] b[t, i]: the gradient of a weight that all images share, from T rows
/// of upstream gradients a (T x outputs) and inputs b (T x I). `outputs` is a constant or a number.
///
/// Cost: T * outputs * I multiply-adds; lanes are summed once per tile and 32 rows. The rows of a and b stand a multiple
/// of 4096 bytes apart at 64 channels and then compete for the same lines of the nearest cache: where a product is large
/// enough to pay for it, strips of them are copied to where their rows are neighbours (less than 120 KB of stack).
template <std::size_t T, class S, std::size_t I>
QVIT_INLINE void add_weight_gradient(const S* a, auto outputs, const S* b, index_constant<I> inputs, real_of<S>* w) {
    constexpr std::size_t rows = 24;
    std::size_t t = 0;
    if constexpr (T >= rows)
        for (; t + rows <= T; t += rows)
            detail::add_weight_gradient_of_rows<rows>(a + t * outputs, outputs, b + t * I, inputs, w);
    if constexpr (T % rows != 0)
        detail::add_weight_gradient_of_rows<T % rows>(a + t * outputs, outputs, b + t * I, inputs, w);
}

}  // namespace qvit::inline QVIT_ABI
