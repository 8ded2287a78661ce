// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/plot_area.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/picture.hpp>
#include <qvit/io/plot_colours.hpp>

namespace qvit::inline QVIT_ABI {

/// Weights over a grid of patches, rows x columns, not negative: the row of an attention matrix, or rollout.
struct attention_heat {
    std::string caption;
    std::size_t rows = 0, columns = 0;
    std::vector<double> weights;
};

/// An image with attention as heat over its grey version: the largest weight is the brightest, none is the grey image.
///
/// Weights between patch centres are interpolated; what is no number is no weight. Out: the image, `scale` pixels to
/// each of its own. Cost: linear in the pixels. Fails: std::invalid_argument for a map whose weights are not rows x
/// columns, or an image without pixels.
///
///     qvit::write_png("head0.png", qvit::heat_overlay(image, {"head 0", 4, 4, weights}, 8));
[[nodiscard]] inline rgb_image heat_overlay(const rgb_image& image, const attention_heat& map, std::size_t scale = 4) {
    if (map.weights.empty() || map.weights.size() != map.rows * map.columns || image.pixels.empty())
        throw std::invalid_argument("heat_overlay: expected an image and " + std::to_string(map.rows) + " x " +
                                    std::to_string(map.columns) + " weights, found " +
                                    std::to_string(map.weights.size()));
    double largest = 0;
    for (const double weight : map.weights)
        if (std::isfinite(weight)) largest = std::max(largest, weight);
    rgb_image heat(image.width * scale, image.height * scale);
    // Between which two patches a pixel lies, and how far.
    const auto place = [](std::size_t at, std::size_t size, std::size_t patches) {
        const double share = (static_cast<double>(at) + 0.5) / static_cast<double>(size);
        return std::clamp(share * static_cast<double>(patches) - 0.5, 0.0, static_cast<double>(patches - 1));
    };
    for (std::size_t y = 0; y < heat.height; ++y)
        for (std::size_t x = 0; x < heat.width; ++x) {
            const double v = place(y, heat.height, map.rows), u = place(x, heat.width, map.columns);
            const auto row = static_cast<std::size_t>(v), column = static_cast<std::size_t>(u);
            const auto weight = [&](std::size_t r, std::size_t c) {
                return map.weights[std::min(r, map.rows - 1) * map.columns + std::min(c, map.columns - 1)];
            };
            const double dv = v - static_cast<double>(row), du = u - static_cast<double>(column);
            const double value = (1 - dv) * ((1 - du) * weight(row, column) + du * weight(row, column + 1)) +
                                 dv * ((1 - du) * weight(row + 1, column) + du * weight(row + 1, column + 1));
            const double share = largest > 0 && std::isfinite(value) ? std::clamp(value / largest, 0.0, 1.0) : 0;
            const rgb pixel = image.at(x / scale, y / scale);
            const auto grey =
                static_cast<std::uint8_t>((299 * pixel.red + 587 * pixel.green + 114 * pixel.blue) / 1000);
            heat.at(x, y) = mixed({grey, grey, grey}, heat_colour(share), 0.7 * std::sqrt(share));
        }
    return heat;
}

/// The image and its attention maps in rows of `columns`, each with its caption, and the scale of the heat.
///
/// Cost and failures are heat_overlay's.
///
///     qvit::attention_plot("Attention of the class token", image, maps);
[[nodiscard]] inline picture attention_plot(const std::string& title, const rgb_image& image,
                                            const std::vector<attention_heat>& maps, std::size_t columns = 5) {
    constexpr double side = 128, gap = 14, caption = 22, top = 40;
    const std::size_t cells = maps.size() + 1, rows = (cells + columns - 1) / columns;
    const double across = static_cast<double>(std::max(std::min(cells, columns), std::size_t{3}));
    picture drawing{.title = title,
                    .width = gap + across * (side + gap),
                    .height = top + static_cast<double>(rows) * (side + caption) + 44};
    const auto text = [&](point at, const std::string& content, double size, text_anchor anchor) {
        drawing.add(text_shape{.at = at,
                               .text = content,
                               .size = size,
                               .anchor = anchor,
                               .colour = detail::plot_ink,
                               .bold = size == detail::title_size});
    };
    text({gap, 24}, fitted_text(title, detail::title_size, drawing.width - 2 * gap), detail::title_size,
         text_anchor::start);
    for (std::size_t i = 0; i < cells; ++i) {
        const double x = gap + static_cast<double>(i % columns) * (side + gap);
        const double y = top + static_cast<double>(i / columns) * (side + caption);
        drawing.add(image_shape{{x, y}, side, side, i == 0 ? image : heat_overlay(image, maps[i - 1])});
        text({x + side / 2, y + side + 15},
             fitted_text(i == 0 ? "image" : maps[i - 1].caption, detail::tick_size, side), detail::tick_size,
             text_anchor::middle);
    }
    rgb_image bar(64, 1);
    for (std::size_t x = 0; x < bar.width; ++x) bar.at(x, 0) = heat_colour(static_cast<double>(x) / 63);
    const double y = drawing.height - 26;
    text({gap, y + 11}, "no attention", detail::tick_size, text_anchor::start);
    drawing.add(image_shape{{gap + 84, y}, 120, 13, bar});
    text({gap + 214, y + 11}, "each map's largest", detail::tick_size, text_anchor::start);
    return drawing;
}

}  // namespace qvit::inline QVIT_ABI
