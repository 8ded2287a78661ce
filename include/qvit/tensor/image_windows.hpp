// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// A window of this side has a place on a row or column of an image with its padding.
template <std::size_t Window, std::size_t PaddedExtent>
concept window_fits = (Window > 0 && Window <= PaddedExtent);

/// Where square steps of Stride put windows of KernelRows x KernelColumns on a padded image; what convolution, pooling
/// and patches have in common. `rows` x `columns` windows; positions are counted row by row.
template <std::size_t Rows, std::size_t Columns, std::size_t KernelRows, std::size_t KernelColumns, std::size_t Stride,
          std::size_t Padding>
struct image_windows {
    static constexpr std::size_t padded_rows = Rows + 2 * Padding;
    static constexpr std::size_t padded_columns = Columns + 2 * Padding;
    static constexpr bool fit =
        window_fits<KernelRows, padded_rows> && window_fits<KernelColumns, padded_columns> && Stride > 0;
    static constexpr std::size_t rows = fit ? (padded_rows - KernelRows) / (Stride > 0 ? Stride : 1) + 1 : 1;
    static constexpr std::size_t columns = fit ? (padded_columns - KernelColumns) / (Stride > 0 ? Stride : 1) + 1 : 1;
    static constexpr std::size_t positions = rows * columns;
    static constexpr std::size_t taps = KernelRows * KernelColumns;

    /// Where in a padded plane the window at a position begins, and where in it a tap lies from there.
    static constexpr std::size_t corner(std::size_t position) {
        return position / columns * Stride * padded_columns + position % columns * Stride;
    }
    static constexpr std::size_t offset(std::size_t tap) {
        return tap / KernelColumns * padded_columns + tap % KernelColumns;
    }
    /// Calls body(element of the unpadded plane) unless this tap of this window lies on the padding.
    static constexpr void if_inside(std::size_t position, std::size_t tap, auto&& body) {
        const std::size_t row = position / columns * Stride + tap / KernelColumns - Padding;  // wraps above the image
        const std::size_t column = position % columns * Stride + tap % KernelColumns - Padding;
        if (Padding == 0 || (row < Rows && column < Columns)) body(row * Columns + column);
    }
    /// The windows first ... last - 1 along an axis of `extent` pixels, of `count` in all, whose tap is on the image.
    struct range {
        std::size_t first;
        std::size_t last;
    };
    static constexpr range inside(std::size_t tap, std::size_t extent, std::size_t count) {
        const std::size_t first = tap >= Padding ? 0 : (Padding - tap + Stride - 1) / Stride;
        const std::size_t end = extent + Padding > tap ? (extent + Padding - tap - 1) / Stride + 1 : 0;
        return {first, end < count ? end : count};
    }
    /// The planes with their padding of zeros: `room` is filled, or without padding left alone and x itself returned.
    template <class S>
    static const S* padded(S* room, const S* x, std::size_t planes) {
        if constexpr (Padding == 0) {
            return x;
        } else {
            for (std::size_t i = 0; i < planes * padded_rows * padded_columns; ++i) room[i] = S(real_of<S>(0));
            for (std::size_t plane = 0; plane < planes; ++plane)
                for (std::size_t row = 0; row < Rows; ++row) {
                    S* to = room + (plane * padded_rows + row + Padding) * padded_columns + Padding;
                    for (std::size_t column = 0; column < Columns; ++column)
                        to[column] = x[(plane * Rows + row) * Columns + column];
                }
            return room;
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
