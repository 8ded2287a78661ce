// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lane_transpose.hpp>
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
        sum.add_products([&](std::size_t o) QVIT_INLINE_LAMBDA { return a[o]; },
                         [&](std::size_t i) QVIT_INLINE_LAMBDA { return b[i]; });
    sum.add_lane_sums([&](std::size_t o) QVIT_INLINE_LAMBDA { return w + o * w_stride; });
}

/// Small products: tiles of 4 x 4 entries, each a sum of vectors whose lanes are summed at the end.
template <std::size_t T, class S, std::size_t I>
QVIT_INLINE void weight_gradient_by_sums(const S* a, auto outputs, const S* b, index_constant<I>, real_of<S>* w) {
    constexpr index_constant<4> four;
    auto strip = [&](auto o_count, std::size_t o) QVIT_INLINE_LAMBDA {
        std::size_t i = 0;
        for (; i + 4 <= I; i += 4) weight_gradient_tile<T>(a + o, outputs, o_count, b + i, I, four, w + o * I + i, I);
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

/// Large products: inputs on lanes, so that T rows and W images are one long sum and no lane is ever summed.
///
/// W * Vectors inputs of T rows are transposed into a strip in the nearest cache. One row and image of it, a few
/// vectors, meets single numbers of a: a tile of the gradient stays in registers over all of them.
template <std::size_t T, class S, std::size_t O, std::size_t I, std::size_t Vectors>
QVIT_INLINE void weight_gradient_strip(const S* a, index_constant<O>, const S* b, index_constant<I>, real_of<S>* w,
                                       index_constant<Vectors>, std::size_t i0) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    constexpr std::size_t longest = sizeof(S) == 64 ? 6 : 4;
    S strip[T * width * Vectors];  // (row, image, vector of inputs)
    for (std::size_t t = 0; t < T; ++t)
        unroll<Vectors>([&](std::size_t v) QVIT_INLINE_LAMBDA {
            const std::size_t first = i0 + v * width;
            S tile[width];
            if (I % width == 0 || first + width <= I)
                unroll<width>([&](std::size_t k) QVIT_INLINE_LAMBDA { tile[k] = b[t * I + first + k]; });
            else
                unroll<width>([&](std::size_t k)
                                  QVIT_INLINE_LAMBDA { tile[k] = first + k < I ? b[t * I + first + k] : S(R(0)); });
            simd::lane_transpose(tile);
            unroll<width>([&](std::size_t l) QVIT_INLINE_LAMBDA { strip[(t * width + l) * Vectors + v] = tile[l]; });
        });
    for_pieces<O, longest>([&](auto outputs, std::size_t o0) QVIT_INLINE_LAMBDA {
        register_tile<S, Vectors, outputs()> sum;
        sum.set([](auto, auto) QVIT_INLINE_LAMBDA { return S(R(0)); });
        const S* x = strip;
        for (std::size_t t = 0; t < T; ++t) {
            const R* const d = reinterpret_cast<const R*>(a + t * O + o0);
            for (std::size_t l = 0; l < width; ++l, x += Vectors)
                sum.add_products([&](std::size_t v) QVIT_INLINE_LAMBDA { return x[v]; },
                                 [&](std::size_t o) QVIT_INLINE_LAMBDA { return S(d[o * width + l]); });
        }
        sum.each([&](auto v, auto o, S value) QVIT_INLINE_LAMBDA {
            const std::size_t first = i0 + v * width;
            R* const to = w + (o0 + o) * I + first;
            if (I % width == 0 || first + width <= I) {
                simd::store(to, simd::load<S>(to) + value);
            } else {
                R entries[width];
                simd::store(entries, value);
                for (std::size_t k = 0; first + k < I; ++k) to[k] += entries[k];
            }
        });
    });
}

/// Inputs that are worth transposing, and outputs that pay for it.
template <class S, std::size_t I, class Outputs>
constexpr bool transposes_inputs() {
    if constexpr (requires { Outputs::value; })
        return lane_count<S> > 1 && Outputs::value >= 16 && I >= 2 * lane_count<S>;
    else
        return false;
}
}  // namespace detail

/// w[o, i] += sum over lanes and over t of a[t, o] b[t, i]: the gradient of a weight that all images share, from T rows
/// of upstream gradients a (T x outputs) and inputs b (T x I). `outputs` is a constant or a number.
///
/// Cost: T * outputs * I multiply-adds, and three instructions per W entries of the gradient and four rows, or, where
/// it is large enough, four shuffles per entry of b. At most 24 KB of stack.
template <std::size_t T, class S, std::size_t I>
QVIT_INLINE void add_weight_gradient(const S* a, auto outputs, const S* b, index_constant<I> inputs, real_of<S>* w) {
    if constexpr (detail::transposes_inputs<S, I, decltype(outputs)>()) {
        constexpr std::size_t width = lane_count<S>;
        constexpr std::size_t vectors = sizeof(S) == 64 ? 4 : 2;
        constexpr std::size_t rows = std::min<std::size_t>(24576 / (width * vectors * sizeof(S)), T);
        auto add_rows = [&]<std::size_t Rows>(index_constant<Rows>, std::size_t t) QVIT_INLINE_LAMBDA {
            detail::for_pieces<(I + width - 1) / width, vectors>([&](auto count, std::size_t v0) QVIT_INLINE_LAMBDA {
                detail::weight_gradient_strip<Rows>(a + t * outputs, outputs, b + t * I, inputs, w, count, v0 * width);
            });
        };
        std::size_t t = 0;
        for (; t + rows <= T; t += rows) add_rows(index_constant<rows>{}, t);
        if constexpr (T % rows != 0) add_rows(index_constant<T % rows>{}, t);
    } else {
        constexpr std::size_t rows = 24;
        std::size_t t = 0;
        if constexpr (T >= rows)
            for (; t + rows <= T; t += rows)
                detail::weight_gradient_by_sums<rows>(a + t * outputs, outputs, b + t * I, inputs, w);
        if constexpr (T % rows != 0)
            detail::weight_gradient_by_sums<T % rows>(a + t * outputs, outputs, b + t * I, inputs, w);
    }
}

}  // namespace qvit::inline QVIT_ABI
