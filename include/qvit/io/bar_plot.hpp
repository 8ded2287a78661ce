// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/plot_area.hpp>
#include <qvit/io/line_plot.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/picture.hpp>

namespace qvit::inline QVIT_ABI {

/// Bars of one colour, one per group; `spread` is empty or half the length of each error bar.
struct bar_series {
    std::string name;
    std::vector<double> values;
    std::vector<double> spread{};
};

/// What bar_plot draws.
struct bar_chart {
    std::string title{}, y_label{};
    std::vector<std::string> groups{};
    std::vector<bar_series> series{};
    std::optional<axis_range> y_range{};
    int places = 3;  ///< of the number above each bar
};

/// Bars side by side in groups, such as scores of models on data sets, with their numbers and error bars.
///
/// A value that is not finite has no bar. Cost: linear in the bars.
/// Fails: std::invalid_argument for a series without a value, or with a spread, per group.
///
///     qvit::bar_plot({.title = "AUC", .y_label = "AUC", .groups = {"retina"}, .series = {{"qvit4", {.74}, {.01}}}});
[[nodiscard]] inline picture bar_plot(const bar_chart& chart) {
    double low = 0, high = 0;
    std::vector<std::string> names;
    for (const bar_series& bars : chart.series) {
        const bool spread = !bars.spread.empty();
        if (bars.values.size() != chart.groups.size() || (spread && bars.spread.size() != chart.groups.size()))
            throw std::invalid_argument("bar_plot: " + bars.name + " has " + std::to_string(bars.values.size()) +
                                        " values for " + std::to_string(chart.groups.size()) + " groups");
        for (std::size_t i = 0; i < bars.values.size(); ++i) {
            if (!std::isfinite(bars.values[i])) continue;
            low = std::min(low, bars.values[i] - (spread ? bars.spread[i] : 0));
            high = std::max(high, bars.values[i] + (spread ? bars.spread[i] : 0));
        }
        names.push_back(fitted_text(bars.name, detail::tick_size, 180));
    }
    const axis_range y = chart.y_range.value_or(axis_range{1.1 * low, low == high ? 1 : 1.1 * high});
    const double number_width = text_width("0.", 10.5) + text_width("0", 10.5) * chart.places + 6;
    const double bar =
        std::clamp(240 / static_cast<double>(1 + chart.groups.size() * names.size()), number_width, 60.0);
    const double group = bar * static_cast<double>(std::max<std::size_t>(names.size(), 1)) + 24;
    const double count = static_cast<double>(std::max<std::size_t>(chart.groups.size(), 1));
    double longest = 0;
    for (const std::string& name : chart.groups) longest = std::max(longest, text_width(name, detail::tick_size));
    const bool turned = longest > group - 6;
    const bool legend = names.size() > 1;
    detail::plot_area area(chart.title, {"", 0, count, {}}, {chart.y_label, y.low, y.high, axis_ticks(y.low, y.high)},
                           count * group, 260, legend ? detail::legend_width(names) : 0);
    for (std::size_t g = 0; g < chart.groups.size(); ++g) {
        const double middle = static_cast<double>(g) + 0.5;
        for (std::size_t s = 0; s < names.size(); ++s) {
            const double value = chart.series[s].values[g];
            if (!std::isfinite(value)) continue;
            const double left =
                area.at(middle, 0).x + bar * (static_cast<double>(s) - static_cast<double>(names.size()) / 2);
            const double top = area.at(0, std::clamp(std::max(value, 0.0), y.low, y.high)).y;
            const double bottom = area.at(0, std::clamp(std::min(value, 0.0), y.low, y.high)).y;
            area.drawing().add(box_shape{{left + 1, top}, bar - 2, bottom - top, series_colour(s)});
            double above = top;
            if (!chart.series[s].spread.empty()) {
                const double half = chart.series[s].spread[g], x = left + bar / 2;
                const point a = area.at(0, std::min(value + half, y.high)),
                            b = area.at(0, std::max(value - half, y.low));
                area.line({{x, a.y}, {x, b.y}}, detail::plot_ink, 1.3);
                area.line({{x - 4, a.y}, {x + 4, a.y}}, detail::plot_ink, 1.3);
                area.line({{x - 4, b.y}, {x + 4, b.y}}, detail::plot_ink, 1.3);
                above = std::min(above, a.y);
            }
            area.text({left + bar / 2, above - 5}, number_text(value, chart.places), 10.5, text_anchor::middle);
        }
        const point under = area.at(middle, y.low);
        const std::string name = fitted_text(chart.groups[g], detail::tick_size, 150);
        area.text({under.x + (turned ? 4 : 0), under.y + 18}, name, detail::tick_size,
                  turned ? text_anchor::end : text_anchor::middle, turned ? 35 : 0);
    }
    for (std::size_t s = 0; legend && s < names.size(); ++s) area.legend(s, names[s], series_colour(s), false, true);
    if (turned) {  // room for the names
        area.drawing().height += std::min(longest, 150.0) * 0.57;
        const double reach = std::min(longest, 150.0) * 0.82 - area.at(0.5, 0).x;
        if (reach > 0) {
            picture wider{.title = chart.title, .width = 0, .height = 0};
            picture inner = area.finished();
            wider.width = inner.width + reach;
            wider.height = inner.height;
            wider.add(std::move(inner), reach, 0);
            return wider;
        }
    }
    return area.finished();
}

}  // namespace qvit::inline QVIT_ABI
