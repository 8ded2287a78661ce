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
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/binary_cross_entropy.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/log_softmax.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/tensor/reduce.hpp>

using namespace qvit;

namespace {
struct square_function {
    static constexpr const char* name = "square";
    static double value(double x) { return x * x; }
    static double slope(double x, double) { return 2 * x; }
};
}  // namespace

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
