// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/tiles.hpp>

namespace qvit::inline QVIT_ABI {

/// A matrix inside a tensor, with extents and strides in its type: element (i, j) stands at
/// data[i * RowStride + j * ColumnStride]. A head's columns and a transposed matrix are views, not copies.
template <class Element, std::size_t Rows, std::size_t Columns, std::size_t RowStride, std::size_t ColumnStride>
struct matrix_view {
    using element = Element;
    static constexpr std::size_t rows = Rows;
    static constexpr std::size_t columns = Columns;
    static constexpr std::size_t row_stride = RowStride;
    Element* data = nullptr;

    QVIT_INLINE Element& operator()(std::size_t i, std::size_t j) const {
        return data[i * RowStride + j * ColumnStride];
    }
    constexpr matrix_view<Element, Columns, Rows, ColumnStride, RowStride> transposed() const { return {data}; }
};

/// finish(c(i, j), sum over k of a(i, k) b(k, j)) for every element of c; S is the type of the sums.
///
/// Entries may be lanes or reals shared by all images. Cost: one multiply-add per product, in tiles of 4 x 4 sums that
/// stay in registers: 8 loads for 16 multiply-adds. Where rows of b lie a multiple of 2 kB apart, and so
/// would push each other out of the cache, four columns at a time are copied first (up to 32 kB on the stack). c may
/// not overlap a or b.
///
///     for_each_product<S>(c, a, b.transposed(), [](S& entry, S sum) QVIT_INLINE_LAMBDA { entry = sum; });
template <class S, class A, class B>
QVIT_INLINE void for_each_product(auto c, A a, B b, auto finish) {
    constexpr std::size_t inner = A::columns;
    constexpr bool packed = std::is_same_v<std::remove_const_t<typename B::element>, S> && A::rows > 4 &&
                            inner * 4 * sizeof(S) <= 32768 && B::row_stride * sizeof(S) % 2048 == 0;
    S strip[packed ? inner * 4 : 1];
    for_tiles<A::rows, B::columns>([&](auto rows, auto columns, std::size_t i0, std::size_t j0) QVIT_INLINE_LAMBDA {
        if (packed && i0 == 0)
            for (std::size_t k = 0; k < inner; ++k)
                unroll<columns()>([&](std::size_t j)
                                      QVIT_INLINE_LAMBDA { strip[k * columns() + j] = S(b(k, j0 + j)); });
        S sum[rows()][columns()];
        unroll<columns()>([&](std::size_t j) QVIT_INLINE_LAMBDA {
            unroll<rows()>([&](std::size_t i) QVIT_INLINE_LAMBDA { sum[i][j] = S(real_of<S>(0)); });
        });
        for (std::size_t k = 0; k < inner; ++k) {
            S left[rows()];
            unroll<rows()>([&](std::size_t i) QVIT_INLINE_LAMBDA { left[i] = simd::in_register(S(a(i0 + i, k))); });
            unroll<columns()>([&](std::size_t j) QVIT_INLINE_LAMBDA {
                const S right = simd::in_register(packed ? strip[k * columns() + j] : S(b(k, j0 + j)));
                unroll<rows()>([&](std::size_t i)
                                   QVIT_INLINE_LAMBDA { sum[i][j] = simd::fma(left[i], right, sum[i][j]); });
            });
        }
        unroll<columns()>([&](std::size_t j) QVIT_INLINE_LAMBDA {
            unroll<rows()>([&](std::size_t i) QVIT_INLINE_LAMBDA { finish(c(i0 + i, j0 + j), sum[i][j]); });
        });
    });
}

}  // namespace qvit::inline QVIT_ABI
