// SPDX-License-Identifier: Apache-2.0
// What a student learns from a teacher's tokens and attention: every term, through the loop that trains.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/data/synthetic.hpp>
#include <qvit/kd/distillation_token_loss.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/nn/gradient_check_module.hpp>
#include <qvit/train/fit.hpp>
#include <qvit/train/mean_of_teachers.hpp>
#include <qvit/train/predict.hpp>
#include <qvit/train/taught_student.hpp>
#include <qvit/train/teach.hpp>

#include "reference/close.hpp"
#include "unit/train/count_allocations.hpp"

using namespace qvit;

namespace {
using student_type = models::qvit4<3, pooling::mean>;
using teacher_type =
    vision_transformer<vit_config{.width = 6, .depth = 1, .mlp = 3, .pool = pooling::mean}, classical_attention<6, 2>>;
using taught_type = taught_student<student_type>;
using lane = lanes<float>;

const dataset& data() {
    static const dataset set = synthetic_dataset();
    return set;
}
student_type student() { return student_type(data().classes); }
teacher_type teacher() { return teacher_type(data().classes); }
template <class R, class Model>
std::vector<R> start_of(const Model& model) {
    std::vector<R> weights(parameter_count(model));
    initialize(model, 21, weights.data());
    for (R& w : weights) w *= R(3);  // teachers that say more than that all is alike
    return weights;
}
constexpr distillation_terms all_terms{.labels = 0.3,
                                       .soft = 0.5,
                                       .hard = 0.2,
                                       .answers = 0.1,
                                       .temperature = 3,
                                       .reduction = class_reduction::mean,
                                       .hint = 0.4,
                                       .attention_map = 2,
                                       .relations = 3,
                                       .values = 0.7,
                                       .similarities = 5,
                                       .distances = 0.6};
const teacher_signal& whole_lesson() {
    static const teacher_signal signal =
        teach<lane>(teacher(), start_of<float>(teacher()), data(), {.terms = all_terms}, 2);
    return signal;
}
std::string message_of(auto&& action) {
    try {
        action();
    } catch (const bad_input& error) {
        return error.what();
    }
    return "nothing thrown";
}

/// Gradients of all weights of a student that is taught on one image, against central differences.
double gradient_error(const teacher_signal& signal) {
    const std::size_t projected =
        signal.terms.projection == hint_projection::learnt && signal.terms.hint != 0 ? signal.features.channels : 0;
    const objective towards{label_targets(task::multi_class, data().classes, 0.1), &signal};
    const ordered_images images(data().train, 28, 3, patch_order(student_type::config));
    const std::uint32_t chosen[] = {11};
    const block_labels asked{data().train.labels, chosen, {}, 1};
    return gradient_check(taught_type(student(), projected),
                          [&](auto& tape, const auto& model) {
                              const auto input = tape.create_constant(student_type::input_shape{});
                              const bool planning = input.value == nullptr;
                              if (!planning) images.load(chosen, {}, input.value);
                              return towards.run<double>(tape, model, input, planning ? nullptr : &asked).loss;
                          })
        .largest_error;
}
}  // namespace

TEST_CASE("taught student: every term on its own and all together, gradients of all weights") {
    const auto one = [](double distillation_terms::*weight) {
        teacher_signal signal = whole_lesson();
        signal.terms = {.soft = 0, .temperature = 3};
        signal.terms.*weight = 0.8;
        return signal;
    };
    for (const auto weight :
         {&distillation_terms::labels, &distillation_terms::soft, &distillation_terms::hard,
          &distillation_terms::answers, &distillation_terms::hint, &distillation_terms::attention_map,
          &distillation_terms::relations, &distillation_terms::values, &distillation_terms::similarities,
          &distillation_terms::distances})
        CHECK(gradient_error(one(weight)) < 1e-7);
    CHECK(gradient_error(whole_lesson()) < 1e-7);

    distillation_terms fixed = all_terms;
    fixed.projection = hint_projection::fixed;
    const teacher_signal projected =
        teach<lane>(teacher(), start_of<float>(teacher()), data(), {.terms = fixed, .student_width = 4, .seed = 9});
    CHECK(gradient_error(projected) < 1e-7);
    // Its hints are the teacher's tokens times one matrix.
    std::vector<float> matrix(4 * 6);
    random_projection(9, 4, 6, matrix.data());
    const float* const tokens = whole_lesson().features.hints.data() + 500 * 16 * 6 + 7 * 6;
    for (std::size_t o = 0; o < 4; ++o) {
        float expected = 0;
        for (std::size_t c = 0; c < 6; ++c) expected += matrix[o * 6 + c] * tokens[c];
        CHECK(reference::close(projected.features.hints[500 * 16 * 4 + 7 * 4 + o], expected, 1e-5, 1e-5));
    }
}

TEST_CASE("taught student: the loss is the weighted sum of its terms") {
    const ordered_images images(data().train, 28, 3, patch_order(student_type::config));
    const taught_type model(student(), 6);
    const auto weights = start_of<float>(model);
    std::vector<float> total(weights.size());
    worker_pool pool(1);
    const std::vector<std::uint32_t> batch{3, 700, 12, 44, 9};
    const auto loss_of = [&](const distillation_terms& terms) {
        teacher_signal signal = whole_lesson();
        signal.terms = terms;
        block_runner<taught_type, lane> runner(model, pool, 5,
                                               {label_targets(task::multi_class, data().classes), &signal});
        return runner.gradients(weights.data(), images, {batch}, total.data()).loss;
    };
    double sum = 0;
    for (const auto weight :
         {&distillation_terms::labels, &distillation_terms::soft, &distillation_terms::hard,
          &distillation_terms::answers, &distillation_terms::hint, &distillation_terms::attention_map,
          &distillation_terms::relations, &distillation_terms::values, &distillation_terms::similarities,
          &distillation_terms::distances}) {
        distillation_terms one{.soft = 0, .temperature = all_terms.temperature, .reduction = all_terms.reduction};
        one.*weight = 1;
        const double loss = loss_of(one);
        CHECK(loss > 1e-5);
        sum += all_terms.*weight * loss;
    }
    CHECK(reference::close(loss_of(all_terms), sum, 1e-5, 0));
}

TEST_CASE("taught student: one that sees what its teacher sees learns nothing, in every orientation") {
    const distillation_terms terms{
        .soft = 0, .answers = 1, .attention_map = 1, .relations = 1, .values = 1, .similarities = 1, .distances = 1};
    const auto weights = start_of<float>(student());
    const teacher_signal own = teach<lane>(student(), weights, data(), {.terms = terms, .shown = symmetry::flips});
    CHECK(own.orientations == 4);
    CHECK(own.logits.size() == data().train.count() * 4 * data().classes);
    const ordered_images images(data().train, 28, 3, patch_order(student_type::config));
    std::vector<std::uint32_t> batch(37);
    std::vector<image_view> views(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i) {
        batch[i] = static_cast<std::uint32_t>((911 * i + 5) % data().train.count());
        views[i].orientation = static_cast<std::uint8_t>(i % 4);
    }
    std::vector<float> total(weights.size());
    const auto learnt = [&](const teacher_signal& signal) {
        worker_pool pool(1);
        block_runner<taught_type, lane> runner(taught_type(student()), pool, batch.size(),
                                               {label_targets(task::multi_class, data().classes), &signal});
        const double loss = runner.gradients(weights.data(), images, {batch, views}, total.data()).loss;
        float largest = 0;
        for (const float g : total) largest = std::max(largest, std::fabs(g));
        return std::max(std::fabs(loss), static_cast<double>(largest));
    };
    CHECK(learnt(own) < 1e-5);
    // A row too far, the lesson is another view's.
    teacher_features::visit(
        own.features, terms, [&](const std::string& name, const auto& table, std::size_t size, double weight) {
            if (weight == 0) return;
            INFO(name);
            REQUIRE(table.size() == data().train.count() * 4 * size);
            teacher_signal other = own;
            teacher_features::visit(
                other.features, terms, [&](const std::string& same, auto& moved, std::size_t row, double) {
                    if (same == name)
                        std::rotate(moved.begin(), moved.begin() + static_cast<std::ptrdiff_t>(row), moved.end());
                });
            CHECK(learnt(other) > 1e-4);
        });
}

TEST_CASE("taught student: stopped, resumed, on any threads, the same bits, and a step allocates nothing") {
    const taught_type model(student(), 6);
    const fit_start<float> start{.weights = {}, .teacher = &whole_lesson(), .read_test = true};
    training_options options{.epochs = 2, .batch = 100, .learning_rate = 5e-3, .seed = 4};
    options.augment.brightness = 0.1;
    using run_type = trainer<lane, taught_type>;
    const auto weights_of = [&](std::size_t threads) {
        options.threads = threads;
        return fit<lane>(
                   model, data(), options, [](const epoch_report&) {}, start)
            .weights;
    };
    const auto expected = weights_of(1);
    CHECK(expected.size() == parameter_count(student()) + 4 * 6 + 6);
    CHECK(weights_of(2) == expected);
    options.threads = 1;

    std::optional<run_type> run(std::in_place, model, data(), options, start);
    std::size_t batches = 0;
    while (!run->finished()) {
        run->run_epoch([&] { return ++batches % 4 == 0; });
        const auto saved = run->state();
        run.emplace(model, data(), options, start);
        run->restore(saved);
    }
    CHECK(run->result().weights == expected);

    run.emplace(model, data(), options, start);
    run->run_epoch([] { return true; });
    const std::size_t before = allocations_so_far();
    for (int i = 0; i < 5; ++i) run->run_epoch([] { return true; });
    CHECK(allocations_so_far() - before == 0);

    // Features are part of the run.
    const auto saved = run->state();
    teacher_signal other = whole_lesson();
    other.features.distances[5] += 1;
    run_type elsewhere(model, data(), options, {.weights = {}, .teacher = &other});
    CHECK(message_of([&] {
              elsewhere.restore(saved);
          }).starts_with("[qvit::trainer] the saved state is another run's: expected lessons = "));
}

TEST_CASE("taught student: without features it is the student") {
    teacher_signal signal = whole_lesson();
    signal.terms = {.labels = 0.5, .soft = 0.5};
    const training_options options{.epochs = 1, .learning_rate = 5e-3, .seed = 4};
    const auto ignore = [](const epoch_report&) {};
    const fit_start<float> start{.weights = {}, .teacher = &signal};
    CHECK(fit<lane>(taught_type(student()), data(), options, ignore, start).weights ==
          fit<lane>(student(), data(), options, ignore, start).weights);
}

TEST_CASE("taught student: a distillation token learns from the teacher, the class token from the labels") {
    using two_headed = vision_transformer<
        vit_config{.image = 4, .colours = 1, .patch = 2, .width = 4, .depth = 1, .mlp = 3, .distillation_token = true},
        classical_attention<4, 2>>;
    const two_headed model(3);
    const teacher_signal signal{{0.3, -1, 2, 1, 0.2, -0.5},
                                {.labels = 0.4, .soft = 0, .hard = 0.6, .second_head = true}};
    const label_targets targets(task::multi_class, 3);
    const std::vector<std::uint8_t> labels{2, 1};
    const std::uint32_t chosen[] = {1};
    const block_labels asked{labels, chosen, {}, 1};
    const objective towards{targets, &signal};
    const auto by_objective = [&](auto& tape, const auto& m, auto images) {
        const bool planning = tape.create_constant(shape<1>{}).value == nullptr;
        return towards.run<double>(tape, m, images, planning ? nullptr : &asked).loss;
    };
    CHECK(gradient_check(model, by_objective, two_headed::input_shape{}).largest_error < 1e-7);

    const double one_hot[] = {0, 1, 0};
    const auto weights = start_of<double>(model);
    const auto value_of = [&](auto&& loss) {
        arena memory(1 << 16);
        std::vector<double> gradient(weights.size());
        training_tape<double> tape(memory, weights.data(), gradient.data());
        const auto input = tape.create_constant(two_headed::input_shape{});
        for (std::size_t i = 0; i < input.size(); ++i) input.value[i] = std::sin(static_cast<double>(i));
        const auto y = loss(tape, input);
        std::move(tape).backward(y);
        gradient.push_back(y(0));
        return gradient;
    };
    const auto found = value_of([&](auto& tape, auto input) { return by_objective(tape, model, input); });
    const auto expected = value_of([&](auto& tape, auto input) {
        return distillation_token_loss<double>(tape, model.both_heads(tape, input),
                                               {.target = distillation_target::hard, .share = 0.6}, one_hot,
                                               signal.logits.data() + 3, 1.0);
    });
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(reference::close(found[i], expected[i], 1e-12, 1e-14));
}

TEST_CASE("an ensemble of teachers: the mean of logits, the mean of probabilities") {
    const std::vector<std::vector<double>> both{{0, std::log(3.0), 5, 5}, {0, 0, 1, 3}};
    CHECK(mean_of_teachers(both, 2) == std::vector<double>{0, std::log(3.0) / 2, 3, 4});
    const auto mean = mean_of_teachers(both, 2, teacher_mean::probabilities);
    const double second = (0.5 + 1 / (1 + std::exp(2.0))) / 2;
    CHECK(reference::close(std::exp(mean[0]), 0.375, 1e-12, 0));
    CHECK(reference::close(std::exp(mean[1]), 0.625, 1e-12, 0));
    CHECK(reference::close(std::exp(mean[2]), second, 1e-12, 0));
    CHECK(reference::close(std::exp(mean[3]), 1 - second, 1e-12, 0));
    const std::vector<std::vector<double>> certain{{-2000, 2000}};
    CHECK(std::isfinite(mean_of_teachers(certain, 2, teacher_mean::probabilities)[0]));
    CHECK(message_of([&] { mean_of_teachers(both, 3); }) ==
          "[qvit::mean_of_teachers] expected 4 logits of every teacher, 3 per row, found 4");
    CHECK(message_of([] { mean_of_teachers({}, 2); }) ==
          "[qvit::mean_of_teachers] expected a teacher and a class at least");
}

TEST_CASE("teach: its logits are the model's, its memory is known before, what does not fit is refused") {
    const auto weights = start_of<float>(teacher());
    CHECK(whole_lesson().logits == training_logits<lane>(teacher(), data(), weights, 1));
    const std::size_t rows = data().train.count();
    const std::size_t bytes = rows * (4 * 8 + 4 * (16 * 6 + 16 + 4 * 16 * 16));
    CHECK(lesson_bytes(teacher(), rows, {.terms = all_terms}) == bytes);
    CHECK(message_of([&] { teach<lane>(teacher(), weights, data(), {.terms = all_terms, .memory = bytes - 1}); }) ==
          "[qvit::teach] what the teacher says of 1080 images takes " + std::to_string(bytes) +
              " bytes, more than the " + std::to_string(bytes - 1) + " allowed; ask for fewer terms or orientations");
    CHECK(message_of([&] {
              teach<lane>(teacher(), {1, 2}, data());
          }) ==
          "[qvit::teach] expected " + std::to_string(weights.size()) + " weights, as many as the teacher has, found 2");
    distillation_terms fixed{.hint = 1, .projection = hint_projection::fixed};
    CHECK(message_of([&] { teach<lane>(teacher(), weights, data(), {.terms = fixed}); }) ==
          "[qvit::teach] a fixed projection needs the student's width");

    const auto refused = [](auto&& change, std::size_t channels = 6) {
        teacher_signal signal = whole_lesson();
        training_options options{.epochs = 1};
        change(signal, options);
        return message_of([&] {
            trainer<lane, taught_type>(taught_type(student(), channels), data(), options,
                                       {.weights = {}, .teacher = &signal});
        });
    };
    CHECK(refused([](auto&, auto&) {}) == "nothing thrown");
    CHECK(refused([](auto&, auto&) {}, 5) ==
          "[qvit::fit] expected 5 channels of the teacher, as of taught_student, found 6");
    CHECK(refused([](auto& s, auto&) { s.features.tokens = 17; }) ==
          "[qvit::fit] expected 16 tokens of the teacher, as many as the student's, found 17");
    CHECK(refused([](auto& s, auto&) { s.features.maps.pop_back(); }) ==
          "[qvit::fit] expected 17280 numbers of the teacher's maps, found 17279");
    CHECK(refused([](auto& s, auto&) { s.logits[7] = NAN; }) ==
          "[qvit::fit] a teacher's logits must be finite numbers");
    CHECK(refused([](auto& s, auto&) { s.terms.hint = -1; }) ==
          "[qvit::fit] a teacher's terms need weights that are not negative, one of them positive, and a positive "
          "temperature");
    CHECK(refused([](auto& s, auto&) { s.terms.second_head = true; }) ==
          "[qvit::fit] a second head to teach needs a model with a distillation token");
    const std::string views =
        "[qvit::fit] a teacher's features belong to the views it saw: no shift, rotation, cutout "
        "or mixup, and the orientations of the augmentation";
    CHECK(refused([](auto&, auto& o) { o.augment.shift = 1; }) == views);
    CHECK(refused([](auto&, auto& o) { o.augment.symmetries = symmetry::mirror; }) == views);
    CHECK(message_of([] {
              trainer<lane, student_type>(student(), data(), {.epochs = 1},
                                          {.weights = {}, .teacher = &whole_lesson()});
          }) == "[qvit::fit] terms on a teacher's features need the model as a taught_student");
}
