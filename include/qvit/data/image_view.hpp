// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How one image is shown to a model: as it is, or turned, moved, relit, covered in part, mixed with another.
///
/// In this order: mixed with `partner`, oriented (see oriented_index), rotated about its centre and moved, its
/// brightness and contrast changed, a square covered. A default view shows the image as it is.
///
///     const image_view upside_down{.orientation = 2};
struct image_view {
    std::uint8_t orientation = 0;
    std::int16_t down = 0, right = 0;  ///< pixels that the image is moved by; what is uncovered repeats the border
    float rotation = 0;                ///< radians, anticlockwise; bilinear
    float brightness = 1;              ///< factor of every byte, cut to 0 .. 255
    float contrast = 1;                ///< factor of the distance to the image's mean byte, cut to 0 .. 255
    std::int16_t cover_row = 0, cover_column = 0, cover_side = 0;  ///< the covered square; may stand out of the image
    std::uint32_t partner = 0;                                     ///< an image of the same split
    float share = 1;                                               ///< of this image; the partner has 1 - share

    /// Is it one of the eight orientations and nothing else? Such views only move bytes.
    [[nodiscard]] constexpr bool only_turns() const {
        return down == 0 && right == 0 && rotation == 0 && brightness == 1 && contrast == 1 && cover_side == 0 &&
               share == 1;
    }
    constexpr bool operator==(const image_view&) const = default;
};

}  // namespace qvit::inline QVIT_ABI
