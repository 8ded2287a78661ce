// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/line_plot.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/picture.hpp>

namespace qvit::inline QVIT_ABI {

/// A ROC curve to be drawn, one class against the rest: points from (0, 0) to (1, 1) and the area under them.
struct roc_line {
    std::string name;
    double auc = 0;
    std::vector<double> false_positive_rate, true_positive_rate;
};

/// ROC curves in a square, with the diagonal of a guess and the areas in the legend.
///
/// Cost and failures are line_plot's.
///
///     qvit::roc_plot({{"malignant", .91, fpr, tpr}});
[[nodiscard]] inline picture roc_plot(const std::vector<roc_line>& curves, const std::string& title = "ROC curves") {
    line_chart chart{.title = title,
                     .x_label = "false positive rate",
                     .y_label = "true positive rate",
                     .lines = {},
                     .x_range = axis_range{0, 1},
                     .y_range = axis_range{0, 1},
                     .guide = line_series{"a guess (0.500)", {0, 1}, {0, 1}},
                     .width = 320,
                     .height = 320};
    for (const roc_line& curve : curves) {
        const std::string area = " (" + number_text(curve.auc, 3) + ")";
        chart.lines.push_back({fitted_text(curve.name, detail::tick_size, 180) + area, curve.false_positive_rate,
                               curve.true_positive_rate});
    }
    return line_plot(chart);
}

}  // namespace qvit::inline QVIT_ABI
