// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/plot_area.hpp>
#include <qvit/io/picture.hpp>

namespace qvit::inline QVIT_ABI {

/// One line of a plot. A point with a coordinate that is not finite is left out and breaks the line.
struct line_series {
    std::string name;
    std::vector<double> x, y;
};

/// From where to where an axis goes.
struct axis_range {
    double low = 0, high = 1;
};

/// What line_plot draws. Ranges that are not given are those of the points.
struct line_chart {
    std::string title{}, x_label{}, y_label{};
    std::vector<line_series> lines{};
    std::optional<axis_range> x_range{}, y_range{};
    std::optional<double> marked_x{};    ///< a dashed upright line, such as the best epoch
    bool whole_x = false;                ///< ticks of x at whole numbers only, such as epochs
    std::optional<line_series> guide{};  ///< a dashed grey line to compare with, such as a guess
    double width = 430, height = 270;    ///< of the area between the axes
};

namespace detail {
/// The range of all finite numbers, with a little room; [0, 1] where there are none.
inline axis_range range_of(const std::vector<line_series>& lines, std::vector<double> line_series::*coordinate,
                           double room) {
    double low = std::numeric_limits<double>::infinity(), high = -low;
    for (const line_series& line : lines)
        for (const double value : line.*coordinate)
            if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
    if (low > high) return {0, 1};
    if (low == high) return {low - (low == 0 ? 1 : std::abs(low) / 2), high + (low == 0 ? 1 : std::abs(low) / 2)};
    return {low - room * (high - low), high + room * (high - low)};
}
}  // namespace detail

/// Lines over an axis, such as the loss over epochs; a legend where there are several.
///
/// Cost: linear in the points. Fails: std::invalid_argument for a line whose x and y are of different lengths.
///
///     qvit::line_plot({.title = "Loss", .x_label = "epoch", .y_label = "loss", .lines = {{"training", epochs,
///     loss}}});
[[nodiscard]] inline picture line_plot(const line_chart& chart) {
    const auto x = chart.x_range.value_or(detail::range_of(chart.lines, &line_series::x, 0));
    const auto y = chart.y_range.value_or(detail::range_of(chart.lines, &line_series::y, 0.05));
    std::vector<std::string> names;
    const auto take = [&](const line_series& line) {
        if (line.x.size() != line.y.size())
            throw std::invalid_argument("line_plot: line " + line.name + " has " + std::to_string(line.x.size()) +
                                        " x and " + std::to_string(line.y.size()) + " y");
        names.push_back(fitted_text(line.name, detail::tick_size, 220));
    };
    for (const line_series& line : chart.lines) take(line);
    if (chart.guide) take(*chart.guide);
    const bool legend = names.size() > 1 || chart.guide;
    detail::plot_area area(chart.title, {chart.x_label, x.low, x.high, axis_ticks(x.low, x.high, 8, chart.whole_x)},
                           {chart.y_label, y.low, y.high, axis_ticks(y.low, y.high)}, chart.width,
                           std::max(chart.height, legend ? 20.0 * static_cast<double>(names.size()) : 0),
                           legend ? detail::legend_width(names) : 0);
    if (chart.marked_x && *chart.marked_x >= x.low && *chart.marked_x <= x.high)
        area.line({area.at(*chart.marked_x, y.low), area.at(*chart.marked_x, y.high)}, detail::plot_grey, 1.2, true);
    for (std::size_t i = 0; i < names.size(); ++i) {
        const bool guide = i == chart.lines.size();
        const line_series& line = guide ? *chart.guide : chart.lines[i];
        const rgb colour = guide ? detail::plot_grey : series_colour(i);
        const bool dashed = guide || i / 7 % 2 == 1;  // the colours come again
        std::vector<point> part;
        const auto draw = [&] {
            if (part.size() == 1) area.drawing().add(disc_shape{part[0], 3, colour});
            if (part.size() > 1) area.line(part, colour, guide ? 1.2 : 2, dashed);
            part.clear();
        };
        for (std::size_t k = 0; k < line.x.size(); ++k) {
            if (std::isfinite(line.x[k]) && std::isfinite(line.y[k]))
                part.push_back(area.at(std::clamp(line.x[k], x.low, x.high), std::clamp(line.y[k], y.low, y.high)));
            else
                draw();
        }
        draw();
        if (legend) area.legend(i, names[i], colour, dashed, false);
    }
    return area.finished();
}

}  // namespace qvit::inline QVIT_ABI
