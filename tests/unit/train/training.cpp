// SPDX-License-Identifier: Apache-2.0
// One model and two scalar types for all cases: they share what is slow to compile.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <span>
#include <stdexcept>
#include <thread>
#include <vector>

#include <qvit/data/synthetic.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/train/fit.hpp>

#include "reference/close.hpp"
#include "unit/train/count_allocations.hpp"

using namespace qvit;

namespace {

using model_type = models::qvit4<3, pooling::mean>;
using lane = lanes<float>;

const dataset& synthetic() {
    static const dataset set = synthetic_dataset();
    return set;
}
model_type model() { return model_type(synthetic().classes); }

ordered_images ordered(const image_split& split) { return {split, 28, 3, patch_order(model_type::config)}; }

template <class R>
std::vector<R> start_weights(std::uint64_t seed = 0) {
    std::vector<R> weights(parameter_count(model()));
    initialize(model(), seed, weights.data());
    // Layers that begin as constants or near zero get something to do.
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] += static_cast<R>(0.1 * std::sin(7.0 * static_cast<double>(i)));
    return weights;
}

struct outcome {
    double loss = 0;
    std::vector<double> gradients;
};

template <class S>
outcome gradients_of(const image_split& split, const std::vector<std::uint32_t>& batch,
                     const std::vector<image_view>& turns, double smoothing, std::size_t threads,
                     const std::vector<real_of<S>>& weights) {
    worker_pool pool(threads);
    block_runner<model_type, S> runner(model(), pool, batch.size(),
                                       {label_targets(task::multi_class, synthetic().classes, smoothing)});
    std::vector<real_of<S>> total(weights.size(), real_of<S>(NAN));
    outcome result;
    result.loss = runner.gradients(weights.data(), ordered(split), {batch, turns}, total.data()).loss;
    result.gradients.assign(total.begin(), total.end());
    return result;
}

std::vector<std::uint32_t> some_batch(std::size_t count) {
    std::vector<std::uint32_t> batch(count);
    for (std::size_t i = 0; i < count; ++i) batch[i] = static_cast<std::uint32_t>((17 + 31 * i) % 1080);
    return batch;
}
std::vector<image_view> some_turns(std::size_t count) {
    std::vector<image_view> turns(count);
    for (std::size_t i = 0; i < count; ++i) turns[i].orientation = static_cast<std::uint8_t>(i * 5 % 8);
    return turns;
}

training_options quick(std::size_t epochs) {
    return {.epochs = epochs, .batch = 50, .learning_rate = 1e-2, .schedule = schedule_kind::constant};
}
const auto silent = [](const epoch_report&) {};

}  // namespace

TEST_CASE("gradients have the same bits for any number of threads") {
    const auto weights = start_weights<float>();
    const auto batch = some_batch(150);
    const auto turns = some_turns(150);
    const auto one = gradients_of<lane>(synthetic().train, batch, turns, 0.1, 1, weights);
    CHECK(reference::largest_magnitude(one.gradients) > 1e-3);
    for (const std::size_t threads : {2u, 3u, 8u}) {
        const auto many = gradients_of<lane>(synthetic().train, batch, turns, 0.1, threads, weights);
        CHECK(many.gradients == one.gradients);
        CHECK(many.loss == one.loss);
    }
}

TEST_CASE_TEMPLATE("a batch of 19 is the mean of its images, the last partial block too", S, lane, double) {
    const double tolerance = sizeof(real_of<S>) == 4 ? 5e-6 : 1e-13;
    const auto weights = start_weights<real_of<S>>();
    const auto batch = some_batch(19);
    const auto turns = some_turns(19);
    const auto all = gradients_of<S>(synthetic().train, batch, turns, 0.1, 1, weights);
    std::vector<double> mean(weights.size());
    double loss = 0;
    for (std::size_t i = 0; i < batch.size(); ++i) {
        const auto alone = gradients_of<S>(synthetic().train, {batch[i]}, {turns[i]}, 0.1, 1, weights);
        loss += alone.loss / 19;
        for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += alone.gradients[k] / 19;
    }
    CHECK(reference::relative_difference(all.gradients, mean) < tolerance);
    CHECK(reference::close(all.loss, loss, tolerance, 0));
}

TEST_CASE("lanes without an image add nothing: 1 to W images on lanes agree with one image at a time in double") {
    const auto exact = start_weights<double>();
    std::vector<float> weights(exact.begin(), exact.end());
    const std::vector<double> same(weights.begin(), weights.end());
    for (const std::size_t count : {std::size_t{1}, std::size_t{5}, lane_count<lane>}) {
        const auto batch = some_batch(count);
        const auto ours = gradients_of<lane>(synthetic().train, batch, {}, 0.0, 1, weights);
        for (const double g : ours.gradients) REQUIRE(std::isfinite(g));
        const auto expected = gradients_of<double>(synthetic().train, batch, {}, 0.0, 1, same);
        CHECK(reference::relative_difference(ours.gradients, expected.gradients) < 2e-5);
        CHECK(reference::close(ours.loss, expected.loss, 1e-6, 0));
    }
}

TEST_CASE("an image turned while loading is the turned image") {
    image_split turned = synthetic().train;
    const auto batch = some_batch(40);
    const auto turns = some_turns(40);
    const std::size_t bytes = synthetic().image_bytes();
    for (std::size_t i = 0; i < batch.size(); ++i)
        for (std::size_t k = 0; k < bytes; ++k)
            turned.pixels[batch[i] * bytes + k] =
                synthetic().train.pixels[batch[i] * bytes + oriented_index(k, 28, 3, turns[i].orientation)];
    const auto weights = start_weights<float>();
    const auto ours = gradients_of<lane>(synthetic().train, batch, turns, 0.0, 1, weights);
    const auto expected = gradients_of<lane>(turned, batch, {}, 0.0, 1, weights);
    CHECK(ours.gradients == expected.gradients);
    CHECK(ours.loss == expected.loss);
    CHECK(ours.loss != gradients_of<lane>(synthetic().train, batch, {}, 0.0, 1, weights).loss);
}

TEST_CASE("the loss is the cross entropy of smoothed labels, and the gradients are its own") {
    const auto& split = synthetic().train;
    const std::size_t classes = synthetic().classes;
    auto weights = start_weights<double>();
    const auto batch = some_batch(7);
    worker_pool pool(1);
    block_runner<model_type, double> runner(model(), pool, batch.size());
    std::vector<double> probabilities(split.count() * classes);
    runner.probabilities(weights.data(), ordered(split), probabilities);
    for (std::size_t i = 0; i < split.count(); ++i) {
        const double* p = probabilities.data() + i * classes;
        REQUIRE(reference::close(std::accumulate(p, p + classes, 0.0), 1, 1e-14, 0));
    }
    for (const double smoothing : {0.0, 0.1, 0.5}) {
        double expected = 0;
        for (const std::uint32_t image : batch)
            for (std::size_t k = 0; k < classes; ++k) {
                const double hit = split.labels[image] == k ? 1 - smoothing : 0;
                const double target = hit + smoothing / static_cast<double>(classes);
                expected -= target * std::log(probabilities[image * classes + k]) / 7;
            }
        CHECK(reference::close(gradients_of<double>(split, batch, {}, smoothing, 1, weights).loss, expected, 1e-12, 0));
    }

    const auto analytic = gradients_of<double>(split, batch, {}, 0.1, 1, weights).gradients;
    for (std::size_t i = 0; i < weights.size(); i += 23) {
        const double kept = weights[i];
        weights[i] = kept + 1e-5;
        const double above = gradients_of<double>(split, batch, {}, 0.1, 1, weights).loss;
        weights[i] = kept - 1e-5;
        const double below = gradients_of<double>(split, batch, {}, 0.1, 1, weights).loss;
        weights[i] = kept;
        INFO("weight " << i);
        CHECK(reference::close(analytic[i], (above - below) / 2e-5, 1e-6, 1e-9));
    }
}

TEST_CASE("probabilities: the same for any number of threads and as in double") {
    const auto weights = start_weights<float>();
    const std::vector<double> same(weights.begin(), weights.end());
    image_split split = synthetic().train;
    split.labels.resize(67);  // the last block is partial
    std::vector<double> one(67 * 4), three(67 * 4), exact(67 * 4);
    worker_pool single(1), pool(3);
    block_runner<model_type, lane>(model(), single, 8).probabilities(weights.data(), ordered(split), one);
    block_runner<model_type, lane>(model(), pool, 8).probabilities(weights.data(), ordered(split), three);
    block_runner<model_type, double>(model(), single, 8).probabilities(same.data(), ordered(split), exact);
    CHECK(one == three);
    CHECK(reference::largest_difference(one, exact) < 1e-5);
}

TEST_CASE("a training step allocates nothing, with augmentation, on one thread and on two") {
    for (const std::size_t threads : {1u, 2u}) {
        const ordered_images images = ordered(synthetic().train);
        worker_pool pool(threads);
        block_runner<model_type, lane> runner(model(), pool, 100);
        auto weights = start_weights<float>();
        std::vector<float> gradients(weights.size());
        optimizer<float> optimiser(model());
        std::vector<std::uint32_t> order(images.count());
        std::vector<image_view> turns(images.count());
        std::vector<double> probabilities(images.count() * 4);
        const training_options options{.augment = augmentation::dihedral};
        const auto steps = [&](std::size_t epoch, std::size_t count) {
            shuffle_epoch(order, 0, epoch);
            for (std::size_t i = 0; i < order.size(); ++i)
                turns[i] = augmented_view(options.augment, 0, epoch, order[i], 28, order.size());
            for (std::size_t first = 0; first < 100 * count; first += 100) {
                runner.gradients(weights.data(), images,
                                 {std::span<const std::uint32_t>(order).subspan(first, 100),
                                  std::span<const image_view>(turns).subspan(first, 100)},
                                 gradients.data());
                optimiser.step(weights.data(), gradients.data(), learning_rate_at(options, epoch * 10, 10), 0.01);
            }
        };
        // Each worker loads once: what a thread keeps for itself is taken then. Neither finishes before both have
        // begun.
        std::atomic<std::size_t> begun = 0;
        pool.run(threads, [&](std::size_t, std::size_t) {
            std::vector<lane> block(model_type::input_shape().size());
            images.load<lane>(std::span<const std::uint32_t>(order).first(1), {}, block.data());
            for (++begun; begun < threads;) std::this_thread::yield();
        });
        steps(1, 1);
        const std::size_t before = allocations_so_far();
        steps(2, 10);
        steps(3, 10);
        runner.probabilities(weights.data(), images, probabilities);
        CHECK(allocations_so_far() - before == 0);
        int* volatile seen = new int(1);  // volatile: clang leaves out an allocation that nobody can see
        CHECK(allocations_so_far() - before == 1);
        delete seen;
    }
}

TEST_CASE("fit: the same bits again, for any number of threads, other bits for another seed") {
    training_options options = quick(3);
    options.augment = augmentation::dihedral;
    options.label_smoothing = 0.1;
    options.weight_decay = 0.05;
    options.schedule = schedule_kind::cosine;
    const auto run = [&] { return fit<lane>(model(), synthetic(), options, silent); };
    const auto first = run();
    CHECK(first.weights.size() == parameter_count(model()));
    const auto is_first = [&](const fit_result<float>& other) {
        return other.weights == first.weights && other.best_epoch == first.best_epoch &&
               other.validation.auc == first.validation.auc && other.validation.accuracy == first.validation.accuracy &&
               other.test.auc == first.test.auc && other.test.accuracy == first.test.accuracy;
    };
    CHECK(is_first(run()));
    options.threads = 2;
    CHECK(is_first(run()));
    options.threads = 3;
    CHECK(is_first(run()));
    options.seed = 1;
    CHECK(run().weights != first.weights);
    options.seed = 0;
    options.augment = augmentation::none;
    CHECK(run().weights != first.weights);
}

TEST_CASE("fit: reports every epoch and keeps the best by validation AUC") {
    const training_options options = quick(12);
    std::vector<epoch_report> reports;
    const auto result = fit<lane>(model(), synthetic(), options, [&](const epoch_report& r) { reports.push_back(r); });
    REQUIRE(reports.size() == 12);
    std::size_t best = 0;
    for (std::size_t i = 0; i < reports.size(); ++i) {
        CHECK(reports[i].epoch == i + 1);
        CHECK(reports[i].learning_rate == 1e-2);
        const bool better = i == 0 || reports[i].validation.auc > reports[best].validation.auc;
        CHECK(reports[i].best == better);
        if (better) best = i;
    }
    CHECK(result.best_epoch == best + 1);
    CHECK(result.validation.auc == reports[best].validation.auc);
    CHECK(result.validation.accuracy == reports[best].validation.accuracy);
    CHECK(reports.back().loss < reports.front().loss);
    CHECK(result.train_seconds > 0);

    // The weights are those of that epoch: they give its scores, and those of the test split.
    worker_pool pool(1);
    block_runner<model_type, lane> runner(model(), pool, 1);
    const auto check_scores = [&](const image_split& split, const score& expected) {
        std::vector<double> probabilities(split.count() * 4);
        runner.probabilities(result.weights.data(), ordered(split), probabilities);
        CHECK(auc(probabilities, split.labels, 4, task::multi_class) == expected.auc);
        CHECK(accuracy(probabilities, split.labels, 4, task::multi_class) == expected.accuracy);
    };
    check_scores(synthetic().validation, result.validation);
    check_scores(synthetic().test, result.test);

    // A run that ends with the best epoch is the same run.
    const auto shorter = fit<lane>(model(), synthetic(), quick(result.best_epoch), silent);
    CHECK(shorter.weights == result.weights);
}

TEST_CASE("fit: of equal epochs the earliest is the best, and the loss is the mean over the training images") {
    training_options options = quick(4);
    options.learning_rate = 0;
    options.batch = 7;  // the last batch has two images
    std::vector<epoch_report> reports;
    const auto result = fit<lane>(model(), synthetic(), options, [&](const epoch_report& r) { reports.push_back(r); });
    CHECK(result.best_epoch == 1);
    REQUIRE(reports.size() == 4);
    for (const epoch_report& r : reports) {
        CHECK(r.best == (r.epoch == 1));
        CHECK(r.validation.auc == reports[0].validation.auc);
    }
    std::vector<float> start(parameter_count(model()));
    initialize(model(), 0, start.data());
    CHECK(result.weights == start);
    std::vector<std::uint32_t> all(synthetic().train.count());
    std::iota(all.begin(), all.end(), 0u);
    const auto whole = gradients_of<lane>(synthetic().train, all, {}, 0.0, 1, start);
    for (const epoch_report& r : reports) CHECK(reference::close(r.loss, whole.loss, 1e-6, 0));
}

TEST_CASE("fit: the test split is read after the last epoch and decides nothing") {
    dataset other = synthetic();
    for (std::uint8_t& pixel : other.test.pixels) pixel = static_cast<std::uint8_t>(255 - pixel);
    const auto expected = fit<lane>(model(), synthetic(), quick(2), silent);
    const auto result = fit<lane>(model(), other, quick(2), silent);
    CHECK(result.weights == expected.weights);
    CHECK(result.validation.auc == expected.validation.auc);
    CHECK(result.test.auc != expected.test.auc);

    std::size_t reported = 0;
    for (image_split dataset::*split : {&dataset::train, &dataset::validation, &dataset::test}) {
        dataset wrong = synthetic();
        (wrong.*split).labels[0] = 9;  // not a class
        CHECK_THROWS_AS(fit<lane>(model(), wrong, quick(2), [&](const epoch_report&) { ++reported; }), bad_input);
    }
    CHECK(reported == 0);
}

TEST_CASE("fit: an exception of the report stops it at once") {
    struct stop {};
    std::size_t reported = 0;
    CHECK_THROWS_AS(fit<lane>(model(), synthetic(), quick(50),
                              [&](const epoch_report& now) {
                                  ++reported;
                                  if (now.epoch == 2) throw stop();
                              }),
                    stop);
    CHECK(reported == 2);
}

TEST_CASE("fit: learns the synthetic set, where guessing is .25") {
    training_options options{
        .epochs = 40, .batch = 64, .learning_rate = 1e-2, .schedule = schedule_kind::cosine, .threads = 2};
    const auto result = fit<lane>(model(), synthetic(), options, silent);
    // Eight seeds: AUC at least .85, accuracy at least .55.
    CHECK(result.test.auc > 0.75);
    CHECK(result.test.accuracy > 0.45);
}

namespace {
/// Test accuracy of softmax regression on normalised pixels: full batches, Adam, weight decay.
double linear_pixel_accuracy(const dataset& data, double decay) {
    const std::size_t pixels = data.image_bytes();
    const std::size_t classes = data.classes;
    auto input = [&](const image_split& split, std::size_t image, std::size_t pixel) {
        return static_cast<float>(split.pixels[image * pixels + pixel]) / 127.5f - 1.0f;
    };
    std::vector<float> x(data.train.count() * pixels);
    for (std::size_t i = 0; i < data.train.count(); ++i)
        for (std::size_t p = 0; p < pixels; ++p) x[i * pixels + p] = input(data.train, i, p);
    std::vector<float> w(classes * pixels), g(w.size()), mean(w.size()), square(w.size());
    for (int step = 1; step <= 60; ++step) {
        std::fill(g.begin(), g.end(), 0.0f);
        for (std::size_t i = 0; i < data.train.count(); ++i) {
            std::vector<float> z(classes);
            for (std::size_t k = 0; k < classes; ++k)
                for (std::size_t p = 0; p < pixels; ++p) z[k] += w[k * pixels + p] * x[i * pixels + p];
            softmax_forward(z.data(), classes);
            z[data.train.labels[i]] -= 1.0f;
            for (std::size_t k = 0; k < classes; ++k)
                for (std::size_t p = 0; p < pixels; ++p)
                    g[k * pixels + p] += z[k] * x[i * pixels + p] / static_cast<float>(data.train.count());
        }
        for (std::size_t j = 0; j < w.size(); ++j) {
            mean[j] = 0.9f * mean[j] + 0.1f * g[j];
            square[j] = 0.99f * square[j] + 0.01f * g[j] * g[j];
            w[j] -= 2e-3f * (mean[j] / (std::sqrt(square[j]) + 1e-8f) + static_cast<float>(decay) * w[j]);
        }
    }
    std::size_t right = 0;
    for (std::size_t i = 0; i < data.test.count(); ++i) {
        std::vector<float> z(classes);
        for (std::size_t k = 0; k < classes; ++k)
            for (std::size_t p = 0; p < pixels; ++p) z[k] += w[k * pixels + p] * input(data.test, i, p);
        right +=
            static_cast<std::size_t>(std::max_element(z.begin(), z.end()) - z.begin()) == data.test.labels[i] ? 1 : 0;
    }
    return static_cast<double>(right) / static_cast<double>(data.test.count());
}
}  // namespace

TEST_CASE("the synthetic set: a linear classifier of pixels does clearly worse than the quantum transformer") {
    const double linear = std::max(linear_pixel_accuracy(synthetic(), 0), linear_pixel_accuracy(synthetic(), 1));
    const training_options options{
        .epochs = 100, .batch = 64, .learning_rate = 1e-2, .schedule = schedule_kind::cosine, .seed = 1};
    const auto quantum = fit<lane>(model(), synthetic(), options, [](const epoch_report&) {});
    MESSAGE("linear " << linear << ", qvit4 " << quantum.test.accuracy);
    CHECK(linear < 0.42);
    CHECK(quantum.test.accuracy > linear + 0.15);
}
