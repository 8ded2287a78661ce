// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// The eight symmetries of a square: bit 0 mirrors columns, bit 1 mirrors rows, bit 2 exchanges rows and columns.
inline constexpr std::size_t orientation_count = 8;

/// Index of the byte that orientation `o` of an image shows where the upright one shows byte `index`.
///
/// Images are side x side x channels, row-major.
///
///     oriented_index(0, 28, 3, 1);   // 81: mirrored, the first pixel is the last of the first row
constexpr std::size_t oriented_index(std::size_t index, std::size_t side, std::size_t channels, std::size_t o) {
    const std::size_t channel = index % channels;
    std::size_t column = index / channels % side;
    std::size_t row = index / channels / side;
    if (o & 1) column = side - 1 - column;
    if (o & 2) row = side - 1 - row;
    return (o & 4 ? column * side + row : row * side + column) * channels + channel;
}

}  // namespace qvit::inline QVIT_ABI
