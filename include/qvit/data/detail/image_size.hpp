// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include <qvit/data/input_file.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
inline constexpr std::uint64_t largest_image_side = 16384;

/// Refuses what a header declares before any room is made for it.
inline void check_image_size(const input_file& file, std::uint64_t height, std::uint64_t width) {
    if (height == 0 || width == 0 || height > largest_image_side || width > largest_image_side)
        file.fail("has an image of " + std::to_string(width) + " x " + std::to_string(height) +
                  " pixels, expected 1 x 1 to " + std::to_string(largest_image_side) + " x " +
                  std::to_string(largest_image_side));
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
