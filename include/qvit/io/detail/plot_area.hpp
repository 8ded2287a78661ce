// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/axis_ticks.hpp>
#include <qvit/io/picture.hpp>
#include <qvit/io/plot_colours.hpp>
#include <qvit/io/stroke_font.hpp>

namespace qvit::inline QVIT_ABI::detail {

inline constexpr rgb plot_ink{34, 34, 34}, plot_grey{110, 110, 110}, plot_grid{226, 226, 226};
inline constexpr double title_size = 15, label_size = 12.5, tick_size = 11.5;

/// One axis: what it measures, from where to where, and its marks.
struct plot_axis {
    std::string label;
    double low = 0, high = 1;
    std::vector<axis_tick> ticks{};
};

/// Begins a plot: title above, axes with ticks, grid and labels around an area of `width` x `height`, and room for a
/// legend on the right. Afterwards `at` says where in the picture a pair of numbers lies.
class plot_area {
  public:
    plot_area(std::string title, plot_axis x, plot_axis y, double width, double height, double legend_width = 0)
        : x_(std::move(x)), y_(std::move(y)), width_(width), height_(height) {
        double tick_width = 0;
        for (const axis_tick& tick : y_.ticks) tick_width = std::max(tick_width, text_width(tick.text, tick_size));
        left_ = tick_width + (y_.label.empty() ? 18 : 40);
        top_ = title.empty() ? 14 : 40;
        picture_.title = title;
        picture_.width = left_ + width + (legend_width > 0 ? legend_width + 22 : 18);
        picture_.height = top_ + height + (x_.label.empty() ? 28 : 50);
        const double middle = left_ + width / 2;
        if (!title.empty()) {
            // A title wider than the plot is moved in, one wider than the picture is cut.
            title = fitted_text(title, title_size, picture_.width - 12);
            const double half = text_width(title, title_size) / 2 + 6;
            const double centre = std::clamp(middle, std::min(half, picture_.width / 2),
                                             std::max(picture_.width - half, picture_.width / 2));
            picture_.add(text_shape{.at = {centre, 24},
                                    .text = title,
                                    .size = title_size,
                                    .anchor = text_anchor::middle,
                                    .colour = plot_ink,
                                    .bold = true});
        }
        for (const axis_tick& tick : x_.ticks) {
            const double at = this->at(tick.value, 0).x;
            line({{at, top_}, {at, top_ + height}}, plot_grid, 1);
            line({{at, top_ + height}, {at, top_ + height + 5}}, plot_grey, 1);
            text({at, top_ + height + 19}, tick.text, tick_size, text_anchor::middle);
        }
        for (const axis_tick& tick : y_.ticks) {
            const double at = this->at(0, tick.value).y;
            line({{left_, at}, {left_ + width, at}}, plot_grid, 1);
            line({{left_ - 5, at}, {left_, at}}, plot_grey, 1);
            text({left_ - 9, at + 4}, tick.text, tick_size, text_anchor::end);
        }
        text({middle, top_ + height + 41}, x_.label, label_size, text_anchor::middle);
        text({16, top_ + height / 2}, y_.label, label_size, text_anchor::middle, 90);
    }

    [[nodiscard]] point at(double x, double y) const {
        return {left_ + (x - x_.low) / (x_.high - x_.low) * width_,
                top_ + (y_.high - y) / (y_.high - y_.low) * height_};
    }
    [[nodiscard]] picture& drawing() { return picture_; }
    [[nodiscard]] double left() const { return left_; }
    [[nodiscard]] double top() const { return top_; }

    void line(std::vector<point> points, rgb colour, double width, bool dashed = false) {
        picture_.add(line_shape{.points = std::move(points), .colour = colour, .width = width, .dashed = dashed});
    }
    void text(point at, const std::string& content, double size, text_anchor anchor, double turned = 0) {
        if (!content.empty())
            picture_.add(text_shape{
                .at = at, .text = content, .size = size, .anchor = anchor, .turned = turned, .colour = plot_ink});
    }

    /// A name of the legend, right of the area.
    void legend(std::size_t row, const std::string& name, rgb colour, bool dashed, bool as_box) {
        const double x = left_ + width_ + 14, y = top_ + 10 + 20 * static_cast<double>(row);
        if (as_box)
            picture_.add(box_shape{.corner = {x + 8, y - 6}, .width = 12, .height = 12, .colour = colour});
        else
            line({{x, y}, {x + 22, y}}, colour, 2.5, dashed);
        text({x + 28, y + 4}, name, tick_size, text_anchor::start);
    }

    /// The lines around the area, last so that nothing covers them.
    picture finished() {
        line({{left_, top_}, {left_, top_ + height_}, {left_ + width_, top_ + height_}}, plot_grey, 1);
        return std::move(picture_);
    }

  private:
    plot_axis x_, y_;
    double width_, height_, left_ = 0, top_ = 0;
    picture picture_;
};

/// How much room the names of a legend take, with the sample of the line; a tenth more for another font.
inline double legend_width(const std::vector<std::string>& names) {
    double widest = 0;
    for (const std::string& name : names) widest = std::max(widest, text_width(name, tick_size));
    return 34 + 1.1 * widest;
}

}  // namespace qvit::inline QVIT_ABI::detail
