// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/auc.hpp>
#include <qvit/data/confusion_matrix.hpp>
#include <qvit/data/detail/one_class.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

/// How well one class is told from the rest.
struct class_score {
    double auc;        ///< a NaN where no image or every image has the class
    double precision;  ///< of the images answered with it, the share that has it; 0 where there is none
    double recall;     ///< of the images that have it, the share answered with it; 0 where there is none
    double f1;         ///< harmonic mean of both; 0 where both are
    std::uint64_t images;
};

/// The scores of every class, two of a binary task.
///
/// In and failures as for accuracy; answers are those that it counts, columns those of roc_curve. Cost: O(classes N log
/// N). sklearn's names: roc_auc_score of each class; precision_recall_fscore_support(zero_division=0).
///
///     const auto table = class_scores(scores, labels, 5, task::ordinal_regression);   // table[4].recall
[[nodiscard]] inline std::vector<class_score> class_scores(std::span<const double> scores,
                                                           std::span<const std::uint8_t> labels, std::size_t classes,
                                                           task kind) {
    const std::vector<std::uint64_t> counts = confusion_matrix(scores, labels, classes, kind);
    const std::size_t count = detail::labelled_classes(classes, kind);
    const auto share = [](std::uint64_t part, std::uint64_t whole) {
        return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
    };
    std::vector<class_score> result;
    for (std::size_t k = 0; k < count; ++k) {
        std::uint64_t right = 0, answered = 0, images = 0;
        if (kind == task::multi_label) {
            right = counts[4 * k + 3];
            answered = right + counts[4 * k + 1];
            images = right + counts[4 * k + 2];
        } else {
            right = counts[k * count + k];
            for (std::size_t other = 0; other < count; ++other) {
                answered += counts[other * count + k];
                images += counts[k * count + other];
            }
        }
        const detail::one_class chosen(scores, labels, classes, kind, k);
        std::vector<std::size_t> order(chosen.scores.size());
        const double area = images == 0 || images == order.size()
                                ? std::numeric_limits<double>::quiet_NaN()
                                : detail::rank_auc(chosen.scores, 1, 0, order,
                                                   [&](std::size_t image) { return chosen.positive[image] == 1; });
        result.push_back(
            {area, share(right, answered), share(right, images), share(2 * right, answered + images), images});
    }
    return result;
}

}  // namespace qvit::inline QVIT_ABI
