// SPDX-License-Identifier: Apache-2.0
// What the torch goldens of single images do not show: lanes, parameters shared by all images, ties, extreme logits.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/constant.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/log_softmax.hpp>
#include <qvit/tensor/ordinal_logits.hpp>
#include <qvit/tensor/ordinal_loss.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/tensor/reduce.hpp>
#include <qvit/tensor/rms_norm.hpp>
#include <qvit/tensor/squared_error.hpp>

using namespace qvit;

namespace {
struct square_function {
    static constexpr const char* name = "square";
    static double value(double x) { return x * x; }
    static double slope(double x, double) { return 2 * x; }
};

template <class... Shapes>
double error_of_gradients(auto op, Shapes... shapes) {
    return gradient_check([op](auto& tape, auto... x) { return tape.apply(op, x...); }, shapes...).largest_error;
}
constexpr double tolerance = 2e-9;

/// An operation's values on lanes, each with a number of its own.
template <class R>
std::vector<double> on_lanes(auto op, std::vector<R> numbers) {
    using S = lanes<R>;
    std::vector<double> result;
    numbers.resize((numbers.size() + lane_count<S> - 1) / lane_count<S> * lane_count<S>);
    for (std::size_t i = 0; i < numbers.size(); i += lane_count<S>) {
        S x = simd::load<S>(numbers.data() + i);
        S y;
        op.forward(variable<S, shape<1>>{&y, nullptr, {}}, static_cast<S*>(nullptr),
                   variable<S, shape<1>>{&x, nullptr, {}});
        R found[lane_count<S>];
        simd::store(found, y);
        for (const R v : found) result.push_back(static_cast<double>(v));
    }
    return result;
}
}  // namespace

TEST_CASE("ops: gradients of elementwise functions, rows and their arithmetic") {
    constexpr shape<3, 4> matrix{};
    CHECK(error_of_gradients(exp_op{}, matrix) < tolerance);
    CHECK(error_of_gradients(sigmoid_op{}, matrix) < tolerance);
    CHECK(error_of_gradients(tanh_op{}, matrix) < tolerance);
    CHECK(error_of_gradients(relu_op{}, matrix) < tolerance);
    CHECK(error_of_gradients(silu_op{}, matrix) < tolerance);
    CHECK(error_of_gradients(gelu_tanh_op{}, matrix) < tolerance);
    CHECK(error_of_gradients(clamp_op{{-0.5, 0.75}}, matrix) < tolerance);
    CHECK(error_of_gradients(affine_op{{1.5, -0.25}}, matrix) < tolerance);
    auto log_of_exp = [](auto& tape, auto x) { return tape.apply(log_op{}, tape.apply(exp_op{}, x)); };
    CHECK(gradient_check(log_of_exp, matrix).largest_error < tolerance);
    CHECK(error_of_gradients(softmax_op{}, shape<2, 3, 4>{}) < tolerance);
    CHECK(error_of_gradients(log_softmax_op{}, shape<2, 3, 4>{}) < tolerance);
    CHECK(error_of_gradients(rms_norm_op{}, matrix, shape<4>{}) < 1e-8);
    CHECK(error_of_gradients(add_op{}, matrix, shape<4>{}) < tolerance);
    CHECK(error_of_gradients(subtract_op{}, matrix, shape<1>{}) < tolerance);
    CHECK(error_of_gradients(multiply_op{}, shape<2, 3, 4>{}, shape<3, 4>{}) < tolerance);
    CHECK(error_of_gradients(multiply_op{}, matrix, shape<1>{}) < tolerance);
    auto over_exp = [](auto& tape, auto x, auto y) { return tape.apply(divide_op{}, x, tape.apply(exp_op{}, y)); };
    CHECK(gradient_check(over_exp, matrix, shape<4>{}).largest_error < tolerance);
}

TEST_CASE("ops: gradients of losses and of ordered classes' logits") {
    const double targets[] = {0.1, 0.2, 0.3, 0.15, 0.35};
    const double weights[] = {2, 0.5, 1, 3, 4};
    const double weighted[] = {0.2, 0.1, 0.3, 0.45, 1.4};
    constexpr shape<1, 5> logits{};
    CHECK(error_of_gradients(cross_entropy<double>{weighted, 0.5}, logits) < tolerance);
    CHECK(error_of_gradients(binary_cross_entropy<double>{targets, 0.5}, logits) < tolerance);
    CHECK(error_of_gradients(binary_cross_entropy<double>{targets, 0.5, weights}, logits) < tolerance);
    CHECK(error_of_gradients(squared_error<double>{targets, 0.5}, logits) < tolerance);
    CHECK(error_of_gradients(coral_logits{}, shape<1, 1>{}, shape<4>{}) < tolerance);
    CHECK(error_of_gradients(cumulative_logits{}, shape<1, 1>{}, shape<4>{}) < tolerance);
    CHECK(error_of_gradients(ordinal_probabilities{}, shape<1, 4>{}) < tolerance);
    CHECK(error_of_gradients(coral_loss<double>{targets, 0.5}, shape<1, 4>{}) < tolerance);
    CHECK(error_of_gradients(coral_loss<double>{targets, 0.5, weights}, shape<1, 4>{}) < tolerance);
    auto model = [&](auto& tape, auto score, auto thresholds) {
        return tape.apply(cumulative_cross_entropy<double>{targets, 0.5},
                          tape.apply(cumulative_logits{}, score, thresholds));
    };
    CHECK(gradient_check(model, shape<1, 1>{}, shape<4>{}).largest_error < tolerance);
}

TEST_CASE("ops: tanh keeps the digits of small numbers, and sigmoid of large ones is 0 or 1") {
    const std::vector<double> small{1e-300, -1e-12, 3e-5, -0.01, 0.3, -1.5, 0, 25, -800, 800};
    const auto wide = on_lanes<double>(tanh_op{}, small);
    for (std::size_t i = 0; i < small.size(); ++i)
        CHECK(std::abs(wide[i] - std::tanh(small[i])) <= 4e-16 * std::abs(std::tanh(small[i])));
    const std::vector<float> floats{1e-30f, -1e-12f, 3e-5f, -0.01f, 0.3f, -1.5f, 0.f, 25.f, -800.f, 800.f};
    const auto narrow = on_lanes<float>(tanh_op{}, floats);
    for (std::size_t i = 0; i < floats.size(); ++i) {
        const double exact = std::tanh(static_cast<double>(floats[i]));
        CHECK(std::abs(narrow[i] - exact) <= 2.5e-7 * std::abs(exact));
    }
    const auto ends = on_lanes<float>(sigmoid_op{}, {-800.f, 800.f});
    CHECK(ends[0] < 1e-37);
    CHECK(ends[1] == 1);
    const auto silu = on_lanes<float>(silu_op{}, {-800.f, 800.f});
    CHECK(std::abs(silu[0]) < 1e-34);
    CHECK(silu[1] == 800);
}

TEST_CASE("ops: the slope of a clamp is 1 at its bounds, of relu 0 at 0, as torch's") {
    CHECK(elementwise::clamp{-1, 1}.slope(1.0, 1.0) == 1);
    CHECK(elementwise::clamp{-1, 1}.slope(-1.0, -1.0) == 1);
    CHECK(elementwise::clamp{-1, 1}.slope(1.5, 1.0) == 0);
    CHECK(elementwise::relu::slope(0.0, 0.0) == 0);
}

TEST_CASE("ops: a constant table is added to the tokens of every image and gets no gradient") {
    using S = lanes<double>;
    const std::vector<double> table{1, 2, 3, 4, 5, 6};
    std::vector<S> x(6, S(0.5)), dx(6, S(0.0));
    arena memory(1 << 12);
    training_tape<S> tape(memory, nullptr, nullptr);
    const auto y = tape.apply(add_op{}, variable<S, shape<3, 2>>{x.data(), dx.data(), {}},
                              constant_tensor<shape<3, 2>>(table.data()));
    CHECK(simd::sum(y(2, 1)) == 6.5 * static_cast<double>(lane_count<S>));
    const auto z = tape.apply(multiply_op{}, y, constant_tensor<shape<2>>(table.data() + 1));
    CHECK(simd::sum(z(2, 1)) == 19.5 * static_cast<double>(lane_count<S>));
    z.d(2, 1) = S(1.0);
    std::move(tape).backward();
    CHECK(simd::sum(dx[5]) == 3.0 * static_cast<double>(lane_count<S>));
    CHECK(simd::sum(dx[4]) == 0.0);
}

TEST_CASE("ops: probabilities of ordered classes are never negative and sum to one, whatever the logits") {
    std::vector<double> z{-2, 3, 0.5, 1000}, dz(4);
    arena memory(1 << 12);
    inference_tape<double> tape(memory, nullptr);
    const auto p = tape.apply(ordinal_probabilities{}, variable<double, shape<1, 4>>{z.data(), dz.data(), {}});
    double sum = 0;
    for (std::size_t k = 0; k < 5; ++k) {
        CHECK(p(0, k) >= 0);
        sum += p(0, k);
    }
    CHECK(std::abs(sum - 1) < 1e-15);
    CHECK(p(0, 0) > 0.88);
    CHECK(p(0, 1) == 0);
}

TEST_CASE("ops: losses of ordered classes are finite for logits of any size") {
    std::vector<float> z{1000, 999, -1000, -1000}, dz(4);
    const float targets[] = {0.25f, 0.25f, 0, 0.25f, 0.25f};
    arena memory(1 << 12);
    training_tape<float> tape(memory, nullptr, nullptr);
    const variable<float, shape<1, 4>> logits{z.data(), dz.data(), {}};
    const auto one = tape.apply(cumulative_cross_entropy<float>{targets, 1.f}, logits);
    const auto two = tape.apply(coral_loss<float>{targets, 1.f}, logits);
    CHECK(std::isfinite(one.value[0]));
    CHECK(std::abs(two.value[0] - (0.25f * 1000 + 0.5f * 999 + 0.5f * 1000 + 0.25f * 1000)) < 1e-3f);
    one.gradient[0] = 1;
    two.gradient[0] = 1;
    std::move(tape).backward();
    for (const float g : dz) CHECK(std::isfinite(g));
}

TEST_CASE("ops: a parameter gets the sum of its gradients over lanes") {
    using S = lanes<double>;
    std::vector<double> gain{2, -3};
    std::vector<double> gain_gradient(2);
    std::vector<S> x(2), dx(2, S(0.0));
    double numbers[lane_count<S>];
    double sum = 0;
    for (std::size_t l = 0; l < lane_count<S>; ++l) numbers[l] = 1.0 + static_cast<double>(l), sum += numbers[l];
    x[0] = simd::load<S>(numbers);
    x[1] = S(0.5);
    arena memory(1 << 16);
    training_tape<S> tape(memory, nullptr, nullptr);
    const auto y = tape.apply(multiply_op{}, variable<S, shape<2>>{x.data(), dx.data(), {}},
                              variable<const double, shape<2>>{gain.data(), gain_gradient.data(), {}});
    y.gradient[0] = S(1.0);
    y.gradient[1] = S(2.0);
    std::move(tape).backward();
    CHECK(gain_gradient[0] == sum);
    CHECK(gain_gradient[1] == static_cast<double>(lane_count<S>));
    CHECK(simd::sum(dx[0]) == 2.0 * static_cast<double>(lane_count<S>));
    CHECK(simd::sum(dx[1]) == -6.0 * static_cast<double>(lane_count<S>));
}

TEST_CASE("ops: one variable on both sides gets both gradients") {
    auto square = [](auto& tape, auto x) { return tape.apply(multiply_op{}, x, x); };
    CHECK(gradient_check(square, shape<2, 3>{}).largest_error < 1e-8);
    auto one = [](auto& tape, auto x) { return tape.apply(divide_op{}, x, x); };
    CHECK(gradient_check(one, shape<5>{}).largest_error < 1e-8);
}

TEST_CASE("ops: of equal largest elements the first gets the gradient") {
    std::vector<double> x{1, 4, 4, 2}, dx(4);
    arena memory(1 << 12);
    training_tape<double> tape(memory, nullptr, nullptr);
    const auto y = tape.apply(maximum_over<1>{}, variable<double, shape<1, 4>>{x.data(), dx.data(), {}});
    CHECK(y.value[0] == 4);
    y.gradient[0] = 3;
    std::move(tape).backward();
    CHECK(dx == std::vector<double>{0, 3, 0, 0});
}

TEST_CASE("ops: logits of any size have finite losses and gradients") {
    std::vector<double> z{1000, -1000, 1000, -1000}, dz(4);
    const double targets[] = {1, 0, 0, 1};
    arena memory(1 << 12);
    training_tape<double> tape(memory, nullptr, nullptr);
    const auto loss =
        tape.apply(binary_cross_entropy<double>{targets, 1.0}, variable<double, shape<1, 4>>{z.data(), dz.data(), {}});
    CHECK(loss.value[0] == 2000);
    std::move(tape).backward(loss);
    CHECK(dz == std::vector<double>{0, 0, 1, -1});
    std::vector<double> wide{1000, -1000}, dwide(2);
    training_tape<double> second(memory, nullptr, nullptr);
    const auto rows = second.apply(log_softmax_op{}, variable<double, shape<1, 2>>{wide.data(), dwide.data(), {}});
    CHECK(rows.value[0] == 0);
    CHECK(rows.value[1] == -2000);
}

TEST_CASE("ops: a function of one's own in place of torch's") {
    auto chain = [](auto& tape, auto x) {
        return tape.apply(concat_op<0>{}, tape.apply(elementwise_op<square_function>{}, x),
                          tape.apply(transpose_op{}, tape.apply(transpose_op{}, tape.apply(tanh_op{}, x))));
    };
    CHECK(gradient_check(chain, shape<2, 3>{}).largest_error < 1e-8);
}
