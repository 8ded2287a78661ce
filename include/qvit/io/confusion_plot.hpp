// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/plot_area.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/picture.hpp>

namespace qvit::inline QVIT_ABI {

/// How often each class was taken for each: `counts` is classes x classes, rows the truth, columns the answers.
struct confusion_counts {
    std::vector<std::string> classes;
    std::vector<std::size_t> counts;
};

/// A confusion matrix: each cell's count and its share of the row, which is also its colour.
///
/// Cost: linear in the cells. Fails: std::invalid_argument where counts are not classes x classes.
///
///     qvit::confusion_plot({{"benign", "malignant"}, {110, 4, 9, 33}});
[[nodiscard]] inline picture confusion_plot(const confusion_counts& matrix,
                                            const std::string& title = "Confusion matrix") {
    const std::size_t n = matrix.classes.size();
    if (matrix.counts.size() != n * n)
        throw std::invalid_argument("confusion_plot: " + std::to_string(n) + " classes and " +
                                    std::to_string(matrix.counts.size()) + " counts");
    constexpr double widest_name = 170;
    std::vector<std::string> names;
    double name_width = 0;
    for (const std::string& name : matrix.classes) {
        names.push_back(fitted_text(name, detail::tick_size, widest_name));
        name_width = std::max(name_width, text_width(names.back(), detail::tick_size));
    }
    const double cell = n <= 5 ? 66 : n <= 9 ? 56 : 46;
    const bool turned = name_width > cell - 4;
    const double side = cell * static_cast<double>(n), left = 1.1 * name_width + 48, top = 44;
    const double below = turned ? name_width * 0.78 + 26 : 24;
    // Names that are turned reach out to the left of their cells.
    picture drawing{.title = title, .width = left + side + 20, .height = top + side + below + 26};
    const auto text = [&](point at, const std::string& content, double size, text_anchor anchor, double angle = 0,
                          rgb colour = detail::plot_ink) {
        drawing.add(text_shape{.at = at,
                               .text = content,
                               .size = size,
                               .anchor = anchor,
                               .turned = angle,
                               .colour = colour,
                               .bold = size == detail::title_size});
    };
    text({drawing.width / 2, 24}, title, detail::title_size, text_anchor::middle);
    for (std::size_t row = 0; row < n; ++row) {
        const std::span<const std::size_t> counts(matrix.counts.data() + row * n, n);
        const auto total = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
        const double y = top + cell * static_cast<double>(row);
        text({left - 8, y + cell / 2 + 4}, names[row], detail::tick_size, text_anchor::end);
        for (std::size_t column = 0; column < n; ++column) {
            const double share = total > 0 ? static_cast<double>(counts[column]) / total : 0;
            const double x = left + cell * static_cast<double>(column);
            drawing.add(
                box_shape{{x, y}, cell - 1.5, cell - 1.5, mixed({246, 246, 246}, share_colour(share), share > 0)});
            const rgb ink = share > 0.66 ? rgb{255, 255, 255} : detail::plot_ink;
            text({x + cell / 2, y + cell / 2}, std::to_string(counts[column]), n <= 9 ? 13 : 11.5, text_anchor::middle,
                 0, ink);
            text({x + cell / 2, y + cell / 2 + 15}, number_text(100 * share, 0) + "%", 10.5, text_anchor::middle, 0,
                 ink);
        }
    }
    for (std::size_t column = 0; column < n; ++column) {
        const double x = left + cell * (static_cast<double>(column) + 0.5), y = top + side + 16;
        if (turned)
            text({x + 4, y}, names[column], detail::tick_size, text_anchor::end, 45);
        else
            text({x, y}, names[column], detail::tick_size, text_anchor::middle);
    }
    text({left + side / 2, drawing.height - 8}, "answer", detail::label_size, text_anchor::middle);
    text({18, top + side / 2}, "truth", detail::label_size, text_anchor::middle, 90);
    return drawing;
}

}  // namespace qvit::inline QVIT_ABI
