// SPDX-License-Identifier: Apache-2.0
// Gradients of products, attention, convolutions and pooling against central differences, in double; and what goldens
// of single images do not show: constants, variables used twice, work counted.
#include <doctest/doctest.h>

#include <cstddef>
#include <vector>

#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/attention_pooling.hpp>
#include <qvit/tensor/attention_products.hpp>
#include <qvit/tensor/conv2d.hpp>
#include <qvit/tensor/depthwise_conv2d.hpp>
#include <qvit/tensor/heads.hpp>
#include <qvit/tensor/matmul.hpp>
#include <qvit/tensor/pool2d.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/tensor/reduce.hpp>
#include <qvit/tensor/unfold.hpp>

using namespace qvit;

namespace {
constexpr double tolerance = 2e-9;

template <class... Shapes>
double error_of_gradients(auto op, Shapes... shapes) {
    return gradient_check([op](auto& tape, auto... x) { return tape.apply(op, x...); }, shapes...).largest_error;
}
}  // namespace

TEST_CASE("products: gradients of matmul and its transposed forms") {
    CHECK(error_of_gradients(matmul{}, shape<5, 3>{}, shape<3, 6>{}) < tolerance);
    CHECK(error_of_gradients(matmul_bt{}, shape<1, 3>{}, shape<4, 3>{}) < tolerance);
    CHECK(error_of_gradients(matmul_at{}, shape<3, 1>{}, shape<3, 2>{}) < tolerance);
    CHECK(error_of_gradients(matmul{}, shape<2, 2, 3>{}, shape<2, 3, 4>{}) < tolerance);
    auto gram = [](auto& tape, auto x) { return tape.apply(matmul_at{}, x, x); };
    CHECK(gradient_check(gram, shape<3, 2>{}).largest_error < tolerance);
}

TEST_CASE("products: gradients of attention's products and of pooling by attention") {
    CHECK(error_of_gradients(attention_scores<2>{}, shape<3, 4>{}, shape<2, 4>{}) < tolerance);
    CHECK(error_of_gradients(attention_values<2>{}, shape<2, 3, 2>{}, shape<2, 4>{}) < tolerance);
    CHECK(error_of_gradients(attention_over_tokens{}, shape<4, 3>{}, shape<1, 3>{}) < tolerance);
    CHECK(error_of_gradients(split_heads<2>{}, shape<3, 4>{}) < tolerance);
    CHECK(error_of_gradients(merge_heads{}, shape<2, 3, 2>{}) < tolerance);
}

TEST_CASE("images: gradients of convolutions, patches and pooling") {
    CHECK(error_of_gradients(conv2d_op<1, 1>{}, shape<2, 4, 3>{}, shape<3, 2, 3, 2>{}, shape<3>{}) < tolerance);
    CHECK(error_of_gradients(conv2d_op<2>{}, shape<1, 5, 5>{}, shape<4, 1, 3, 3>{}, shape<4>{}) < tolerance);
    CHECK(error_of_gradients(depthwise_conv2d_op<1, 1>{}, shape<2, 3, 4>{}, shape<2, 1, 3, 3>{}, shape<2>{}) <
          tolerance);
    CHECK(error_of_gradients(depthwise_conv2d_op<2>{}, shape<1, 4, 4>{}, shape<1, 1, 2, 2>{}, shape<1>{}) < tolerance);
    CHECK(error_of_gradients(unfold_op<3, 2, 1>{}, shape<2, 4, 5>{}) < tolerance);
    CHECK(error_of_gradients(max_pool2d<3, 2, 1>{}, shape<2, 4, 5>{}) < tolerance);
    CHECK(error_of_gradients(mean_pool2d<3, 2, 1>{}, shape<2, 4, 5>{}) < tolerance);
    CHECK(error_of_gradients(pool2d_op<reduction::sum, 2>{}, shape<1, 4, 4>{}) < tolerance);
}

TEST_CASE("three axes: gradients of reductions and rearrangements") {
    constexpr shape<2, 3, 4> cube{};
    CHECK(error_of_gradients(sum_over<axis::channels>{}, cube) < tolerance);
    CHECK(error_of_gradients(mean_over<axis::tokens>{}, cube) < tolerance);
    CHECK(error_of_gradients(maximum_over<axis::heads>{}, cube) < tolerance);
    CHECK(error_of_gradients(transpose_op{}, cube) < tolerance);
    CHECK(error_of_gradients(slice_op<axis::tokens, 1, 2>{}, cube) < tolerance);
    CHECK(error_of_gradients(concat_op<axis::channels>{}, cube, shape<2, 3, 1>{}) < tolerance);
    CHECK(error_of_gradients(reshape_op<6, 4>{}, cube) < tolerance);
}

TEST_CASE("images: an image without a gradient is convolved, cut and multiplied, and is left alone") {
    std::vector<double> pixels(2 * 4 * 4, 0.5);
    std::vector<double> weights(3 * 2 * 3 * 3, 0.25), gradients(weights.size());
    std::vector<double> bias(3, 1), bias_gradients(3);
    arena memory(1 << 16);
    training_tape<double> tape(memory, nullptr, nullptr);
    const variable<double, shape<2, 4, 4>> image{pixels.data(), nullptr, {}};
    const auto y =
        tape.apply(conv2d_op<>{}, image, variable<double, shape<3, 2, 3, 3>>{weights.data(), gradients.data(), {}},
                   variable<double, shape<3>>{bias.data(), bias_gradients.data(), {}});
    CHECK(y(2, 1, 1) == 1 + 18 * 0.125);
    const auto patches = tape.apply(unfold_op<2>{}, image);
    const auto again = tape.apply(matmul_bt{}, patches, patches);
    CHECK(again(3, 0) == 2.0);
    y.d(1, 0, 1) = 2;
    again.d(0, 0) = 1;
    std::move(tape).backward();
    CHECK(bias_gradients == std::vector<double>{0, 2, 0});
    CHECK(gradients[17] == 0.0);
    CHECK(gradients[18] == 1.0);
    CHECK(pixels == std::vector<double>(2 * 4 * 4, 0.5));
}

TEST_CASE("products: the multiply-adds that reports count") {
    constexpr auto count = [](auto op, auto... shapes) { return multiply_adds_of(op, shapes...); };
    static_assert(count(matmul{}, shape<5, 3>{}, shape<3, 6>{}) == 90);
    static_assert(count(matmul_at{}, shape<2, 3, 5>{}, shape<2, 3, 6>{}) == 180);
    static_assert(count(attention_scores<2>{}, shape<5, 4>{}, shape<3, 4>{}) == 60);
    static_assert(count(attention_values<2>{}, shape<2, 5, 3>{}, shape<3, 4>{}) == 60);
    static_assert(count(conv2d_op<2, 1>{}, shape<3, 28, 28>{}, shape<8, 3, 3, 3>{}, shape<8>{}) == 8 * 14 * 14 * 27);
    CHECK(count(depthwise_conv2d_op<1, 1>{}, shape<8, 7, 7>{}, shape<8, 1, 3, 3>{}, shape<8>{}) == 8 * 49 * 9);
}
