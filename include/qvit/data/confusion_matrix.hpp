// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/detail/check_scores.hpp>
#include <qvit/data/detail/one_class.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

/// How many images of each class got which answer: classes x classes, rows are labels, columns answers.
///
/// Answers are those that accuracy counts. A binary task has 2 x 2 whatever its columns; multi_label has one 2 x 2
/// matrix per label, classes x 2 x 2. In and failures as for accuracy. Cost: linear.
/// sklearn's names: confusion_matrix, multilabel_confusion_matrix.
///
///     const auto counts = confusion_matrix(scores, labels, 5, task::ordinal_regression);   // counts[label * 5 +
///     answer]
[[nodiscard]] inline std::vector<std::uint64_t> confusion_matrix(std::span<const double> scores,
                                                                 std::span<const std::uint8_t> labels,
                                                                 std::size_t classes, task kind) {
    detail::check_scores(scores, labels, classes, kind);
    const std::size_t k = detail::labelled_classes(classes, kind);
    std::vector<std::uint64_t> counts(kind == task::multi_label ? 4 * k : k * k);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        if (kind == task::multi_label)
            ++counts[4 * (i % classes) + 2U * labels[i] + (scores[i] > 0.5)];
        else
            ++counts[labels[i] * k + detail::answer_of(scores.subspan(i * classes, classes), kind)];
    }
    return counts;
}

}  // namespace qvit::inline QVIT_ABI
