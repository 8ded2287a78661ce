// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <qvit/data/image_view.hpp>
#include <qvit/data/normalisation.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// A number cut to 0 .. most.
inline float cut(float value, float most) {
    value = value < 0 ? 0 : value;
    return value > most ? most : value;
}

/// One plane of side x side numbers turned and moved by whole pixels.
inline void move_pixels(const image_view& view, std::size_t side, std::size_t channels, const float* plane,
                        float* out) {
    const auto size = static_cast<std::ptrdiff_t>(side);
    const auto source = [&](std::ptrdiff_t place, int shift, bool mirrored) {
        const std::ptrdiff_t inside = std::clamp<std::ptrdiff_t>(place - shift, 0, size - 1);
        return mirrored ? size - 1 - inside : inside;
    };
    const bool exchanged = (view.orientation & 4) != 0;
    const std::ptrdiff_t per_row = exchanged ? 1 : size, per_column = exchanged ? size : 1;
    for (std::ptrdiff_t row = 0; row < size; ++row) {
        const float* const line = plane + source(row, view.down, view.orientation & 2) * per_row;
        for (std::ptrdiff_t column = 0; column < size; ++column, out += channels)
            *out = line[source(column, view.right, view.orientation & 1) * per_column];
    }
}

/// Planes of side x side numbers turned, rotated and moved, between pixels by bilinear interpolation; side > 1.
inline void rotate_pixels(const image_view& view, std::size_t side, std::size_t channels, const float* planes,
                          float* out) {
    // Where a pixel comes from: back by the move, back by the rotation, then through the orientation.
    const float sine = static_cast<float>(std::sin(static_cast<double>(view.rotation)));
    const float cosine = static_cast<float>(std::cos(static_cast<double>(view.rotation)));
    std::array<float, 2> of_row{sine, cosine}, of_column{cosine, -sine};  // times (x, y)
    if (view.orientation & 1) of_column = {-of_column[0], -of_column[1]};
    if (view.orientation & 2) of_row = {-of_row[0], -of_row[1]};
    if (view.orientation & 4) std::swap(of_row, of_column);
    const float last = static_cast<float>(side - 1), centre = last / 2;
    const auto width = static_cast<std::int32_t>(side);

    // Some columns of a row at a time, in loops that become vector instructions.
    constexpr std::size_t part = 64;
    std::array<std::int32_t, part> corner;
    std::array<float, part> below, beside;
    for (std::size_t row = 0; row < side; ++row)
        for (std::size_t first = 0; first < side; first += part) {
            const std::size_t count = std::min(part, side - first);
            const float y = static_cast<float>(row) - static_cast<float>(view.down) - centre;
            const float left_x = static_cast<float>(first) - static_cast<float>(view.right) - centre;
            for (std::size_t i = 0; i < count; ++i) {
                const float x = left_x + static_cast<float>(static_cast<std::int32_t>(i));
                const float from_row = cut(x * of_row[0] + y * of_row[1] + centre, last);
                const float from_column = cut(x * of_column[0] + y * of_column[1] + centre, last);
                const std::int32_t top = std::min(static_cast<std::int32_t>(from_row), width - 2);
                const std::int32_t left = std::min(static_cast<std::int32_t>(from_column), width - 2);
                corner[i] = top * width + left;
                below[i] = from_row - static_cast<float>(top);
                beside[i] = from_column - static_cast<float>(left);
            }
            for (std::size_t k = 0; k < channels; ++k) {
                const float* const plane = planes + k * side * side;
                float* const line = out + (row * side + first) * channels + k;
                for (std::size_t i = 0; i < count; ++i) {
                    const float* const at = plane + corner[i];
                    const float upper = at[0] + beside[i] * (at[1] - at[0]);
                    const float lower = at[width] + beside[i] * (at[width + 1] - at[width]);
                    line[i * channels] = upper + below[i] * (lower - upper);
                }
            }
        }
}

/// The mean, summed in a fixed order by sixteen vector lanes.
inline float mean_of(std::span<const float> values) {
    std::array<float, 16> sums{};
    std::size_t i = 0;
    for (; i + 16 <= values.size(); i += 16)
        for (std::size_t lane = 0; lane < 16; ++lane) sums[lane] += values[i + lane];
    double sum = 0;
    for (; i < values.size(); ++i) sum += static_cast<double>(values[i]);
    for (const float lane : sums) sum += static_cast<double>(lane);
    return static_cast<float>(sum / static_cast<double>(values.size()));
}
}  // namespace detail

/// Writes one image as a view shows it, side x side x channels numbers of 0 .. 255, row-major.
///
/// `partner` is the image of view.partner, read only where view.share is not 1. What is covered gets the mean of
/// `norm`, which a model sees as 0. `scratch` has room for one image. The same bits whatever is shown beside it; a view
/// that only turns gives the bytes themselves. Cost: about 1.4 ns per byte, 2.6 with every
/// change at once (with ordered_images::load, AVX-512)
///
///     show_image(pixels, {}, 28, 3, image_view{.rotation = 0.1f}, {}, scratch, shown);
inline void show_image(std::span<const std::uint8_t> image, std::span<const std::uint8_t> partner, std::size_t side,
                       std::size_t channels, const image_view& view, const normalisation& norm,
                       std::span<float> scratch, std::span<float> out) {
    const std::size_t plane = side * side;
    for (std::size_t k = 0; k < channels; ++k)
        for (std::size_t i = 0; i < plane; ++i) scratch[k * plane + i] = static_cast<float>(image[i * channels + k]);
    if (const float share = view.share; share != 1)
        for (std::size_t k = 0; k < channels; ++k)
            for (std::size_t i = 0; i < plane; ++i)
                scratch[k * plane + i] =
                    share * scratch[k * plane + i] + (1 - share) * static_cast<float>(partner[i * channels + k]);

    if (view.rotation == 0 || side == 1)
        for (std::size_t k = 0; k < channels; ++k)
            detail::move_pixels(view, side, channels, scratch.data() + k * plane, out.data() + k);
    else
        detail::rotate_pixels(view, side, channels, scratch.data(), out.data());

    const float brightness = view.brightness, contrast = view.contrast;  // what `out` cannot alias
    if (brightness != 1)
        for (float& value : out) value = detail::cut(brightness * value, 255);
    if (contrast != 1) {
        const float mean = detail::mean_of(out);
        for (float& value : out) value = detail::cut(mean + contrast * (value - mean), 255);
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
