// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/detail/check_scores.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// P(score of a positive > score of a negative) + P(equal) / 2, from mid-ranks; the counts are exact integers.
/// `order` is scratch of N indices. Returns a NaN where there are no positives or no negatives.
template <class IsPositive>
double rank_auc(std::span<const double> scores, std::size_t classes, std::size_t column, std::span<std::size_t> order,
                IsPositive is_positive) {
    const auto score = [&](std::size_t image) { return scores[image * classes + column]; };
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score(a) < score(b); });
    std::uint64_t positives = 0, twice_wins = 0, negatives_below = 0;
    for (std::size_t begin = 0; begin < order.size();) {
        std::uint64_t tied_positives = 0, tied_negatives = 0;
        std::size_t end = begin;
        for (; end < order.size() && score(order[end]) == score(order[begin]); ++end)
            ++(is_positive(order[end]) ? tied_positives : tied_negatives);
        twice_wins += tied_positives * (2 * negatives_below + tied_negatives);
        negatives_below += tied_negatives;
        positives += tied_positives;
        begin = end;
    }
    return static_cast<double>(twice_wins) /
           (2.0 * static_cast<double>(positives) * static_cast<double>(negatives_below));
}
}  // namespace detail

/// The area under the ROC curve as MedMNIST's evaluator defines it.
///
/// In: scores N x classes row-major (any increasing function of the probabilities gives the same), labels N, or
/// N x classes of 0 and 1 for multi_label. Out: binary_class: of the last column against label 1; multi_label: the
/// mean over the labels; multi_class and ordinal_regression: the unweighted mean over classes of one against the rest.
/// Ties count half. Cost: O(classes N log N), one scratch array of N indices.
/// Fails: bad_input where a class has no image or every image (the area is undefined; the official evaluator raises
/// too), naming the class; std::domain_error for a score that is not a number; std::invalid_argument for spans that do
/// not fit together or a label out of range.
/// Source: medmnist/evaluator.py 3.0.2 (getAUC); Mann and Whitney (1947) for the rank form.
///
///     qvit::auc(scores, labels, 5, qvit::task::ordinal_regression);
[[nodiscard]] inline double auc(std::span<const double> scores, std::span<const std::uint8_t> labels,
                                std::size_t classes, task kind) {
    detail::check_scores(scores, labels, classes, kind);
    std::vector<std::size_t> order(scores.size() / classes);
    const auto column = [&](std::size_t k, auto is_positive) {
        const double area = detail::rank_auc(scores, classes, k, order, is_positive);
        if (std::isnan(area))
            throw bad_input("AUC is undefined: of " + std::to_string(order.size()) + " images none or all have label " +
                            std::to_string(kind == task::binary_class ? 1 : k));
        return area;
    };
    if (kind == task::binary_class) return column(classes - 1, [&](std::size_t image) { return labels[image] == 1; });
    double sum = 0;
    for (std::size_t k = 0; k < classes; ++k)
        sum += kind == task::multi_label
                   ? column(k, [&](std::size_t image) { return labels[image * classes + k] == 1; })
                   : column(k, [&](std::size_t image) { return labels[image] == k; });
    return sum / static_cast<double>(classes);
}

}  // namespace qvit::inline QVIT_ABI
