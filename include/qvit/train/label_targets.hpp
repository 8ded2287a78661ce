// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/data/task.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/target_options.hpp>

namespace qvit::inline QVIT_ABI {

/// The labels of a block of up to W images in a batch, as objective and label_targets take them.
struct block_labels {
    std::span<const std::uint8_t> labels;   ///< of the whole split
    std::span<const std::uint32_t> images;  ///< their numbers
    std::span<const image_view> views;      ///< how each is shown, or nothing; a mixed view has mixed targets
    double total_weight = 1;                ///< of the batch, see label_targets::total_weight
};

/// Labels as the losses take them: a distribution over classes and a weight for every image.
///
/// One label per image: its row is the smoothed one-hot vector (1 - smoothing) t + smoothing / K, where t is the label
/// or, for ordinal targets, a distribution around it; class weights w multiply each entry, and the loss of a batch is
/// divided by the sum of its labels' weights: torch.nn.functional.cross_entropy(weight=, label_smoothing=).
/// multi_label: K questions per image, each smoothed towards 1/2, and the loss is the mean over images and questions;
/// class weights count the yes of a question: torch.nn.functional.binary_cross_entropy_with_logits(pos_weight=).
/// Cost: K^2 numbers, and K stores per block of images. bad_input for weights that do not fit.
///
///     const label_targets targets(data.kind, data.classes, 0.1);
class label_targets {
  public:
    label_targets(task kind, std::size_t classes, double smoothing = 0, const target_options& options = {})
        : kind_(kind), classes_(classes), independent_(kind == task::multi_label), smoothing_(smoothing) {
        if (!options.class_weights.empty() && options.class_weights.size() != classes)
            throw bad_input("[qvit::label_targets] expected one class weight for each of " + std::to_string(classes) +
                            " classes, found " + std::to_string(options.class_weights.size()));
        for (const double w : options.class_weights)
            if (!(w >= 0) || !std::isfinite(w))
                throw bad_input("[qvit::label_targets] class weights must not be negative, found " + std::to_string(w));
        if (independent_ && options.ordinal != ordinal_targets::none)
            throw bad_input("[qvit::label_targets] ordinal targets need one label per image; this set has several");
        if (independent_) {
            std::get<0>(positive_).assign(options.class_weights.begin(), options.class_weights.end());
            std::get<1>(positive_) = options.class_weights;
            return;
        }
        levels_ = options.ordinal == ordinal_targets::levels;
        weights_ = options.class_weights.empty() ? std::vector<double>(classes, 1.0) : options.class_weights;
        rows_.resize(classes * classes);
        for (std::size_t label = 0; label < classes; ++label) make_row(label, options);
    }

    task kind() const { return kind_; }
    std::size_t classes() const { return classes_; }
    /// Every class is a question of its own: sigmoids instead of a softmax.
    bool independent() const { return independent_; }

    /// The classes are grades, and the model says for each but the highest whether it is above: K - 1 logits.
    bool levels() const { return levels_; }
    /// Logits of a model that answers.
    std::size_t outputs() const { return levels_ ? classes_ - 1 : classes_; }
    /// K reals, how much a yes counts against a no of each question; null where all are 1.
    template <class R>
    const R* positive() const {
        const auto& weights = std::get<std::vector<R>>(positive_);
        return weights.empty() ? nullptr : weights.data();
    }
    /// The same labels as they stand: no smoothing, no weights, no distances.
    label_targets plain() const {
        return {kind_, classes_, 0, {.ordinal = levels_ ? ordinal_targets::levels : ordinal_targets::none}};
    }

    /// What the loss of a batch is divided by; `views` as for block_labels.
    double total_weight(std::span<const std::uint8_t> labels, std::span<const std::uint32_t> images,
                        std::span<const image_view> views = {}) const {
        if (independent_) return static_cast<double>(images.size() * classes_);
        double total = 0;
        for (std::size_t i = 0; i < images.size(); ++i)
            total += mixed(images, views, i, [&](std::size_t image) { return weights_[labels[image]]; });
        return total > 0 ? total : 1;
    }

    /// Writes K lanes of targets and returns each lane's weight; lanes without an image are zero.
    template <class S>
    S fill(const block_labels& block, S* targets) const {
        using R = real_of<S>;
        const std::size_t count = block.images.size();
        R weight[lane_count<S>]{};
        double sum[lane_count<S>];
        for (std::size_t i = 0; i < count; ++i) {
            sum[i] = independent_ ? 1 : mixed(block.images, block.views, i, [&](std::size_t image) {
                return sums_[block.labels[image]];
            });
            weight[i] = static_cast<R>(sum[i] / block.total_weight);
            if (sum[i] == 0) sum[i] = 1;
        }
        R lane[lane_count<S>]{};
        for (std::size_t k = 0; k < classes_; ++k) {
            for (std::size_t i = 0; i < count; ++i) {
                const double target = mixed(block.images, block.views, i, [&](std::size_t image) {
                    return independent_ ? (1 - smoothing_) * block.labels[image * classes_ + k] + smoothing_ / 2
                                        : rows_[block.labels[image] * classes_ + k];
                });
                lane[i] = static_cast<R>(target / sum[i]);
            }
            targets[k] = simd::load<S>(lane);
        }
        return simd::load<S>(weight);
    }

  private:
    /// What `of` says of image i, or of it and its partner by their shares.
    static double mixed(std::span<const std::uint32_t> images, std::span<const image_view> views, std::size_t i,
                        auto&& of) {
        const double own = of(images[i]);
        if (views.empty() || views[i].share == 1) return own;
        const auto share = static_cast<double>(views[i].share);
        return share * own + (1 - share) * of(views[i].partner);
    }
    void make_row(std::size_t label, const target_options& options) {
        double* const row = rows_.data() + label * classes_;
        row[label] = 1;
        if (options.ordinal == ordinal_targets::distances)
            for (std::size_t k = 0; k < classes_; ++k)
                row[k] = std::exp(-options.ordinal_fall * static_cast<double>(std::max(k, label) - std::min(k, label)));
        double total = 0;
        for (std::size_t k = 0; k < classes_; ++k) total += row[k];
        double& sum = sums_.emplace_back();
        for (std::size_t k = 0; k < classes_; ++k) {
            row[k] = ((1 - smoothing_) * row[k] / total + smoothing_ / static_cast<double>(classes_)) * weights_[k];
            sum += row[k];
        }
    }

    task kind_;
    std::size_t classes_;
    bool independent_;
    double smoothing_;
    bool levels_ = false;
    std::tuple<std::vector<float>, std::vector<double>> positive_;
    std::vector<double> weights_;  // K
    std::vector<double> rows_;     // K x K, by label: smoothed and weighted
    std::vector<double> sums_;     // K: of each row; the losses take distributions, so it moves into the image's weight
};

}  // namespace qvit::inline QVIT_ABI
