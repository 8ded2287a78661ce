// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <qvit/core/config.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/md5.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Lengths are in sixteenths of a pixel: all arithmetic is on integers, so that every machine draws the same bytes.
inline constexpr int lesion_side = 28, lesion_unit = 16;

/// A line segment, brightest (or darkest) along its middle.
struct lesion_streak {
    static constexpr int half_length = 96, half_width = 22;
    int x, y;
    int along_x, along_y;  ///< its direction, about lesion_unit long
    int strength;          ///< added to all channels on the middle line

    [[nodiscard]] int added_at(int px, int py) const {
        const int dx = px - x, dy = py - y;
        const int along = (dx * along_x + dy * along_y) / lesion_unit;
        const int across = (dx * along_y - dy * along_x) / lesion_unit;
        const int distance = across < 0 ? -across : across;
        if (along > half_length || along < -half_length || distance > half_width) return 0;
        return strength * (half_width - distance) / half_width;
    }
};

/// A uniform integer of low, ..., high.
inline int drawn(random_stream& draw, int low, int high) {
    return low + static_cast<int>(draw.below(static_cast<std::uint32_t>(high - low + 1)));
}

/// Draws one 28 x 28 x 3 image: a disc of random colour under uneven light, and twelve streaks in one direction.
inline void draw_lesions(random_stream draw, std::size_t label, std::span<std::uint8_t> pixels) {
    constexpr int unit = lesion_unit, side = lesion_side;
    constexpr int directions[4][2] = {{16, 0}, {0, 16}, {11, -11}, {11, 11}};
    const int centre_x = drawn(draw, 13 * unit, 15 * unit), centre_y = drawn(draw, 13 * unit, 15 * unit);
    const int radius = drawn(draw, 12 * unit, 14 * unit), radius_2 = radius * radius;
    std::array<int, 3> base = {155, 105, 75};
    for (int& channel : base) channel += drawn(draw, -25, 25);
    const int slope_x = drawn(draw, -4, 4), slope_y = drawn(draw, -4, 4);

    std::array<lesion_streak, 12> streaks;
    for (lesion_streak& streak : streaks) {
        int dx = 0, dy = 0;
        do {
            dx = drawn(draw, -radius, radius);
            dy = drawn(draw, -radius, radius);
        } while (dx * dx + dy * dy > radius_2 * 3 / 4);
        const int strength = drawn(draw, 70, 100);
        // Bright or dark by chance: no weighting of the pixels then tells the classes apart, as their means are equal.
        const int sign = draw.below(2) == 0 ? -1 : 1;
        streak = {centre_x + dx, centre_y + dy, directions[label][0], directions[label][1], sign * strength};
    }

    auto pixel = pixels.begin();
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const int px = x * unit + unit / 2, py = y * unit + unit / 2;
            const int dx = px - centre_x, dy = py - centre_y, distance_2 = dx * dx + dy * dy;
            const int light = 256 + (slope_x * dx + slope_y * dy) / unit - 64 * distance_2 / radius_2;
            int added = 0;
            for (const lesion_streak& streak : streaks) added += streak.added_at(px, py);
            for (const int colour : base) {
                const int value = (distance_2 <= radius_2 ? colour * light / 256 + added : 8) + drawn(draw, -8, 8);
                *pixel++ = static_cast<std::uint8_t>(std::clamp(value, 0, 255));
            }
        }
}
}  // namespace detail

/// A drawn image set that needs no file: 1080/120/400 images, 28 x 28 x 3, four classes of equal size.
///
/// An image is a fundus-like disc with short bright and dark streaks; its class is the direction in which they run.
/// Place, colour, light and the sign of each streak are random, so the class is in the texture and not in any pixel:
/// a linear classifier of the pixels reaches .34 on test, a 900-parameter QViT .66 +- .08 (torch oracle, 4 channels,
/// mean pooling, lr 1e-2, 60 epochs, 3 seeds); guessing is .25. It is synthetic: for demonstrations and tests only.
/// Cost: about .2 s and 4 MB. The same seed gives the same bytes on every machine (`md5` is over the three splits'
/// pixels, then labels). Never fails.
///
///     const qvit::dataset set = qvit::synthetic_dataset();
[[nodiscard]] inline dataset synthetic_dataset(std::uint64_t seed = 0) {
    constexpr std::uint32_t stream = 0x73796e74;  // "synt"
    dataset set;
    set.name = "synthetic-lesions";
    set.kind = task::multi_class;
    set.height = set.width = detail::lesion_side;
    set.channels = 3;
    set.label_names = {"horizontal", "vertical", "rising", "falling"};
    set.classes = set.label_names.size();
    set.synthetic = true;
    md5 digest;
    std::uint32_t part = 0;
    for (const auto& [split, count] :
         {std::pair(&set.train, std::size_t{1080}), std::pair(&set.validation, std::size_t{120}),
          std::pair(&set.test, std::size_t{400})}) {
        split->pixels.resize(count * set.image_bytes());
        for (std::size_t image = 0; image < count; ++image) {
            const std::size_t label = image % set.classes;
            split->labels.push_back(static_cast<std::uint8_t>(label));
            detail::draw_lesions(random_stream(seed, stream, part, static_cast<std::uint32_t>(image)), label,
                                 std::span(split->pixels).subspan(image * set.image_bytes(), set.image_bytes()));
        }
        digest.add(std::as_bytes(std::span(split->pixels)));
        digest.add(std::as_bytes(std::span(split->labels)));
        ++part;
    }
    set.md5 = digest.hex();
    return set;
}

}  // namespace qvit::inline QVIT_ABI
