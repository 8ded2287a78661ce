// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/meta/unroll.hpp>

namespace qvit::inline QVIT_ABI {

/// Calls body(rows, columns, first row, first column), the first two constants, over tiles of at most Height x Width
/// that cover a Rows x Columns matrix: what is left at the edges gets smaller tiles, so bodies need no tests.
///
/// The tiles of 4 x 4 sums that products use take half of AVX-512's registers; column strips go first, so that the
/// right factor of a product is read once per strip. The body is compiled at most four times.
///
///     for_tiles<17, 8>([&](auto rows, auto columns, std::size_t r0, std::size_t c0) QVIT_INLINE_LAMBDA { ... });
template <std::size_t Rows, std::size_t Columns, std::size_t Height = 4, std::size_t Width = 4>
QVIT_INLINE void for_tiles(auto&& body) {
    auto column_strip = [&](auto width, std::size_t c0) QVIT_INLINE_LAMBDA {
        for (std::size_t r0 = 0; r0 + Height <= Rows; r0 += Height) body(index_constant<Height>{}, width, r0, c0);
        if constexpr (Rows % Height != 0) body(index_constant<Rows % Height>{}, width, Rows - Rows % Height, c0);
    };
    for (std::size_t c0 = 0; c0 + Width <= Columns; c0 += Width) column_strip(index_constant<Width>{}, c0);
    if constexpr (Columns % Width != 0) column_strip(index_constant<Columns % Width>{}, Columns - Columns % Width);
}

}  // namespace qvit::inline QVIT_ABI
