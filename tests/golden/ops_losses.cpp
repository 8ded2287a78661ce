// SPDX-License-Identifier: Apache-2.0
// Losses, and the logits and probabilities of ordered classes, against torch in double.
#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/ordinal_logits.hpp>
#include <qvit/tensor/ordinal_loss.hpp>
#include <qvit/tensor/squared_error.hpp>

#include "ops_check.hpp"

using namespace qvit;

namespace {
constexpr double tolerance = 1e-14;
constexpr std::size_t classes = 5;
constexpr shape<1, 4> thresholds{};
const double class_weights[] = {0.5, 1.0, 2.0, 1.5, 0.25};

/// Cross entropy of a batch of images as a program has it: an operation for each, weights and smoothing in the targets.
double batch_error(const op_case& golden, bool weighted, double smoothing) {
    const std::size_t labels[] = {3, 0, 4};
    double total = 0;
    for (const std::size_t label : labels) total += weighted ? class_weights[label] : 1;
    std::vector<double> targets;
    for (const std::size_t label : labels)
        for (std::size_t k = 0; k < classes; ++k)
            targets.push_back((weighted ? class_weights[k] : 1) *
                              ((k == label ? 1 - smoothing : 0) + smoothing / classes));
    double loss = 0;
    std::vector<double> logits = golden.inputs[0];
    std::vector<double> gradients(logits.size());
    arena memory(1 << 12);
    for (std::size_t image = 0; image < 3; ++image) {
        const std::size_t at = image * classes;
        training_tape<double> tape(memory, nullptr, nullptr);
        const auto one = tape.apply(cross_entropy<double>{targets.data() + at, 1 / total},
                                    variable<double, shape<1, classes>>{logits.data() + at, gradients.data() + at, {}});
        loss += one.value[0];
        std::move(tape).backward(one);
    }
    return std::max(difference({loss}, golden.output), difference(gradients, golden.gradients[0]));
}

std::vector<double> one_hot(std::size_t label) {
    std::vector<double> result(classes);
    result[label] = 1;
    return result;
}
}  // namespace

TEST_CASE("losses against torch: cross entropy with class weights and label smoothing") {
    CHECK(batch_error(cross_entropy_case, false, 0) < tolerance);
    CHECK(batch_error(cross_entropy_smoothed_case, false, 0.1) < tolerance);
    CHECK(batch_error(cross_entropy_weighted_case, true, 0) < tolerance);
    CHECK(batch_error(cross_entropy_weighted_smoothed_case, true, 0.1) < tolerance);
    CHECK(batch_error(cross_entropy_weighted_case, false, 0) > 0.01);  // the comparison can fail
}

TEST_CASE("losses against torch: binary, multi-label, squared") {
    const double targets[] = {1, 0, 0.25, 1};
    CHECK(error_of(binary_cross_entropy<double>{targets, 1.0 / 4}, binary_cross_entropy_case, shape<1, 4>{}) <
          tolerance);
    const double answers[] = {1, 0, 1, 0.25, 0};
    CHECK(error_of(binary_cross_entropy<double>{answers, 1.0 / classes, class_weights}, multi_label_case,
                   shape<1, dynamic>(classes)) < tolerance);
    CHECK(error_of(squared_error<double>{squared_error_targets.data(), 1.0 / 12}, squared_error_case, shape<3, 4>{}) <
          tolerance);
}

TEST_CASE("losses against torch: ordered classes") {
    CHECK(error_of(coral_logits{}, coral_logits_case, shape<1, 1>{}, shape<4>{}) < tolerance);
    CHECK(error_of(coral_logits{}, coral_logits_case, shape<1, 1>{}, shape<dynamic>(4)) < tolerance);
    CHECK(error_of<lanes<float>>(coral_logits{}, coral_logits_case, shape<1, 1>{}, shared{shape<4>{}}) < 2e-6);
    CHECK(error_of(cumulative_logits{}, cumulative_logits_case, shape<1, 1>{}, shape<4>{}) < tolerance);
    CHECK(error_of<lanes<float>>(cumulative_logits{}, cumulative_logits_case, shape<1, 1>{}, shared{shape<4>{}}) <
          2e-6);
    CHECK(error_of(ordinal_probabilities{}, ordinal_probabilities_case, thresholds) < tolerance);
    CHECK(error_of(ordinal_probabilities{}, ordinal_probabilities_falling_case, thresholds) < tolerance);
    CHECK(error_of(ordinal_probabilities{}, ordinal_probabilities_case, shape<1, dynamic>(4)) < tolerance);
    const auto third = one_hot(3);
    const double importance[] = {1, 0.5, 2, 1.25};
    CHECK(error_of(coral_loss<double>{third.data(), 1.0 / 3}, coral_loss_case, thresholds) < tolerance);
    CHECK(error_of(coral_loss<double>{third.data(), 1.0 / 3, importance}, coral_loss_importance_case, thresholds) <
          tolerance);
    CHECK(error_of(cumulative_cross_entropy<double>{one_hot(0).data(), 1.0 / 3}, cumulative_cross_entropy_0_case,
                   thresholds) < tolerance);
    CHECK(error_of(cumulative_cross_entropy<double>{one_hot(2).data(), 1.0 / 3}, cumulative_cross_entropy_2_case,
                   thresholds) < tolerance);
    CHECK(error_of(cumulative_cross_entropy<double>{one_hot(4).data(), 1.0 / 3}, cumulative_cross_entropy_4_case,
                   shape<1, dynamic>(4)) < tolerance);
}
