// SPDX-License-Identifier: Apache-2.0
// A run taken apart: resumed to the same bits, ended early, asked for predictions; and what labels become.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/data/orientation.hpp>
#include <qvit/data/synthetic.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/train/fit.hpp>
#include <qvit/train/predict.hpp>

#include "golden/targets_golden.hpp"
#include "reference/close.hpp"
#include "unit/train/count_allocations.hpp"

using namespace qvit;

namespace {

using model_type = models::qvit4<3, pooling::mean>;
using lane = lanes<float>;
using run_type = trainer<lane, model_type>;

const dataset& synthetic() {
    static const dataset set = synthetic_dataset();
    return set;
}
/// The same images asked two questions: is the class odd, is it above 1?
const dataset& two_questions() {
    static const dataset set = [] {
        dataset result = synthetic();
        result.kind = task::multi_label;
        result.classes = 2;
        for (image_split* split : {&result.train, &result.validation, &result.test}) {
            std::vector<std::uint8_t> answers;
            for (const std::uint8_t label : split->labels) {
                answers.push_back(label % 2);
                answers.push_back(label > 1);
            }
            split->labels = answers;
            split->labels_per_image = 2;
        }
        return result;
    }();
    return set;
}
model_type model() { return model_type(synthetic().classes); }
const teacher_signal& some_teacher() {
    static const teacher_signal signal = [] {
        teacher_signal result;
        for (std::size_t i = 0; i < synthetic().train.count() * 4; ++i)
            result.logits.push_back(std::sin(static_cast<double>(i)));
        result.terms = {.labels = 0.5, .soft = 0.5};
        return result;
    }();
    return signal;
}

/// Runs that between them use everything that has a state.
struct run_case {
    const char* name;
    training_options options;
    fit_start<float> start{};
};
std::vector<run_case> cases() {
    training_options adamw{.epochs = 5, .batch = 100, .learning_rate = 1e-2, .weight_decay = 0.05, .clip_norm = 0.3};
    adamw.average = {.decay = 0.97, .warm_up = true};
    adamw.schedule = schedule_kind::cosine;
    adamw.scheduling.warm_up_epochs = 1;
    adamw.label_smoothing = 0.1;
    adamw.augment = augmentation::dihedral;
    adamw.augment.mixup = 0.3;
    adamw.targets.class_weights = {1, 2, 0.5, 1};
    training_options sgd{.epochs = 5, .batch = 70, .learning_rate = 0.05, .weight_decay = 1e-3};
    sgd.optimizer = {.kind = optimizer_kind::sgd, .momentum = 0.9, .nesterov = true};
    sgd.schedule = schedule_kind::one_cycle;
    sgd.targets.ordinal = ordinal_targets::distances;
    sgd.select = selection::loss;
    return {{"AdamW", adamw},
            {"SGD", sgd},
            {"distillation", sgd, {.weights = {}, .teacher = &some_teacher(), .read_test = true}}};
}

struct trace {
    std::vector<double> numbers;  // of all reports, without times
    std::vector<float> weights;
    bool operator==(const trace&) const = default;
};
void note(trace& seen, const epoch_report& now) {
    for (const double number :
         {static_cast<double>(now.epoch), now.learning_rate, now.loss, now.train_accuracy, now.gradient_norm,
          now.validation.auc, now.validation.accuracy, now.validation.loss, now.best ? 1.0 : 0.0})
        seen.numbers.push_back(number);
}
trace whole(const run_case& which, std::size_t threads) {
    training_options options = which.options;
    options.threads = threads;
    trace seen;
    const auto result = fit<lane>(
        model(), synthetic(), options, [&](const epoch_report& now) { note(seen, now); }, which.start);
    seen.weights = result.weights;
    seen.numbers.push_back(result.test.auc);
    return seen;
}
std::string message_of(auto&& action) {
    try {
        action();
    } catch (const bad_input& error) {
        return error.what();
    }
    return "nothing thrown";
}
}  // namespace

TEST_CASE("trainer: a run that is stopped anywhere, saved and resumed by another trainer has the same bits") {
    for (const run_case& which : cases()) {
        INFO(which.name);
        const trace expected = whole(which, 1);
        trace seen;
        std::optional<run_type> run;
        run.emplace(model(), synthetic(), which.options, which.start);
        std::size_t batches = 0;
        while (!run->finished()) {
            // Stops after every seventh batch, wherever in the epoch that is, and sometimes after an epoch.
            const auto now = run->run_epoch([&] { return ++batches % 7 == 0; });
            if (now) note(seen, *now);
            if (now && now->epoch % 2 == 1) continue;
            const training_state<float> saved = run->state();
            training_options other = which.options;
            other.threads = 1 + batches % 2;
            run.emplace(model(), synthetic(), other, which.start);
            run->restore(saved);
        }
        const auto result = run->result();
        seen.weights = result.weights;
        seen.numbers.push_back(result.test.auc);
        CHECK(batches > 14);
        CHECK(seen == expected);
        CHECK(result.epochs == 5);
    }
}

TEST_CASE("trainer: the same bits on 1, 2, 3 and 8 threads, with clipping, averages and a teacher") {
    for (const run_case& which : cases()) {
        INFO(which.name);
        const trace expected = whole(which, 1);
        for (const std::size_t threads : {2u, 3u, 8u}) CHECK(whole(which, threads) == expected);
    }
}

TEST_CASE(
    "trainer: what drop-path drops depends on seed, epoch and image, not on threads or on where a run was stopped") {
    constexpr vit_config config{.colours = 3, .width = 4, .mlp = 4, .pool = pooling::mean, .drop_path_percent = 40};
    using dropping = vision_transformer<config, classical_attention<4>>;
    const dropping student(4);
    training_options options{.epochs = 2, .batch = 100, .learning_rate = 1e-2};
    const auto trained = [&](std::size_t threads, std::uint64_t seed, bool stopped) {
        options.threads = threads;
        options.seed = seed;
        std::vector<float> start(parameter_count(student));
        initialize(student, 0, start.data());
        const fit_start<float> from{.weights = start};
        trainer<lane, dropping> run(student, synthetic(), options, from);
        if (!stopped) {
            while (!run.finished()) run.run_epoch();
            return run.state();
        }
        run.run_epoch();
        run.run_epoch([] { return true; });
        trainer<lane, dropping> later(student, synthetic(), options, from);
        later.restore(run.state());
        later.run_epoch();
        return later.state();
    };
    const auto expected = trained(1, 0, false);
    CHECK(trained(3, 0, false).weights == expected.weights);
    CHECK(trained(2, 0, true).weights == expected.weights);
    // Without random numbers of dropout one batch of all images would not know the seed.
    options.batch = 1080;
    options.epochs = 1;
    options.optimizer.kind = optimizer_kind::sgd;  // rounding stays rounding
    CHECK(reference::largest_difference(trained(1, 1, false).weights, trained(1, 2, false).weights) > 1e-5);
}

TEST_CASE("trainer: every part of the state matters") {
    const run_case which = cases()[0];
    run_type run(model(), synthetic(), which.options);
    run.run_epoch();
    run.run_epoch([] { return true; });
    const training_state<float> saved = run.state();
    CHECK(saved.epoch == 1);
    CHECK(saved.batch == 1);
    CHECK(saved.step == 12);
    CHECK(saved.weights != saved.average);
    CHECK(saved.best_weights.size() == saved.weights.size());
    const auto after = [&](auto&& change) {
        training_state<float> changed = saved;
        change(changed);
        run.restore(changed);
        return std::pair{run.run_epoch()->loss, run.state()};
    };
    const auto [loss, state] = after([](auto&) {});
    CHECK(after([](auto&) {}).second.weights == state.weights);
    CHECK(after([](auto& s) { s.weights[0] += 1; }).second.weights != state.weights);
    CHECK(after([](auto& s) { s.average[0] += 1; }).second.average != state.average);
    CHECK(after([](auto& s) { s.first_moment[0] += 1; }).second.weights != state.weights);
    CHECK(after([](auto& s) { s.second_moment[0] += 1; }).second.weights != state.weights);
    CHECK(after([](auto& s) { s.epoch_loss += 1; }).first != loss);
    CHECK(after([](auto& s) { s.best_auc = 2; }).second.best_epoch == 1);
    // Every member is named once.
    std::vector<std::string> names;
    std::size_t reals = 0;
    training_state<float>::visit(
        saved, [&](const char* name, const std::vector<float>& v) { names.emplace_back(name), reals += v.size(); },
        [&](const char* name, auto) { names.emplace_back(name); });
    CHECK(reals == 5 * parameter_count(model()));
    CHECK(names.size() == 16);
    std::sort(names.begin(), names.end());
    CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
}

TEST_CASE("trainer: another run's state is refused with what differs") {
    const run_case which = cases()[0];
    run_type run(model(), synthetic(), which.options);
    run.run_epoch();
    const training_state<float> saved = run.state();
    const auto refused = [&](auto&& change) {
        training_options options = which.options;
        training_state<float> state = saved;
        change(options, state);
        run_type other(model(), synthetic(), options);
        return message_of([&] { other.restore(state); });
    };
    CHECK(refused([](auto& o, auto&) { o.threads = 2; }) == "nothing thrown");
    CHECK(refused([](auto& o, auto&) { o.learning_rate = 0.5; }) ==
          "[qvit::trainer] the saved state is another run's: expected learning_rate = 0.5, found learning_rate = "
          "0.01");
    CHECK(refused([](auto& o, auto&) {
              o.targets.class_weights = {1, 1, 1, 1};
          }) ==
          "[qvit::trainer] the saved state is another run's: expected class_weights = 1 1 1 1, found class_weights = "
          "1 2 0.5 1");
    CHECK(refused([](auto&, auto& s) { s.settings.clear(); }) ==
          "[qvit::trainer] the saved state is another run's: expected epochs = 5, found no more settings");
    CHECK(refused([](auto&, auto& s) { s.weights.pop_back(); }) ==
          "[qvit::trainer] expected 900 entries of weights in the saved state, found 899");
    CHECK(refused([](auto&, auto& s) { s.average.clear(); }) ==
          "[qvit::trainer] expected 900 entries of average in the saved state, found 0");
    CHECK(refused([](auto&, auto& s) { s.batch = 11; }).starts_with("[qvit::trainer] the saved state contradicts"));
    CHECK(refused([](auto&, auto& s) { ++s.step; }).starts_with("[qvit::trainer] the saved state contradicts"));
    CHECK(refused([](auto&, auto& s) { s.best_epoch = 2; }).starts_with("[qvit::trainer] the saved state contradicts"));
    // What a run starts from is part of it.
    std::vector<float> begun = saved.weights;
    const auto settings_from = [&] {
        return run_type(model(), synthetic(), which.options, {.weights = begun}).state();
    };
    const training_state<float> one = settings_from();
    begun[7] += 1;
    run_type moved(model(), synthetic(), which.options, {.weights = begun});
    CHECK(message_of([&] {
              moved.restore(one);
          }).starts_with("[qvit::trainer] the saved state is another run's: expected start_weights = "));
    // A teacher is part of the run.
    const run_case taught = cases()[2];
    run_type student(model(), synthetic(), taught.options, taught.start);
    const auto lesson = student.state();
    teacher_signal other = some_teacher();
    other.logits[5] += 1;
    run_type elsewhere(model(), synthetic(), taught.options, {.weights = {}, .teacher = &other});
    CHECK(message_of([&] {
              elsewhere.restore(lesson);
          }).starts_with("[qvit::trainer] the saved state is another run's: expected lessons = "));
}

TEST_CASE("trainer: a step allocates nothing, with augmentation, clipping, an average, a teacher") {
    for (const run_case& which : cases()) {
        INFO(which.name);
        run_type run(model(), synthetic(), which.options, which.start);
        run.run_epoch();
        run.run_epoch([] { return true; });
        const std::size_t before = allocations_so_far();
        for (int i = 0; i < 5; ++i) run.run_epoch([] { return true; });
        CHECK(allocations_so_far() - before == 0);
        CHECK(run.state().batch == 6);
    }
}

TEST_CASE("trainer: patience ends a run, and the criterion chooses the epoch") {
    for (const selection by : {selection::auc, selection::accuracy, selection::loss}) {
        training_options options{
            .epochs = 300, .batch = 50, .learning_rate = 2e-2, .schedule = schedule_kind::constant};
        options.select = by;
        options.patience = 3;
        std::vector<double> values;
        const auto result = fit<lane>(model(), synthetic(), options, [&](const epoch_report& now) {
            values.push_back(by == selection::auc        ? now.validation.auc
                             : by == selection::accuracy ? now.validation.accuracy
                                                         : -now.validation.loss);
        });
        const auto best = std::max_element(values.begin(), values.end()) - values.begin();
        CHECK(result.best_epoch == static_cast<std::size_t>(best) + 1);
        CHECK(result.epochs == values.size());
        REQUIRE(values.size() < 300);  // or this run tells nothing
        CHECK(values.size() == result.best_epoch + 3);
    }
}

TEST_CASE("trainer: the report's numbers are those of the passes that were trained on") {
    training_options options{.epochs = 1, .batch = 2000, .learning_rate = 0};
    run_type run(model(), synthetic(), options);
    const auto now = *run.run_epoch();
    const std::vector<float> weights = run.state().weights;
    const auto scores = predict<lane>(model(), weights, synthetic().train, task::multi_class);
    CHECK(reference::close(now.train_accuracy, accuracy(scores, synthetic().train.labels, 4, task::multi_class), 1e-12,
                           0));
    double loss = 0;
    for (std::size_t i = 0; i < synthetic().train.count(); ++i)
        loss -= std::log(scores[i * 4 + synthetic().train.labels[i]]);
    CHECK(reference::close(now.loss, loss / static_cast<double>(synthetic().train.count()), 1e-5, 0));
    const auto judged = predict<lane>(model(), weights, synthetic().validation, task::multi_class);
    loss = 0;
    for (std::size_t i = 0; i < synthetic().validation.count(); ++i)
        loss -= std::log(judged[i * 4 + synthetic().validation.labels[i]]);
    CHECK(reference::close(now.validation.loss, loss / static_cast<double>(synthetic().validation.count()), 1e-5, 0));
    worker_pool pool(1);
    block_runner<model_type, lane> runner(model(), pool, 1080);
    std::vector<float> gradient(weights.size());
    std::vector<std::uint32_t> all(1080);
    std::iota(all.begin(), all.end(), 0u);
    const auto outcome =
        runner.gradients(weights.data(), ordered_images(synthetic().train, 28, 3, patch_order(model_type::config)),
                         {all}, gradient.data());
    CHECK(reference::close(outcome.squared_norm, squared_norm<float>(gradient), 1e-12, 0));
    CHECK(reference::close(now.gradient_norm, std::sqrt(outcome.squared_norm), 1e-3, 0));  // another order of images
    CHECK(now.seconds > 0);
    CHECK(now.images_per_second > 0);
}

TEST_CASE("trainer: with an average its weights are scored and kept") {
    training_options options{.epochs = 2, .batch = 100, .learning_rate = 1e-2};
    options.average.decay = 0.9;
    run_type run(model(), synthetic(), options);
    run.run_epoch();
    const auto now = *run.run_epoch();
    const auto state = run.state();
    CHECK(run.current_weights() == state.average);
    const auto scores = predict<lane>(model(), state.average, synthetic().validation, task::multi_class);
    CHECK(auc(scores, synthetic().validation.labels, 4, task::multi_class) == now.validation.auc);
    if (now.best) CHECK(state.best_weights == state.average);
    options.average.decay = 1;
    CHECK(message_of([&] { run_type(model(), synthetic(), options); }) ==
          "[qvit::fit] the decay of the weights' average must be at least 0 and below 1, found 1.000000");
}

TEST_CASE("trainer: augmentation out of range is refused with what was found") {
    const auto refused = [](augmentation how) {
        return message_of([&] { run_type(model(), synthetic(), {.epochs = 1, .augment = how}); });
    };
    const std::string begin = "[qvit::fit] ";
    CHECK(refused({.shift = 29}) ==
          begin + "the shift of augmented images, in pixels, must be from 0 to 28.000000, found 29.000000");
    CHECK(refused({.rotation = 181}) ==
          begin + "their rotation, in degrees, must be from 0 to 180.000000, found 181.000000");
    CHECK(refused({.brightness = 1.5}) ==
          begin + "their change of brightness must be from 0 to 1.000000, found 1.500000");
    CHECK(refused({.contrast = -1}) == begin + "their change of contrast must be from 0 to 1.000000, found -1.000000");
    CHECK(refused({.cutout = 40}) ==
          begin + "the side of the square cut out of them must be from 0 to 28.000000, found 40.000000");
    CHECK(refused({.mixup = std::numeric_limits<double>::quiet_NaN()}) ==
          begin + "the alpha of their mixture must be from 0 to 4.000000, found nan");
    CHECK(refused({.shift = 28, .rotation = 180, .brightness = 1, .contrast = 1, .cutout = 28, .mixup = 4}) ==
          "nothing thrown");
}

TEST_CASE("predict: listed images, logits, and the mean over orientations") {
    std::vector<float> weights(parameter_count(model()));
    initialize(model(), 4, weights.data());
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] += 0.1f * std::sin(7.0f * static_cast<float>(i));
    const image_split& split = synthetic().test;
    const auto all = predict<lane>(model(), weights, split, task::multi_class);
    REQUIRE(all.size() == split.count() * 4);
    const std::vector<std::uint32_t> some{17, 3, 3, 250, 0};
    const auto listed = predict<lane>(model(), weights, split, task::multi_class, {.images = some}, 2);
    const auto raw = predict<lane>(model(), weights, split, task::multi_class, {.images = some, .logits = true});
    for (std::size_t i = 0; i < some.size(); ++i) {
        double total = 0;
        for (std::size_t k = 0; k < 4; ++k) total += std::exp(raw[i * 4 + k]);
        for (std::size_t k = 0; k < 4; ++k) {
            CHECK(listed[i * 4 + k] == all[some[i] * 4 + k]);
            CHECK(reference::close(listed[i * 4 + k], std::exp(raw[i * 4 + k]) / total, 1e-5, 0));
        }
    }
    for (const symmetry shown : {symmetry::mirror, symmetry::flips, symmetry::dihedral}) {
        const auto turned = predict<lane>(model(), weights, split, task::multi_class, {.images = some, .shown = shown});
        std::vector<double> mean(turned.size());
        const std::size_t count = orientations_of(shown);
        for (std::size_t o = 0; o < count; ++o) {
            image_split other = split;
            for (std::size_t i = 0; i < split.count(); ++i)
                for (std::size_t k = 0; k < 28 * 28 * 3; ++k)
                    other.pixels[i * 28 * 28 * 3 + k] = split.pixels[i * 28 * 28 * 3 + oriented_index(k, 28, 3, o)];
            const auto one = predict<lane>(model(), weights, other, task::multi_class, {.images = some});
            for (std::size_t i = 0; i < mean.size(); ++i) mean[i] += one[i] / static_cast<double>(count);
        }
        CHECK(reference::largest_difference(turned, mean) < 1e-12);
        CHECK(reference::largest_difference(turned, listed) > 1e-4);
    }
    const std::vector<std::uint32_t> beyond{400};
    CHECK(message_of([&] { predict<lane>(model(), weights, split, task::multi_class, {.images = beyond}); }) ==
          "[qvit::predict] expected numbers of 400 images, found 400");
    CHECK(predict<lane>(model(), weights, split, task::multi_class, {.images = std::span<const std::uint32_t>{}})
              .empty());
    weights.pop_back();
    CHECK(message_of([&] { predict<lane>(model(), weights, split, task::multi_class); }) ==
          "[qvit::predict] expected 900 weights, as many as the model has, found 899");
}

TEST_CASE("several labels per image: sigmoids, their loss, and a run that learns") {
    const model_type asked(2);
    training_options options{.epochs = 25, .batch = 64, .learning_rate = 1e-2, .schedule = schedule_kind::cosine};
    std::vector<epoch_report> reports;
    const auto result =
        fit<lane>(asked, two_questions(), options, [&](const epoch_report& now) { reports.push_back(now); });
    const auto scores = predict<lane>(asked, result.weights, two_questions().validation, task::multi_label);
    const auto logits =
        predict<lane>(asked, result.weights, two_questions().validation, task::multi_label, {.logits = true});
    double loss = 0;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        CHECK(reference::close(scores[i], 1 / (1 + std::exp(-logits[i])), 1e-5, 1e-7));
        const bool yes = two_questions().validation.labels[i] == 1;
        loss -= std::log(yes ? scores[i] : 1 - scores[i]) / static_cast<double>(scores.size());
    }
    CHECK(reference::close(result.validation.loss, loss, 1e-4, 0));
    CHECK(result.validation.auc == auc(scores, two_questions().validation.labels, 2, task::multi_label));
    CHECK(result.validation.accuracy == accuracy(scores, two_questions().validation.labels, 2, task::multi_label));
    CHECK(reports.back().loss < reports.front().loss - 0.03);
    CHECK(reports.back().train_accuracy > reports.front().train_accuracy);
    CHECK(result.test.auc > 0.6);
}

TEST_CASE("grades as levels: a model with a logit less, probabilities that sum to one, a run that learns") {
    const model_type graded(3);
    training_options options{.epochs = 25, .batch = 64, .learning_rate = 1e-2, .schedule = schedule_kind::cosine};
    options.targets.ordinal = ordinal_targets::levels;
    std::vector<epoch_report> reports;
    const auto result =
        fit<lane>(graded, synthetic(), options, [&](const epoch_report& now) { reports.push_back(now); });
    const image_split& split = synthetic().validation;
    const auto scores = predict<lane>(graded, result.weights, split, task::ordinal_regression, {.levels = true});
    const auto logits =
        predict<lane>(graded, result.weights, split, task::ordinal_regression, {.levels = true, .logits = true});
    REQUIRE(scores.size() == split.count() * 4);
    REQUIRE(logits.size() == split.count() * 3);
    double loss = 0;
    for (std::size_t i = 0; i < split.count(); ++i) {
        CHECK(reference::close(scores[4 * i] + scores[4 * i + 1] + scores[4 * i + 2] + scores[4 * i + 3], 1, 1e-6, 0));
        for (std::size_t k = 0; k < 3; ++k)
            loss += std::log1p(std::exp(split.labels[i] > k ? -logits[3 * i + k] : logits[3 * i + k]));
    }
    CHECK(reference::close(result.validation.loss, loss / static_cast<double>(split.count()), 1e-5, 0));
    CHECK(result.validation.auc == auc(scores, split.labels, 4, task::multi_class));
    CHECK(reports.back().loss < reports.front().loss - 0.05);
    CHECK(reports.back().train_accuracy > 0.3);
    CHECK(message_of([&] { run_type(model(), synthetic(), options); }) ==
          "[qvit::fit] expected 5 grades in the data set, one more than the model's logits, found 4");
    CHECK(message_of([&] { run_type(graded, synthetic(), options, {.weights = {}, .teacher = &some_teacher()}); }) ==
          "[qvit::fit] a teacher's logits need one label per image and a logit for every class");
}

TEST_CASE("losses of labels are torch's: class weights, smoothing, several labels, grades") {
    namespace golden = targets_golden;
    for (const golden::golden_case& expected : golden::cases) {
        INFO(expected.name);
        const objective towards{label_targets(expected.kind, 4, expected.smoothing, expected.options)};
        const auto& labels = expected.kind == task::multi_label ? golden::several : golden::labels;
        const std::vector<std::uint32_t> batch{0, 1, 2, 3, 4, 5};
        const double total = towards.targets.total_weight(labels, batch);
        double loss = 0;
        for (const std::uint32_t image : batch) {
            arena memory(1 << 12);
            double none = 0;
            training_tape<double> tape(memory, &none, &none);
            auto z = tape.create(shape<1, 4>{});
            std::copy_n(golden::logits[image], 4, z.value);
            const block_labels asked{labels, std::span(&image, 1), {}, total};
            const auto y = towards.loss<double>(tape, &asked, z);
            loss += y(0);
            std::move(tape).backward(y);
            for (std::size_t k = 0; k < 4; ++k)
                CHECK(reference::close(z.d(0, k), expected.gradient[image][k], 1e-10, 1e-12));
        }
        CHECK(reference::close(loss, expected.loss, 1e-12, 0));
    }
}

TEST_CASE("targets of a mixed image are both images' by their shares, weights and loss too") {
    const label_targets plain(task::multi_class, 3, 0, {.class_weights = {1, 4, 2}});
    const std::vector<std::uint8_t> labels{0, 1, 2};
    const std::vector<std::uint32_t> images{0, 2};
    const std::vector<image_view> views{{.partner = 1, .share = 0.75f}, {}};
    const double total = plain.total_weight(labels, images, views);
    CHECK(total == 0.75 * 1 + 0.25 * 4 + 2);
    double targets[3];
    const double weight =
        plain.fill<double>({labels, std::span(images).first(1), std::span(views).first(1), total}, targets);
    CHECK(reference::close(weight, 1.75 / total, 1e-15, 0));
    CHECK(reference::close(targets[0], 0.75 / 1.75, 1e-15, 0));
    CHECK(reference::close(targets[1], 1 / 1.75, 1e-15, 0));
    CHECK(targets[2] == 0);
}

TEST_CASE("targets that do not fit are refused") {
    CHECK(message_of([] {
              label_targets(task::multi_class, 3, 0, {.class_weights = {1, 2}});
          }) == "[qvit::label_targets] expected one class weight for each of 3 classes, found 2");
    CHECK(message_of([] {
              label_targets(task::multi_class, 2, 0, {.class_weights = {1, -2}});
          }) == "[qvit::label_targets] class weights must not be negative, found -2.000000");
    CHECK(message_of([] { label_targets(task::multi_label, 2, 0, {.ordinal = ordinal_targets::distances}); }) ==
          "[qvit::label_targets] ordinal targets need one label per image; this set has several");
}
