// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/rgb_image.hpp>

namespace qvit::inline QVIT_ABI {

/// A place in a picture, from its upper left corner, in units of about a pixel.
struct point {
    double x = 0, y = 0;
};

/// Which part of a text stands at its place.
enum class text_anchor : std::uint8_t { start, middle, end };

struct line_shape {
    std::vector<point> points{};
    rgb colour{};
    double width = 1.5;
    bool dashed = false;
};
struct box_shape {
    point corner{};  ///< upper left
    double width = 0, height = 0;
    rgb colour{};
    double opacity = 1;
};
struct disc_shape {
    point centre{};
    double radius = 3;
    rgb colour{};
};
struct text_shape {
    point at{};  ///< on the baseline
    std::string text{};
    double size = 12;  ///< of the font; capitals are .7 of it
    text_anchor anchor = text_anchor::start;
    double turned = 0;  ///< degrees against the clock
    rgb colour{34, 34, 34};
    bool bold = false;
};
struct image_shape {
    point corner{};
    double width = 0, height = 0;
    rgb_image pixels{};
};

/// A drawing as data: shapes, the later ones over the earlier. Every plot of the library is a function that returns
/// one; `svg_text` makes it text that any browser shows at any size, `rasterized` makes it pixels.
///
///     qvit::picture p{.title = "A line", .width = 100, .height = 50};
///     p.add(qvit::line_shape{.points = {{0, 0}, {100, 50}}});
struct picture {
    std::string title{};  ///< read out by screen readers; not drawn
    double width = 0, height = 0;
    std::vector<std::variant<line_shape, box_shape, disc_shape, text_shape, image_shape>> shapes{};

    template <class Shape>
    void add(Shape shape) {
        shapes.emplace_back(std::move(shape));
    }

    /// All shapes of another picture, moved right and down.
    void add(picture part, double right, double down) {
        const auto move = [&](point& p) { p.x += right, p.y += down; };
        for (auto& any : part.shapes) {
            if (auto* line = std::get_if<line_shape>(&any))
                std::for_each(line->points.begin(), line->points.end(), move);
            if (auto* box = std::get_if<box_shape>(&any)) move(box->corner);
            if (auto* disc = std::get_if<disc_shape>(&any)) move(disc->centre);
            if (auto* text = std::get_if<text_shape>(&any)) move(text->at);
            if (auto* image = std::get_if<image_shape>(&any)) move(image->corner);
            shapes.push_back(std::move(any));
        }
    }
};

/// Pictures in rows of `columns`, each at the upper left of its cell.
[[nodiscard]] inline picture joined(std::vector<picture> parts, std::size_t columns, double gap = 16) {
    picture all;
    double right = 0, down = 0, row_height = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && i % columns == 0) right = 0, down += row_height + gap, row_height = 0;
        all.title += (i > 0 ? "; " : "") + parts[i].title;
        all.width = std::max(all.width, right + parts[i].width);
        all.height = std::max(all.height, down + parts[i].height);
        row_height = std::max(row_height, parts[i].height);
        const double at = std::exchange(right, right + parts[i].width + gap);
        all.add(std::move(parts[i]), at, down);
    }
    return all;
}

}  // namespace qvit::inline QVIT_ABI
