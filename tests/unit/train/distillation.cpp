// SPDX-License-Identifier: Apache-2.0
// Distillation through the training loop: the right lesson reaches the right image, and stages follow each other.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <qvit/data/synthetic.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/train/fit.hpp>
#include <qvit/train/predict.hpp>
#include <vector>

using namespace qvit;

namespace {
using model_type = models::qvit4<3, pooling::mean>;
using lane = lanes<float>;

struct fixture {
    dataset data = synthetic_dataset();
    model_type model{data.classes};
    std::vector<float> weights = std::vector<float>(parameter_count(model));
    ordered_images images{data.train, 28, 3, patch_order(model_type::config)};
    fixture() { initialize(model, 3, weights.data()); }

    double gradients(const teacher_signal* teacher, std::vector<float>& total) {
        std::vector<std::uint32_t> batch(37);  // two blocks and a part of a third
        for (std::size_t i = 0; i < batch.size(); ++i) batch[i] = static_cast<std::uint32_t>((911 * i + 5) % 1080);
        worker_pool pool(1);
        block_runner<model_type, lane> runner(model, pool, batch.size(),
                                              {label_targets(task::multi_class, data.classes, 0.1), teacher});
        total.assign(weights.size(), 0.0f);
        return runner.gradients(weights.data(), images, {batch}, total.data()).loss;
    }
};
float largest(const std::vector<float>& values) {
    float result = 0;
    for (float v : values) result = std::max(result, std::fabs(v));
    return result;
}
}  // namespace

TEST_CASE_FIXTURE(fixture, "a student that already answers like its teacher learns nothing") {
    const auto own = training_logits<lane>(model, data, weights, 1);
    std::vector<float> total;
    for (const distillation_terms& terms : {distillation_terms{}, distillation_terms{.soft = 0, .answers = 1}}) {
        const teacher_signal same{own, terms};
        CHECK(std::fabs(gradients(&same, total)) < 1e-6);
        CHECK(largest(total) < 1e-6f);
        // A row too far, the lessons are another image's.
        teacher_signal shifted = same;
        std::rotate(shifted.logits.begin(), shifted.logits.begin() + 4, shifted.logits.end());
        gradients(&shifted, total);
        CHECK(largest(total) > 1e-4f);
    }
}

TEST_CASE_FIXTURE(fixture, "without a term for the teacher only the labels count") {
    std::vector<float> labels;
    std::vector<float> both;
    const double loss = gradients(nullptr, labels);
    const teacher_signal ignored{std::vector<double>(1080 * 4, 5.0), {.labels = 1, .soft = 0}};
    CHECK(std::fabs(gradients(&ignored, both) - loss) < 1e-6);
    for (std::size_t i = 0; i < labels.size(); ++i)
        CHECK(std::fabs(labels[i] - both[i]) <= 1e-6f * (1 + largest(labels)));
}

TEST_CASE_FIXTURE(fixture, "stages: distil, then go on from those weights, and the test split is read in the last") {
    const teacher_signal teacher{training_logits<lane>(model, data, weights, 2), {}};
    const training_options options{.epochs = 2, .learning_rate = 1e-2, .seed = 8};
    auto ignore = [](const epoch_report&) {};
    const auto first =
        fit<lane>(model, data, options, ignore, {.weights = {}, .teacher = &teacher, .read_test = false});
    CHECK(first.test.auc == 0);
    const auto plain = fit<lane>(model, data, options, ignore);
    CHECK(first.weights != plain.weights);
    training_options still = options;
    still.epochs = 1;
    still.learning_rate = 0;
    const auto second = fit<lane>(model, data, still, ignore, {.weights = first.weights});
    CHECK(second.weights == first.weights);
    CHECK(second.test.auc > 0);
}

TEST_CASE_FIXTURE(fixture, "a start that does not fit is refused") {
    auto ignore = [](const epoch_report&) {};
    const training_options options{.epochs = 1};
    CHECK_THROWS_WITH_AS(fit<lane>(model, data, options, ignore, {.weights = {1, 2, 3}}),
                         "[qvit::fit] expected 900 weights to start from, found 3", bad_input);
    const teacher_signal few{{1, 2}, {}};
    CHECK_THROWS_WITH_AS(fit<lane>(model, data, options, ignore, {.weights = {}, .teacher = &few}),
                         "[qvit::fit] expected 4320 logits of a teacher, training images x classes, found 2",
                         bad_input);
    CHECK_THROWS_WITH_AS(fit<lane>(model_type(5), data, options, ignore),
                         "[qvit::fit] expected 5 classes in the data set, as in the model, found 4", bad_input);
    CHECK_THROWS_WITH_AS(fit<lane>(model, data, training_options{.epochs = 0}, ignore),
                         "[qvit::fit] epochs, batch and threads must be at least 1", bad_input);
}
