// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/plot_area.hpp>
#include <qvit/io/number_text.hpp>
#include <qvit/io/picture.hpp>

namespace qvit::inline QVIT_ABI {

/// The images whose confidence lies in [low, high): how many, their mean confidence, the share answered rightly.
struct reliability_bin {
    double low = 0, high = 0;
    std::size_t images = 0;
    double confidence = 0, accuracy = 0;
};

/// What reliability_plot draws: bins from 0 to 1 and the expected calibration error.
struct reliability {
    std::vector<reliability_bin> bins;
    double expected_calibration_error = 0;
};

/// A reliability diagram: accuracy of each bin against its confidence, and below it the share of images in it.
///
/// Bars below the diagonal are overconfident. Cost: linear in the bins. Source: Guo et al. 2017 (arXiv 1706.04599).
///
///     qvit::reliability_plot({bins, ece});
[[nodiscard]] inline picture reliability_plot(const reliability& calibration,
                                              const std::string& title = "Reliability of the probabilities") {
    constexpr double width = 320;
    const auto unit_ticks = axis_ticks(0, 1);
    detail::plot_area upper(title, {"", 0, 1, {}}, {"accuracy", 0, 1, unit_ticks}, width, 230, 130);
    std::size_t images = 0, most = 0;
    for (const reliability_bin& bin : calibration.bins) images += bin.images, most = std::max(most, bin.images);
    const double highest = images == 0 ? 1 : 1.08 * static_cast<double>(most) / static_cast<double>(images);
    detail::plot_area lower("", {"confidence", 0, 1, unit_ticks}, {"share", 0, highest, axis_ticks(0, highest, 3)},
                            width, 60);
    const auto bar = [](detail::plot_area& area, double low, double high, double from, double to, rgb colour) {
        const point a = area.at(low, std::max(from, to)), b = area.at(high, std::min(from, to));
        area.drawing().add(box_shape{{a.x + 1, a.y}, std::max(b.x - a.x - 2, 1.0), b.y - a.y, colour});
    };
    for (const reliability_bin& bin : calibration.bins) {
        if (bin.images == 0) continue;
        bar(upper, bin.low, bin.high, 0, bin.accuracy, series_colour(0));
        bar(lower, bin.low, bin.high, 0, static_cast<double>(bin.images) / static_cast<double>(images),
            series_colour(6));
    }
    upper.line({upper.at(0, 0), upper.at(1, 1)}, detail::plot_ink, 1.5, true);
    for (const reliability_bin& bin : calibration.bins)
        if (bin.images > 0)
            upper.drawing().add(disc_shape{upper.at(bin.confidence, bin.accuracy), 3.5, series_colour(1)});
    upper.legend(0, "accuracy", series_colour(0), false, true);
    upper.legend(1, "at its confidence", series_colour(1), false, true);
    upper.legend(2, "calibrated", detail::plot_ink, true, false);
    upper.text({upper.left() + 10, upper.top() + 20}, "ECE " + number_text(calibration.expected_calibration_error, 3),
               13, text_anchor::start);
    // One above the other with their left axes in line.
    const double left = std::max(upper.left(), lower.left());
    const double upper_left = left - upper.left(), lower_left = left - lower.left();
    picture top = upper.finished(), bottom = lower.finished();
    const double down = top.height - 16;
    picture both{.title = title, .width = upper_left + top.width, .height = down + bottom.height};
    both.add(std::move(top), upper_left, 0);
    both.add(std::move(bottom), lower_left, down);
    return both;
}

}  // namespace qvit::inline QVIT_ABI
