// SPDX-License-Identifier: Apache-2.0
// Operations on tensors against torch, values and all gradients in double; gradients against finite differences are
// checked in tests/unit/tensor.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <tuple>
#include <utility>
#include <vector>

#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/log_softmax.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/tensor/reduce.hpp>
#include <qvit/tensor/rms_norm.hpp>
#include <qvit/tensor/squared_error.hpp>

#include "ops_golden.hpp"

using namespace qvit;

namespace {
double difference(const std::vector<double>& found, const std::vector<double>& expected) {
    REQUIRE(found.size() == expected.size());
    double largest = 0;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const double error = std::abs(found[i] - expected[i]);
        if (!(error <= largest)) largest = error;
    }
    return largest;
}

/// The largest difference between an operation on these shapes and torch's numbers.
template <class Op, class... Shapes>
double error_of(const Op& op, const op_case& golden, Shapes... shapes) {
    REQUIRE(golden.inputs.size() == sizeof...(Shapes));
    std::vector<std::vector<double>> values = golden.inputs;
    std::vector<std::vector<double>> gradients;
    for (const auto& input : values) gradients.emplace_back(input.size());
    auto run = [&](auto& tape) {
        std::size_t next = 0;
        auto input = [&](auto extents) {
            REQUIRE(extents.size() == values[next].size());
            const variable<double, decltype(extents)> v{values[next].data(), gradients[next].data(), extents};
            ++next;
            return v;
        };
        auto inputs = std::tuple<variable<double, Shapes>...>{input(shapes)...};  // braces: in order
        return std::apply([&](auto... v) { return tape.apply(op, v...); }, inputs);
    };
    arena memory(plan<double, true>([&](auto& tape) { run(tape); }).bytes);
    training_tape<double> tape(memory, nullptr, nullptr);
    const auto y = run(tape);
    double worst = difference(std::vector<double>(y.value, y.value + y.size()), golden.output);
    for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = golden.upstream[i];
    std::move(tape).backward();
    for (std::size_t k = 0; k < gradients.size(); ++k) {
        const double error = difference(gradients[k], golden.gradients[k]);
        if (!(error <= worst)) worst = error;
    }
    return worst;
}
constexpr double tolerance = 1e-14;
constexpr shape<3, 4> matrix{};
}  // namespace

TEST_CASE("ops against torch: elementwise") {
    CHECK(error_of(exp_op{}, exp_case, matrix) < tolerance);
    CHECK(error_of(log_op{}, log_case, matrix) < tolerance);
    CHECK(error_of(sigmoid_op{}, sigmoid_case, matrix) < tolerance);
    CHECK(error_of(tanh_op{}, tanh_case, matrix) < tolerance);
    CHECK(error_of(relu_op{}, relu_case, matrix) == 0);
    CHECK(error_of(silu_op{}, silu_case, matrix) < tolerance);
    CHECK(error_of(gelu_tanh_op{}, gelu_tanh_case, matrix) < tolerance);
    CHECK(error_of(clamp_op{{-0.5, 0.75}}, clamp_case, matrix) == 0);
    CHECK(error_of(clamp_op{{-0.5, 0.7}}, clamp_case, matrix) > 0.01);  // the comparison can fail
}

TEST_CASE("ops against torch: arithmetic") {
    CHECK(error_of(subtract_op{}, subtract_case, matrix, matrix) == 0);
    CHECK(error_of(multiply_op{}, multiply_case, matrix, matrix) < tolerance);
    CHECK(error_of(divide_op{}, divide_case, matrix, matrix) < tolerance);
}

TEST_CASE("ops against torch: rows") {
    CHECK(error_of(log_softmax_op{}, log_softmax_case, matrix) < tolerance);
    CHECK(error_of(softmax_op{}, softmax_case, matrix) < tolerance);
    CHECK(error_of(softmax_op{}, softmax_case, shape<3, dynamic>(4)) < tolerance);
    CHECK(error_of(rms_norm_op{}, rms_norm_case, matrix, shape<4>{}) < tolerance);
}

TEST_CASE("ops against torch: reductions") {
    CHECK(error_of(sum_over<0>{}, sum_0_case, matrix) < tolerance);
    CHECK(error_of(sum_over<1>{}, sum_1_case, matrix) < tolerance);
    CHECK(error_of(mean_over<0>{}, mean_0_case, matrix) < tolerance);
    CHECK(error_of(mean_over<1>{}, mean_1_case, matrix) < tolerance);
    CHECK(error_of(maximum_over<0>{}, maximum_0_case, matrix) == 0);
    CHECK(error_of(maximum_over<1>{}, maximum_1_case, matrix) == 0);
}

TEST_CASE("ops against torch: slices, concatenations, transpose") {
    CHECK(error_of(slice_op<0, 1, 2>{}, slice_0_case, matrix) == 0);
    CHECK(error_of(slice_op<1, 1, 2>{}, slice_1_case, matrix) == 0);
    CHECK(error_of(concat_op<0>{}, concat_0_case, matrix, shape<2, 4>{}) == 0);
    CHECK(error_of(concat_op<1>{}, concat_1_case, matrix, shape<3, 2>{}) == 0);
    CHECK(error_of(transpose_op{}, transpose_case, matrix) == 0);
}

TEST_CASE("ops against torch: losses") {
    const double targets[] = {1, 0, 0.25, 1};
    CHECK(error_of(binary_cross_entropy<double>{targets, 1.0 / 4}, binary_cross_entropy_case, shape<1, 4>{}) <
          tolerance);
    CHECK(error_of(squared_error<double>{squared_error_targets.data(), 1.0 / 12}, squared_error_case, matrix) <
          tolerance);
}
