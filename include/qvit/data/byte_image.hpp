// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// One image of bytes, height x width x channels, row-major.
struct byte_image {
    std::size_t height = 0, width = 0, channels = 0;
    std::vector<std::uint8_t> pixels;
};

/// The square in the middle that is as wide as the shorter edge; where one pixel is too many, it is the last.
///
/// Cost: one copy. Never fails.
[[nodiscard]] inline byte_image centre_square(const byte_image& image) {
    const std::size_t side = std::min(image.height, image.width);
    const std::size_t top = (image.height - side) / 2, left = (image.width - side) / 2;
    byte_image square{side, side, image.channels, std::vector<std::uint8_t>(side * side * image.channels)};
    for (std::size_t row = 0; row < side; ++row)
        std::copy_n(image.pixels.data() + ((top + row) * image.width + left) * image.channels, side * image.channels,
                    square.pixels.data() + row * side * image.channels);
    return square;
}

}  // namespace qvit::inline QVIT_ABI
