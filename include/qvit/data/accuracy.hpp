// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <qvit/core/config.hpp>
#include <qvit/data/detail/check_scores.hpp>
#include <qvit/data/detail/one_class.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

/// The share of right answers as MedMNIST's evaluator counts them.
///
/// In: scores N x classes row-major, probabilities where a threshold matters; labels N, or N x classes of 0 and 1 for
/// multi_label. Out, in [0, 1]: binary_class: label 1 is answered where the last column is above .5, strictly;
/// multi_label: the mean over labels of the same for each column; multi_class and ordinal_regression: the largest
/// score, the first of equal ones. Cost: linear. Fails as auc does, but no class need be present.
/// Source: medmnist/evaluator.py 3.0.2 (getACC).
///
///     qvit::accuracy(scores, labels, 5, qvit::task::ordinal_regression);
[[nodiscard]] inline double accuracy(std::span<const double> scores, std::span<const std::uint8_t> labels,
                                     std::size_t classes, task kind) {
    detail::check_scores(scores, labels, classes, kind);
    std::size_t right = 0;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (kind == task::multi_label) {
            right += (scores[i] > 0.5) == (labels[i] == 1);
            continue;
        }
        right += detail::answer_of(scores.subspan(i * classes, classes), kind) == labels[i];
    }
    return static_cast<double>(right) / static_cast<double>(labels.size());
}

}  // namespace qvit::inline QVIT_ABI
