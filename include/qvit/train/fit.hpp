// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qvit/data/accuracy.hpp>
#include <qvit/data/auc.hpp>
#include <qvit/data/augmentation.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/class_balance.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/adam.hpp>
#include <qvit/train/batch_order.hpp>
#include <qvit/train/block_runner.hpp>
#include <qvit/train/learning_rate.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/start.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/vit/patch_order.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
template <class Model, class R>
void check_fit(const Model& model, const dataset& data, const training_options& options, const fit_start<R>& start) {
    auto expect = [](const std::string& what, std::size_t expected, std::size_t found) {
        if (expected != found)
            throw bad_input("[qvit::fit] expected " + std::to_string(expected) + " " + what + ", found " +
                            std::to_string(found));
    };
    expect("classes in the data set, as in the model", model.classes(), data.classes);
    expect("colours in the data set, as in the model", Model::config.colours, data.channels);
    expect("rows of pixels in the data set, as in the model", Model::config.image, data.height);
    expect("columns of pixels in the data set, as in the model", Model::config.image, data.width);
    if (!start.weights.empty()) expect("weights to start from", parameter_count(model), start.weights.size());
    if (start.teacher != nullptr)
        expect("logits of a teacher, training images x classes", data.train.count() * data.classes,
               start.teacher->logits.size());
    auto expect_every_class = [&](const char* name, const image_split& split) {
        for (std::size_t label = 0; label < data.classes; ++label)
            if (class_counts(split, data.classes)[label] == 0)
                throw bad_input(std::string("[qvit::fit] expected a ") + name +
                                " image of every class, found none of class " + std::to_string(label) +
                                ": the AUC is undefined");
    };
    expect_every_class("validation", data.validation);
    if (start.read_test) expect_every_class("test", data.test);
    if (options.epochs == 0 || options.batch == 0 || options.threads == 0)
        throw bad_input("[qvit::fit] epochs, batch and threads must be at least 1");
}
}  // namespace detail

/// Trains a model on a data set with Adam and reads the test split once, at the end, with the best epoch's weights.
///
/// S is lanes<float> or another scalar. `report(epoch_report)` is called after every epoch. The result depends on
/// options.seed and not on options.threads. The last partial batch of an epoch is used. bad_input where the model does
/// not fit the data, a class is missing from a split that is scored, or an option is zero; std::runtime_error where the
/// loss is no longer finite.
///
///     auto result = fit<lanes<float>>(models::qvit4<3>(set.classes), set, options, [](const epoch_report&) {});
template <class S, class Model>
fit_result<real_of<S>> fit(const Model& model, const dataset& data, const training_options& options, auto&& report,
                           const fit_start<real_of<S>>& start = {}) {
    using R = real_of<S>;
    detail::check_fit(model, data, options, start);
    const auto order = patch_order(Model::config);
    const ordered_images train(data.train, data.height, data.channels, order);
    const ordered_images validation(data.validation, data.height, data.channels, order);
    const auto started = std::chrono::steady_clock::now();
    const std::size_t blocks = (std::min(options.batch, train.count()) + lane_count<S> - 1) / lane_count<S>;
    worker_pool pool(std::min(options.threads, std::max(blocks, std::size_t{1})));
    block_runner<Model, S> runner(model, pool, std::min(options.batch, train.count()), start.teacher != nullptr);
    auto evaluate = [&](const std::vector<R>& weights, const ordered_images& images) {
        std::vector<double> scores(images.count() * data.classes);
        runner.probabilities(weights.data(), images, scores);
        return score{auc(scores, images.split().labels, data.classes, data.kind),
                     accuracy(scores, images.split().labels, data.classes, data.kind)};
    };

    fit_result<R> result;
    std::vector<R> weights = start.weights;
    weights.resize(parameter_count(model));
    std::vector<R> gradients(weights.size());
    if (start.weights.empty()) initialize(model, options.seed, weights.data());
    adam<R> optimiser(model);
    std::vector<std::uint32_t> images(train.count());
    std::vector<image_view> views;
    const std::size_t steps_per_epoch = (images.size() + options.batch - 1) / options.batch;
    std::size_t step = 0;
    for (std::size_t epoch = 1; epoch <= options.epochs; ++epoch) {
        shuffle_epoch(images, options.seed, epoch);
        if (options.augment != augmentation::none) {
            views.resize(images.size());
            for (std::size_t i = 0; i < images.size(); ++i)
                views[i] = augmented_view(options.augment, options.seed, epoch, images[i], data.height, images.size());
        }
        epoch_report now{.epoch = epoch};
        for (std::size_t first = 0; first < images.size(); first += options.batch, ++step) {
            const std::size_t count = std::min(options.batch, images.size() - first);
            const auto batch = std::span<const std::uint32_t>(images).subspan(first, count);
            const auto shown = views.empty() ? std::span<const image_view>{}
                                             : std::span<const image_view>(views).subspan(first, count);
            const double loss = runner.gradients(weights.data(), train, batch, shown, options.label_smoothing,
                                                 gradients.data(), start.teacher);
            now.loss += loss * static_cast<double>(count) / static_cast<double>(images.size());
            now.learning_rate = learning_rate_at(options, step, steps_per_epoch);
            optimiser.step(weights.data(), gradients.data(), now.learning_rate, options.weight_decay);
        }
        if (!std::isfinite(now.loss))
            throw std::runtime_error("[qvit::fit] training diverged in epoch " + std::to_string(epoch) +
                                     ": the loss is not finite; try a lower learning rate");
        now.validation = evaluate(weights, validation);
        now.best = epoch == 1 || now.validation.auc > result.validation.auc;
        if (now.best) {
            result.weights = weights;
            result.best_epoch = epoch;
            result.validation = now.validation;
        }
        report(static_cast<const epoch_report&>(now));
    }
    result.train_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (start.read_test)
        result.test = evaluate(result.weights, ordered_images(data.test, data.height, data.channels, order));
    return result;
}

/// Logits of a trained model for every training image: what it teaches a student.
template <class S, class Model>
std::vector<double> training_logits(const Model& model, const dataset& data, const std::vector<real_of<S>>& weights,
                                    std::size_t threads) {
    worker_pool pool(threads);
    block_runner<Model, S> runner(model, pool, 1);
    std::vector<double> logits(data.train.count() * data.classes);
    runner.logits(weights.data(), ordered_images(data.train, data.height, data.channels, patch_order(Model::config)),
                  logits);
    return logits;
}

}  // namespace qvit::inline QVIT_ABI
