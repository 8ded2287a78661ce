// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/detail/check_scores.hpp>
#include <qvit/data/detail/one_class.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

/// The answers whose confidence lies in one interval: how many, their mean confidence, and how many were right.
struct calibration_bin {
    std::uint64_t answers = 0;
    double confidence = 0;  ///< mean; 0 where there is none
    double accuracy = 0;    ///< share; 0 where there is none
};

/// A reliability diagram: answers by confidence, in bins of equal width; bin b holds (b / bins, (b + 1) / bins].
///
/// In: probabilities, otherwise as for accuracy. An answer's confidence is its probability: the largest score; of a
/// binary task and of each answer to a label, the score or 1 - score. Cost: linear. Fails as accuracy does, and with
/// std::invalid_argument for no bins or a score outside [0, 1].
/// Source: Guo et al. (1706.04599), section 2.
///
///     const auto diagram = calibration_bins(probabilities, labels, 5, task::multi_class);
[[nodiscard]] inline std::vector<calibration_bin> calibration_bins(std::span<const double> scores,
                                                                   std::span<const std::uint8_t> labels,
                                                                   std::size_t classes, task kind,
                                                                   std::size_t bins = 15) {
    detail::check_scores(scores, labels, classes, kind);
    if (bins == 0 || std::any_of(scores.begin(), scores.end(), [](double p) { return p < 0 || p > 1; }))
        throw std::invalid_argument("[qvit::calibration_bins] expected at least one bin and probabilities of 0 to 1");
    std::vector<calibration_bin> result(bins);
    const auto add = [&](double confidence, bool right) {
        const double place = std::ceil(confidence * static_cast<double>(bins)) - 1;
        calibration_bin& bin = result[std::min(static_cast<std::size_t>(std::max(place, 0.0)), bins - 1)];
        ++bin.answers;
        bin.confidence += confidence;
        bin.accuracy += right;
    };
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (kind == task::multi_label) {
            const bool yes = scores[i] > 0.5;
            add(yes ? scores[i] : 1 - scores[i], yes == (labels[i] == 1));
            continue;
        }
        const auto row = scores.subspan(i * classes, classes);
        const std::size_t answer = detail::answer_of(row, kind);
        const double confidence = kind != task::binary_class ? row[answer] : answer == 1 ? row.back() : 1 - row.back();
        add(confidence, answer == labels[i]);
    }
    for (calibration_bin& bin : result)
        if (bin.answers > 0) {
            bin.confidence /= static_cast<double>(bin.answers);
            bin.accuracy /= static_cast<double>(bin.answers);
        }
    return result;
}

/// The expected calibration error: the mean over answers of |accuracy - confidence| of their bins, in [0, 1].
///
///     const double error = calibration_error(probabilities, labels, 5, task::multi_class);
[[nodiscard]] inline double calibration_error(std::span<const double> scores, std::span<const std::uint8_t> labels,
                                              std::size_t classes, task kind, std::size_t bins = 15) {
    double sum = 0, answers = 0;
    for (const calibration_bin& bin : calibration_bins(scores, labels, classes, kind, bins)) {
        sum += static_cast<double>(bin.answers) * std::abs(bin.accuracy - bin.confidence);
        answers += static_cast<double>(bin.answers);
    }
    return sum / answers;
}

}  // namespace qvit::inline QVIT_ABI
