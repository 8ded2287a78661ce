// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/picture.hpp>
#include <qvit/io/rgb_image.hpp>
#include <qvit/io/stroke_font.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// The parts of a line that a dashed pen draws: 6 on, 4 off.
inline std::vector<std::vector<point>> dashes(const std::vector<point>& line) {
    std::vector<std::vector<point>> parts;
    double left = 6;
    bool on = true;
    for (std::size_t i = 0; i + 1 < line.size(); ++i) {
        const point a = line[i], b = line[i + 1];
        const double length = std::hypot(b.x - a.x, b.y - a.y);
        if (on) parts.push_back({a});
        for (double done = 0; done < length;) {
            const double step = std::min(left, length - done);
            done += step;
            left -= step;
            const point p{a.x + (b.x - a.x) * done / length, a.y + (b.y - a.y) * done / length};
            if (on) parts.back().push_back(p);
            if (left <= 0) {
                on = !on;
                left = on ? 6 : 4;
                if (on) parts.push_back({p});
            }
        }
    }
    return parts;
}

/// Draws on pixels, with edges smoothed by how much of a pixel a shape covers. Coordinates are pixels.
class raster_pen {
  public:
    explicit raster_pen(rgb_image& image) : image_(image), covered_(image.pixels.size(), 0.F) {}

    /// All strokes of one pen: where they cross, nothing is painted twice.
    void strokes(const std::vector<std::vector<point>>& lines, double width, rgb colour) {
        for (const auto& line : lines)
            for (std::size_t i = 0; i < line.size(); ++i)
                if (i + 1 < line.size() || line.size() == 1)
                    segment(line[i], line[std::min(i + 1, line.size() - 1)], width / 2);
        for (const std::size_t pixel : touched_) blend(pixel, colour, std::exchange(covered_[pixel], 0.F));
        touched_.clear();
    }

    void box(double left, double top, double right, double bottom, rgb colour, double opacity) {
        const auto share = [](double from, double to, std::size_t at) {
            const double a = static_cast<double>(at);
            return std::clamp(std::min(to, a + 1) - std::max(from, a), 0.0, 1.0);
        };
        const auto [x0, x1] = range(left, right, image_.width);
        const auto [y0, y1] = range(top, bottom, image_.height);
        for (std::size_t y = y0; y < y1; ++y)
            for (std::size_t x = x0; x < x1; ++x)
                blend(y * image_.width + x, colour, opacity * share(left, right, x) * share(top, bottom, y));
    }

    void image(const rgb_image& from, double left, double top, double width, double height) {
        const auto [x0, x1] = range(left + 0.5, left + width - 0.5, image_.width);
        const auto [y0, y1] = range(top + 0.5, top + height - 0.5, image_.height);
        const auto source = [](std::size_t at, double begin, double length, std::size_t count) {
            const double share = (static_cast<double>(at) + 0.5 - begin) / length;
            return static_cast<std::size_t>(std::clamp(share, 0.0, 0.999999) * static_cast<double>(count));
        };
        if (from.pixels.empty()) return;
        for (std::size_t y = y0; y < y1; ++y)
            for (std::size_t x = x0; x < x1; ++x)
                image_.at(x, y) = from.at(source(x, left, width, from.width), source(y, top, height, from.height));
    }

  private:
    /// The pixels between two coordinates, inside the image.
    static std::pair<std::size_t, std::size_t> range(double from, double to, std::size_t size) {
        const auto inside = [&](double at) {  // 0 also for what is no number
            return !(at > 0) ? 0 : at < static_cast<double>(size) ? static_cast<std::size_t>(at) : size;
        };
        return {inside(std::floor(from)), inside(std::ceil(to))};
    }

    void blend(std::size_t pixel, rgb colour, double share) {
        if (share > 0) image_.pixels[pixel] = mixed(image_.pixels[pixel], colour, share);
    }

    void segment(point a, point b, double radius) {
        const double reach = radius + 1;
        const auto [x0, x1] = range(std::min(a.x, b.x) - reach, std::max(a.x, b.x) + reach, image_.width);
        const auto [y0, y1] = range(std::min(a.y, b.y) - reach, std::max(a.y, b.y) + reach, image_.height);
        const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
        for (std::size_t y = y0; y < y1; ++y)
            for (std::size_t x = x0; x < x1; ++x) {
                const double px = static_cast<double>(x) + 0.5 - a.x, py = static_cast<double>(y) + 0.5 - a.y;
                const double t = square > 0 ? std::clamp((px * dx + py * dy) / square, 0.0, 1.0) : 0.0;
                const double distance = std::hypot(px - t * dx, py - t * dy);
                const auto cover = static_cast<float>(std::clamp(radius + 0.5 - distance, 0.0, 1.0));
                float& old = covered_[y * image_.width + x];
                if (!(cover > old)) continue;
                if (old == 0.F) touched_.push_back(y * image_.width + x);
                old = cover;
            }
    }

    rgb_image& image_;
    std::vector<float> covered_;  // by the strokes so far, in [0, 1]
    std::vector<std::size_t> touched_;
};
}  // namespace detail

/// A picture as pixels on white, `scale` pixels to its unit.
///
/// Cost: about a nanosecond for each pixel that a shape's lines touch. Fails only where memory does; what lies outside,
/// or at no number, is cut off.
///
///     qvit::write_png("curves.png", qvit::rasterized(picture));
[[nodiscard]] inline rgb_image rasterized(const picture& drawing, double scale = 2) {
    rgb_image image(static_cast<std::size_t>(std::ceil(drawing.width * scale)),
                    static_cast<std::size_t>(std::ceil(drawing.height * scale)), {255, 255, 255});
    detail::raster_pen pen(image);
    const auto scaled = [&](std::vector<std::vector<point>> lines) {
        for (auto& line : lines)
            for (point& p : line) p = {p.x * scale, p.y * scale};
        return lines;
    };
    const auto one = [](std::vector<point> line) { return std::vector<std::vector<point>>(1, std::move(line)); };
    for (const auto& any : drawing.shapes) {
        if (const auto* line = std::get_if<line_shape>(&any))
            pen.strokes(scaled(line->dashed ? detail::dashes(line->points) : one(line->points)), line->width * scale,
                        line->colour);
        if (const auto* box = std::get_if<box_shape>(&any))
            pen.box(box->corner.x * scale, box->corner.y * scale, (box->corner.x + box->width) * scale,
                    (box->corner.y + box->height) * scale, box->colour, box->opacity);
        if (const auto* disc = std::get_if<disc_shape>(&any))
            pen.strokes(scaled(one({disc->centre})), 2 * disc->radius * scale, disc->colour);
        if (const auto* part = std::get_if<image_shape>(&any))
            pen.image(part->pixels, part->corner.x * scale, part->corner.y * scale, part->width * scale,
                      part->height * scale);
        if (const auto* text = std::get_if<text_shape>(&any)) {
            auto lines = text_strokes(text->text);
            const double angle = text->turned * std::numbers::pi / 180, c = std::cos(angle), s = std::sin(angle);
            const double width = text_width(text->text, text->size);
            const double back = text->anchor == text_anchor::start    ? 0
                                : text->anchor == text_anchor::middle ? width / 2
                                                                      : width;
            for (auto& line : lines)
                for (point& p : line) {
                    const double along = p.x * text->size - back, up = p.y * text->size;
                    p = {text->at.x + c * along - s * up, text->at.y - s * along - c * up};
                }
            pen.strokes(scaled(std::move(lines)), text->size * scale * (text->bold ? 0.115 : 0.08), text->colour);
        }
    }
    return image;
}

}  // namespace qvit::inline QVIT_ABI
