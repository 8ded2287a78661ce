// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/accuracy.hpp>
#include <qvit/data/auc.hpp>
#include <qvit/data/bootstrap.hpp>
#include <qvit/data/detail/one_class.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// AUC and accuracy of a sample of the images, each of which counts as often as it was drawn. Scores are sorted once,
/// so that a sample costs one pass over each column.
class resampled_metrics {
  public:
    resampled_metrics(std::span<const double> scores, std::span<const std::uint8_t> labels, std::size_t classes,
                      task kind) {
        for (std::size_t k = kind == task::binary_class ? 1 : 0; k < labelled_classes(classes, kind); ++k) {
            const one_class chosen(scores, labels, classes, kind, k);
            column sorted;
            sorted.images.resize(chosen.scores.size());
            std::iota(sorted.images.begin(), sorted.images.end(), std::size_t{0});
            const auto score = [&](std::size_t i) { return chosen.scores[sorted.images[i]]; };
            std::sort(sorted.images.begin(), sorted.images.end(),
                      [&](std::size_t a, std::size_t b) { return chosen.scores[a] < chosen.scores[b]; });
            for (std::size_t i = 0; i < sorted.images.size(); ++i) {
                sorted.positive.push_back(chosen.positive[sorted.images[i]]);
                sorted.last_of_ties.push_back(i + 1 == sorted.images.size() || score(i) != score(i + 1));
            }
            columns_.push_back(std::move(sorted));
        }
        const std::size_t images = scores.size() / classes, labels_per_image = labels.size() / images;
        for (std::size_t i = 0; i < images; ++i)
            right_.push_back(accuracy(scores.subspan(i * classes, classes),
                                      labels.subspan(i * labels_per_image, labels_per_image), classes, kind));
    }

    /// A NaN where a class has no image of the sample or all of them.
    [[nodiscard]] double auc(std::span<const std::uint32_t> times) const {
        double sum = 0;
        for (const column& c : columns_) {
            std::uint64_t positives = 0, twice_wins = 0, below = 0, tied_positives = 0, tied_negatives = 0;
            for (std::size_t i = 0; i < c.images.size(); ++i) {
                (c.positive[i] == 1 ? tied_positives : tied_negatives) += times[c.images[i]];
                if (c.last_of_ties[i] == 0) continue;
                twice_wins += tied_positives * (2 * below + tied_negatives);
                below += tied_negatives;
                positives += tied_positives;
                tied_positives = tied_negatives = 0;
            }
            if (positives == 0 || below == 0) return std::numeric_limits<double>::quiet_NaN();
            sum +=
                static_cast<double>(twice_wins) / (2.0 * static_cast<double>(positives) * static_cast<double>(below));
        }
        return sum / static_cast<double>(columns_.size());
    }

    [[nodiscard]] double acc(std::span<const std::uint32_t> times) const {
        double right = 0;
        for (std::size_t i = 0; i < right_.size(); ++i) right += times[i] * right_[i];
        return right / static_cast<double>(right_.size());
    }

  private:
    struct column {
        std::vector<std::size_t> images;  ///< by rising score
        std::vector<std::uint8_t> positive, last_of_ties;
    };
    std::vector<column> columns_;
    std::vector<double> right_;  ///< of each image: 0 or 1, for multi_label the share of its labels
};
}  // namespace detail

/// A score of two models on the same images, and the bootstrap interval of b - a over images.
struct metric_difference {
    double a, b, difference;
    confidence_interval interval;
};
struct image_comparison {
    metric_difference auc, accuracy;
};

/// Compares two models' answers to the same images: an image that is drawn is drawn for both.
///
/// In: scores of both models, N x classes row-major, and the labels, as for auc and accuracy. Out: these metrics and
/// percentile intervals of their differences; samples that lack a class are drawn anew for the AUC. The interval says
/// how much the choice of test images matters, not that of the seed. Cost: one sort of each column, then resamples
/// passes over all scores. Fails as auc, accuracy and bootstrap_interval do.
///
///     const auto both = qvit::image_difference(scores_a, scores_b, test.labels, 5, task::ordinal_regression);
[[nodiscard]] inline image_comparison image_difference(std::span<const double> a, std::span<const double> b,
                                                       std::span<const std::uint8_t> labels, std::size_t classes,
                                                       task kind, const bootstrap_options& options = {}) {
    if (a.size() != b.size())
        throw std::invalid_argument("[qvit::image_difference] expected scores of the same images");
    const double auc_a = auc(a, labels, classes, kind), auc_b = auc(b, labels, classes, kind);
    const double acc_a = accuracy(a, labels, classes, kind), acc_b = accuracy(b, labels, classes, kind);
    const detail::resampled_metrics of_a(a, labels, classes, kind), of_b(b, labels, classes, kind);
    const std::size_t images = a.size() / classes;
    const auto auc_interval = bootstrap_interval(
        images, [&](std::span<const std::uint32_t> times) { return of_b.auc(times) - of_a.auc(times); }, options);
    const auto acc_interval = bootstrap_interval(
        images, [&](std::span<const std::uint32_t> times) { return of_b.acc(times) - of_a.acc(times); }, options);
    return {{auc_a, auc_b, auc_b - auc_a, auc_interval}, {acc_a, acc_b, acc_b - acc_a, acc_interval}};
}

}  // namespace qvit::inline QVIT_ABI
