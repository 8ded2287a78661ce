// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>

#include <qvit/meta/unroll.hpp>
#include <qvit/shape/shape.hpp>
#include <qvit/simd/lane_sums.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// Adds the sums over lanes of `count` <= W values to numbers: to[k] += sum(values[k]). `values` holds W and is
/// scratch.
template <class S>
QVIT_INLINE void add_lane_sums(S* values, real_of<S>* to, std::size_t count) {
    real_of<S> sums[lane_count<S>];
    simd::lane_sums(values, sums);
    for (std::size_t k = 0; k < count; ++k) to[k] += sums[k];
}

/// Rows x Columns sums of products that stay in registers: the inner part of every matrix product.
///
/// Each step multiplies a column by a row, Rows + Columns loads for Rows * Columns multiply-adds.
///
///     register_tile<S, 4, 4> sum;  sum.set(...);  for (k...) sum.add_products(left(r), right(c));  sum.each(store);
template <class S, std::size_t Rows, std::size_t Columns>
class register_tile {
    S sum_[Rows][Columns];

  public:
    /// sum(r, c) = value(r, c).
    QVIT_INLINE void set(auto&& value) {
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            unroll<Columns>([&](std::size_t c) QVIT_INLINE_LAMBDA { sum_[r][c] = value(r, c); });
        });
    }
    /// sum(r, c) += left(r) right(c).
    QVIT_INLINE void add_products(auto&& left, auto&& right) {
        S row[Rows];
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA { row[r] = simd::in_register(left(r)); });
        unroll<Columns>([&](std::size_t c) QVIT_INLINE_LAMBDA {
            const S column = simd::in_register(right(c));
            unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA { sum_[r][c] = simd::fma(row[r], column, sum_[r][c]); });
        });
    }
    /// body(r, c, sum(r, c)).
    QVIT_INLINE void each(auto&& body) const {
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            unroll<Columns>([&](std::size_t c) QVIT_INLINE_LAMBDA { body(r, c, sum_[r][c]); });
        });
    }
    /// row(r)[c] += the sum over lanes of sum(r, c).
    QVIT_INLINE void add_lane_sums(auto&& row) const {
        constexpr std::size_t width = lane_count<S>;
        constexpr std::size_t count = Rows * Columns;
        constexpr std::size_t groups = (count + width - 1) / width;
        real_of<S> sums[groups * width];
        unroll<groups>([&](std::size_t group) QVIT_INLINE_LAMBDA {
            S values[width];
            unroll<width>([&](std::size_t k) QVIT_INLINE_LAMBDA {
                const std::size_t at = group * width + k;
                values[k] = at < count ? sum_[at / Columns][at % Columns] : S(real_of<S>(0));
            });
            simd::lane_sums(values, sums + group * width);
        });
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            real_of<S>* const to = row(r);
            unroll<Columns>([&](std::size_t c) QVIT_INLINE_LAMBDA { to[c] += sums[r * Columns + c]; });
        });
    }
};

/// An axis' extent: a constant where the shape knows it, else a number.
template <std::size_t Axis, class Variable>
constexpr auto extent_of(const Variable& x) {
    using extents = typename Variable::shape_type;
    if constexpr (extents::template static_extent<Axis> == dynamic)
        return x.extents.extent(Axis);
    else
        return index_constant<extents::template static_extent<Axis>>{};
}

namespace detail {
/// Calls body(length, first) for pieces of 0 ... Count - 1 that are at most `Longest` and of nearly one length: no
/// piece is so short that its few chains of multiply-adds wait for one another.
template <std::size_t Count, std::size_t Longest>
QVIT_INLINE void for_pieces(auto&& body) {
    constexpr std::size_t pieces = (Count + Longest - 1) / Longest;
    constexpr std::size_t length = Count / pieces;
    constexpr std::size_t longer = Count % pieces;  // these have one more
    std::size_t first = 0;
    if constexpr (longer > 0)
        for (; first < longer * (length + 1); first += length + 1) body(index_constant<length + 1>{}, first);
    for (; first < Count; first += length) body(index_constant<length>{}, first);
}
}  // namespace detail

/// Calls body(rows, columns, first row, first column), the first two constants, over tiles that cover Rows x columns.
///
/// A tile has at most 5 x 5 sums with 32 vector registers and 3 x 4 with 16; 17 tokens are 5 + 4 + 4 + 4. All columns
/// of a tile's rows come before the next rows: these stay in the nearest cache. `columns` is a constant or a number.
template <class S, std::size_t Rows>
QVIT_INLINE void for_tiles(index_constant<Rows>, auto columns, auto&& body) {
    constexpr bool many_registers = sizeof(S) == 64;
    detail::for_pieces<Rows, many_registers ? 5 : 3>([&](auto rows, std::size_t r0) QVIT_INLINE_LAMBDA {
        if constexpr (std::is_same_v<decltype(columns), std::size_t>) {
            std::size_t c0 = 0;
            for (; c0 + 4 <= columns; c0 += 4) body(rows, index_constant<4>{}, r0, c0);
            for (; c0 < columns; ++c0) body(rows, index_constant<1>{}, r0, c0);
        } else {
            constexpr std::size_t count = decltype(columns)::value;
            detail::for_pieces<count, many_registers && count % 4 != 0 ? 5 : 4>(
                [&](auto width, std::size_t c0) QVIT_INLINE_LAMBDA { body(rows, width, r0, c0); });
        }
    });
}

}  // namespace qvit::inline QVIT_ABI
