// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qvit/data/accuracy.hpp>
#include <qvit/data/auc.hpp>
#include <qvit/data/augmentation.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/batch_order.hpp>
#include <qvit/train/block_runner.hpp>
#include <qvit/train/check_fit.hpp>
#include <qvit/train/check_state.hpp>
#include <qvit/train/learning_rate.hpp>
#include <qvit/train/optimizer.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/run_settings.hpp>
#include <qvit/train/start.hpp>
#include <qvit/train/training_state.hpp>
#include <qvit/train/weight_average.hpp>
#include <qvit/vit/patch_order.hpp>

namespace qvit::inline QVIT_ABI {

/// A training run that goes on an epoch at a time, may be stopped after any batch, and resumed to the same bits.
///
/// S is lanes<float> or another scalar. The data set, and the teacher of `start`, must outlive it. What it computes
/// depends on the options and not on options.threads; a step allocates nothing. Errors: see check_fit;
/// std::runtime_error where the loss is no longer finite.
///
///     trainer<lanes<float>, model> run(model(set.classes), set, options);
///     while (!run.finished()) show(*run.run_epoch());
///     save(run.state());
template <class S, class Model>
class trainer {
    using R = real_of<S>;

  public:
    trainer(const Model& model, const dataset& data, const training_options& options, const fit_start<R>& start = {})
        : data_((check_fit(model, data, options, start), data)),
          options_(options),
          read_test_(start.read_test),
          order_(patch_order(Model::config)),
          train_(data.train, data.height, data.channels, order_, options.normalise),
          validation_(data.validation, data.height, data.channels, order_, options.normalise),
          pool_(std::min(options.threads, (largest_batch() + lane_count<S> - 1) / lane_count<S>)),
          runner_(model, pool_, largest_batch(),
                  {label_targets(data.kind, data.classes, options.label_smoothing, options.targets), start.teacher}),
          rule_(model, options.optimizer),
          gradients_(parameter_count(model)),
          images_(train_.count()) {
        state_.weights = start.weights;
        state_.weights.resize(gradients_.size());
        if (start.weights.empty()) initialize(model, options.seed, state_.weights.data());
        if (options.average.decay > 0) state_.average = state_.weights;
        state_.settings = run_settings(options, start, data, gradients_.size());
        if (options_.augment != augmentation::none) views_.resize(images_.size());
    }
    trainer(const trainer&) = delete;
    trainer& operator=(const trainer&) = delete;

    /// All epochs are done, or none of the last `patience` was better than the best before them.
    bool finished() const {
        return state_.epoch >= options_.epochs ||
               (options_.patience > 0 && state_.epoch >= state_.best_epoch + options_.patience);
    }
    std::size_t epochs_done() const { return state_.epoch; }

    /// Trains on the rest of the current epoch and scores the validation split. `interrupted()` is asked after every
    /// batch but an epoch's last; once it says so nothing is returned, and the next call goes on from there.
    template <class Interrupted>
    std::optional<epoch_report> run_epoch(Interrupted&& interrupted) {
        const auto started = std::chrono::steady_clock::now();
        const double before = state_.seconds;
        const auto account = [&] {
            const double spent = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
            state_.seconds = before + spent;
            return spent;
        };
        order_images();
        const std::size_t batches = batches_per_epoch();
        const std::size_t first_batch = state_.batch;
        while (state_.batch < batches) {
            run_batch();
            if (state_.batch < batches && interrupted()) {
                account();
                return std::nullopt;
            }
        }
        const double training = account();
        epoch_report now = close_epoch();
        now.seconds = account();
        const auto learnt = std::min(images_.size(), (batches - first_batch) * options_.batch);
        now.images_per_second = static_cast<double>(learnt) / training;
        return now;
    }
    std::optional<epoch_report> run_epoch() {
        return run_epoch([] { return false; });
    }

    /// To save; `restore` takes it back into a trainer of the same model, data and options (threads may differ).
    training_state<R> state() const {
        training_state<R> result = state_;
        result.first_moment = rule_.first_moment();
        result.second_moment = rule_.second_moment();
        result.step = rule_.steps();
        return result;
    }
    void restore(const training_state<R>& saved) {
        check_state(state(), saved, options_.epochs, batches_per_epoch());
        state_ = saved;
        rule_.first_moment() = saved.first_moment;
        rule_.second_moment() = saved.second_moment;
        rule_.set_steps(saved.step);
        ordered_epoch_ = 0;
    }

    /// Scores of the weights a user would take now: the average where there is one.
    score score_of(const ordered_images& images) { return score_with(current_weights(), images); }
    const std::vector<R>& current_weights() const { return state_.average.empty() ? state_.weights : state_.average; }

    /// The best epoch's weights and scores; reads the test split, unless told not to by `start`.
    fit_result<R> result() {
        fit_result<R> outcome{.weights = state_.best_weights,
                              .best_epoch = state_.best_epoch,
                              .validation = best(),
                              .test = {},
                              .train_seconds = state_.seconds,
                              .epochs = state_.epoch};
        if (read_test_)
            outcome.test = score_with(
                outcome.weights, ordered_images(data_.test, data_.height, data_.channels, order_, options_.normalise));
        return outcome;
    }

  private:
    std::size_t largest_batch() const { return std::min(options_.batch, train_.count()); }
    std::size_t batches_per_epoch() const { return (train_.count() + options_.batch - 1) / options_.batch; }
    score best() const { return {state_.best_auc, state_.best_accuracy, state_.best_loss}; }

    /// The order of the next epoch's images, and how each is shown.
    void order_images() {
        const std::size_t epoch = state_.epoch + 1;
        if (ordered_epoch_ == epoch) return;
        shuffle_epoch(images_, options_.seed, epoch);
        for (std::size_t i = 0; i < views_.size(); ++i)
            views_[i] =
                augmented_view(options_.augment, options_.seed, epoch, images_[i], data_.height, images_.size());
        ordered_epoch_ = epoch;
    }

    void run_batch() {
        const std::size_t first = state_.batch * options_.batch;
        const std::size_t count = std::min(options_.batch, images_.size() - first);
        const auto batch = std::span<const std::uint32_t>(images_).subspan(first, count);
        const auto views =
            views_.empty() ? std::span<const image_view>{} : std::span<const image_view>(views_).subspan(first, count);
        R* const weights = state_.weights.data();
        const training_batch taken{batch, views, options_.seed, static_cast<std::uint32_t>(state_.epoch + 1)};
        const batch_outcome now = runner_.gradients(weights, train_, taken, gradients_.data());
        const double norm = std::sqrt(now.squared_norm);
        rule_.begin(learning_rate_at(options_, rule_.steps(), batches_per_epoch()), options_.weight_decay,
                    clip_scale(norm, options_.clip_norm));
        const double kept = average_decay(options_.average, rule_.steps());
        runner_.for_each_range([&](std::size_t begin, std::size_t size) {
            rule_.update(begin, size, weights, gradients_.data());
            if (!state_.average.empty()) update_average(weights + begin, state_.average.data() + begin, size, kept);
        });
        state_.epoch_loss += now.loss * static_cast<double>(count);
        state_.epoch_right += now.right;
        state_.epoch_norm += norm;
        ++state_.batch;
    }

    epoch_report close_epoch() {
        const double images = static_cast<double>(images_.size());
        epoch_report now{.epoch = state_.epoch + 1};
        now.learning_rate = learning_rate_at(options_, rule_.steps() - 1, batches_per_epoch());
        now.loss = std::exchange(state_.epoch_loss, 0) / images;
        now.train_accuracy = std::exchange(state_.epoch_right, 0) / images;
        now.gradient_norm = std::exchange(state_.epoch_norm, 0) / static_cast<double>(batches_per_epoch());
        state_.batch = 0;
        ++state_.epoch;
        if (!std::isfinite(now.loss))
            throw std::runtime_error("[qvit::fit] training diverged in epoch " + std::to_string(now.epoch) +
                                     ": the loss is not finite; try a lower learning rate");
        now.validation = score_with(current_weights(), validation_);
        now.best = state_.best_epoch == 0 || is_better(now.validation, best());
        if (now.best) {
            state_.best_weights = current_weights();
            state_.best_epoch = now.epoch;
            state_.best_auc = now.validation.auc;
            state_.best_accuracy = now.validation.accuracy;
            state_.best_loss = now.validation.loss;
        }
        return now;
    }
    bool is_better(const score& a, const score& b) const {
        return options_.select == selection::auc        ? a.auc > b.auc
               : options_.select == selection::accuracy ? a.accuracy > b.accuracy
                                                        : a.loss < b.loss;
    }

    score score_with(const std::vector<R>& weights, const ordered_images& images) {
        std::vector<double> scores(images.count() * data_.classes);
        std::vector<double> losses(images.count());
        runner_.evaluate(weights.data(), images, {}, scores, losses);
        double loss = 0;
        for (const double one : losses) loss += one / static_cast<double>(losses.size());
        const std::span<const std::uint8_t> labels = images.split().labels;
        return {auc(scores, labels, data_.classes, data_.kind), accuracy(scores, labels, data_.classes, data_.kind),
                loss};
    }

    const dataset& data_;
    training_options options_;
    bool read_test_;
    std::vector<std::uint32_t> order_;
    ordered_images train_;
    ordered_images validation_;
    worker_pool pool_;
    block_runner<Model, S> runner_;
    optimizer<R> rule_;
    training_state<R> state_;  // its moments are the rule's own
    std::vector<R> gradients_;
    std::vector<std::uint32_t> images_;
    std::vector<image_view> views_;
    std::size_t ordered_epoch_ = 0;
};

}  // namespace qvit::inline QVIT_ABI
