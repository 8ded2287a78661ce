// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>

#include <qvit/data/image_view.hpp>
#include <qvit/data/normalisation.hpp>

namespace qvit::inline QVIT_ABI {

/// Writes one image as a view shows it, side x side x channels numbers of 0 .. 255, row-major.
///
/// `partner` is the image of view.partner, read only where view.share is not 1. What is covered gets the mean of
/// `norm`, which a model sees as 0. `scratch` has room for one image. The same bits whatever is shown beside it; a view
/// that only turns gives the bytes themselves. Cost: about 4 ns per byte, most of it for moved or rotated images.
///
///     show_image(pixels, {}, 28, 3, image_view{.rotation = 0.1f}, {}, scratch, shown);
inline void show_image(std::span<const std::uint8_t> image, std::span<const std::uint8_t> partner, std::size_t side,
                       std::size_t channels, const image_view& view, const normalisation& norm,
                       std::span<float> scratch, std::span<float> out) {
    for (std::size_t i = 0; i < image.size(); ++i) scratch[i] = static_cast<float>(image[i]);
    if (view.share != 1)
        for (std::size_t i = 0; i < image.size(); ++i)
            scratch[i] = view.share * scratch[i] + (1 - view.share) * static_cast<float>(partner[i]);

    // Where a pixel comes from: back by the move, back by the rotation, then through the orientation.
    const float cosine = static_cast<float>(std::cos(static_cast<double>(view.rotation)));
    const float sine = static_cast<float>(std::sin(static_cast<double>(view.rotation)));
    const float last = static_cast<float>(side - 1), centre = last / 2;
    for (std::size_t row = 0; row < side; ++row)
        for (std::size_t column = 0; column < side; ++column) {
            const float y = static_cast<float>(row) - static_cast<float>(view.down) - centre;
            const float x = static_cast<float>(column) - static_cast<float>(view.right) - centre;
            float from_row = std::clamp(x * sine + y * cosine + centre, 0.0f, last);
            float from_column = std::clamp(x * cosine - y * sine + centre, 0.0f, last);
            if (view.orientation & 1) from_column = last - from_column;
            if (view.orientation & 2) from_row = last - from_row;
            if (view.orientation & 4) std::swap(from_row, from_column);
            const auto top = static_cast<std::size_t>(from_row), left = static_cast<std::size_t>(from_column);
            const std::size_t bottom = std::min(top + 1, side - 1), right = std::min(left + 1, side - 1);
            const float below = from_row - static_cast<float>(top), beside = from_column - static_cast<float>(left);
            for (std::size_t k = 0; k < channels; ++k) {
                const auto at = [&](std::size_t r, std::size_t c) { return scratch[(r * side + c) * channels + k]; };
                const float upper = at(top, left) + beside * (at(top, right) - at(top, left));
                const float lower = at(bottom, left) + beside * (at(bottom, right) - at(bottom, left));
                out[(row * side + column) * channels + k] = upper + below * (lower - upper);
            }
        }

    if (view.brightness != 1)
        for (float& value : out) value = std::clamp(view.brightness * value, 0.0f, 255.0f);
    if (view.contrast != 1) {
        double sum = 0;
        for (const float value : out) sum += static_cast<double>(value);
        const auto mean = static_cast<float>(sum / static_cast<double>(out.size()));
        for (float& value : out) value = std::clamp(mean + view.contrast * (value - mean), 0.0f, 255.0f);
    }
    const auto inside = [&](int place) {
        return static_cast<std::size_t>(std::clamp(place, 0, static_cast<int>(side)));
    };
    for (std::size_t row = inside(view.cover_row); row < inside(view.cover_row + view.cover_side); ++row)
        for (std::size_t column = inside(view.cover_column); column < inside(view.cover_column + view.cover_side);
             ++column)
            for (std::size_t k = 0; k < channels; ++k)
                out[(row * side + column) * channels + k] = static_cast<float>(norm.mean[k] * 255);
}

}  // namespace qvit::inline QVIT_ABI
