// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A colour: red, green, blue as a screen has them (sRGB).
struct rgb {
    std::uint8_t red = 0, green = 0, blue = 0;
    friend constexpr bool operator==(rgb, rgb) = default;
};

/// `share` of `b` over `a`, in [0, 1].
[[nodiscard]] constexpr rgb mixed(rgb a, rgb b, double share) {
    const auto mix = [&](std::uint8_t x, std::uint8_t y) {
        return static_cast<std::uint8_t>(x + (y - x) * share + 0.5);
    };
    return {mix(a.red, b.red), mix(a.green, b.green), mix(a.blue, b.blue)};
}

/// Pixels of a picture, row by row from the top.
///
///     qvit::rgb_image image(640, 400, {255, 255, 255});
///     image.at(x, y) = {0, 0, 0};
struct rgb_image {
    std::size_t width = 0, height = 0;
    std::vector<rgb> pixels;

    rgb_image() = default;
    rgb_image(std::size_t width_, std::size_t height_, rgb fill = {})
        : width(width_), height(height_), pixels(width_ * height_, fill) {}

    [[nodiscard]] rgb& at(std::size_t x, std::size_t y) { return pixels[y * width + x]; }
    [[nodiscard]] const rgb& at(std::size_t x, std::size_t y) const { return pixels[y * width + x]; }
};

}  // namespace qvit::inline QVIT_ABI
