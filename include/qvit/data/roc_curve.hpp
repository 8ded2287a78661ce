// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/detail/check_scores.hpp>
#include <qvit/data/detail/one_class.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

/// A point of a ROC curve: the rates among images whose score is at least `threshold`.
struct roc_point {
    double false_positive_rate, true_positive_rate, threshold;
};

/// The ROC curve of class k against the rest: from (0, 0) at an infinite threshold, one point per different score, to
/// (1, 1).
///
/// In as for auc; of a binary task class 1 is judged by the last column and class 0 by the first (by 1 - score where
/// there is one column). Cost: O(N log N). Fails as auc does: bad_input where no image or every image has the class.
/// sklearn's name: roc_curve(drop_intermediate=False).
///
///     for (const roc_point& p : roc_curve(scores, labels, 5, task::multi_class, 2)) ...
[[nodiscard]] inline std::vector<roc_point> roc_curve(std::span<const double> scores,
                                                      std::span<const std::uint8_t> labels, std::size_t classes,
                                                      task kind, std::size_t k) {
    detail::check_scores(scores, labels, classes, kind);
    const detail::one_class chosen(scores, labels, classes, kind, k);
    const std::size_t images = chosen.scores.size();
    const auto positives = static_cast<std::size_t>(std::count(chosen.positive.begin(), chosen.positive.end(), 1));
    if (positives == 0 || positives == images)
        throw bad_input("the ROC curve is undefined: of " + std::to_string(images) + " images none or all have label " +
                        std::to_string(k));
    std::vector<std::size_t> order(images);
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return chosen.scores[a] > chosen.scores[b]; });
    std::vector<roc_point> points{{0, 0, std::numeric_limits<double>::infinity()}};
    std::size_t right = 0;
    for (std::size_t i = 0; i < images; ++i) {
        right += chosen.positive[order[i]];
        const double score = chosen.scores[order[i]];
        if (i + 1 < images && chosen.scores[order[i + 1]] == score) continue;
        points.push_back({static_cast<double>(i + 1 - right) / static_cast<double>(images - positives),
                          static_cast<double>(right) / static_cast<double>(positives), score});
    }
    return points;
}

}  // namespace qvit::inline QVIT_ABI
