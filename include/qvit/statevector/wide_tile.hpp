// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Where a tile's amplitudes are: amplitude o at rows[o >> chunk_bits] + (o & chunk mask) from the two pointers.
/// rows is linear: rows[j | k] = rows[j] + rows[k] where j & k is 0.
///
///     tile.re[tile.offset(o)]  // the real part of the tile's amplitude o
template <class R>
struct wide_tile {
    R* re = nullptr;
    R* im = nullptr;  ///< null for a real state
    const std::size_t* rows = nullptr;
    std::size_t chunk_bits = 0;

    std::size_t offset(std::size_t o) const {
        return rows[o >> chunk_bits] + (o & ((std::size_t{1} << chunk_bits) - 1));
    }
};

}  // namespace qvit::inline QVIT_ABI
