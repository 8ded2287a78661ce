// Every op's gradients against central differences, in double: the first test of each op.
#include <doctest/doctest.h>

#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/layer_norm.hpp>
#include <qvit/tensor/linear_map.hpp>
#include <qvit/tensor/pooling.hpp>
#include <qvit/tensor/prepend_token.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>

using namespace qvit;

namespace {
constexpr double tolerance = 2e-9;

template <class Op>
auto apply_op(Op op) {
    return [op](auto& tape, auto... x) { return tape.apply(op, x...); };
}
}  // namespace

TEST_CASE("linear: tiles of every remainder") {
    CHECK(gradient_check(apply_op(linear_map{}), shape<1, 3>{}, shape<2, 3>{}, shape<2>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(linear_map{}), shape<5, 7>{}, shape<6, 7>{}, shape<6>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(linear_map{}), shape<8, 4>{}, shape<4, 4>{}, shape<4>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(linear_map{}), shape<2, 5>{}, shape<dynamic, 5>(3), shape<dynamic>(3)).largest_error <
          tolerance);
}

TEST_CASE("layer norm, gelu, add, pooling, prepend") {
    CHECK(gradient_check(apply_op(layer_norm_op{}), shape<3, 4>{}, shape<4>{}, shape<4>{}).largest_error < 1e-7);
    CHECK(gradient_check(apply_op(layer_norm_op{}), shape<11, 4>{}, shape<4>{}, shape<4>{}).largest_error < 1e-7);
    CHECK(gradient_check(apply_op(gelu_op{}), shape<3, 5>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(add_op{}), shape<3, 5>{}, shape<3, 5>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(mean_over_tokens{}), shape<3, 5>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(first_token{}), shape<3, 5>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(prepend_token{}), shape<3, 2>{}, shape<1, 2>{}).largest_error < tolerance);
}

TEST_CASE("fan-out: a variable used twice gets both gradients") {
    auto twice = [](auto& tape, auto x) { return tape.apply(add_op{}, x, tape.apply(gelu_op{}, x)); };
    CHECK(gradient_check(twice, shape<2, 3>{}).largest_error < tolerance);
    auto doubled = [](auto& tape, auto x) { return tape.apply(add_op{}, x, x); };
    CHECK(gradient_check(doubled, shape<2, 3>{}).largest_error < tolerance);
}

TEST_CASE("scaled dot product: one head, several, one channel each") {
    CHECK(gradient_check(apply_op(scaled_dot_product<1>{}), shape<5, 4>{}, shape<5, 4>{}, shape<5, 4>{}).largest_error <
          tolerance);
    CHECK(gradient_check(apply_op(scaled_dot_product<2>{}), shape<4, 6>{}, shape<4, 6>{}, shape<4, 6>{}).largest_error <
          tolerance);
    CHECK(gradient_check(apply_op(scaled_dot_product<3>{}), shape<2, 3>{}, shape<2, 3>{}, shape<2, 3>{}).largest_error <
          tolerance);
}

TEST_CASE("cross entropy against a distribution, with a weight") {
    const double targets[] = {0.1, 0.6, 0.3};
    CHECK(gradient_check(apply_op(cross_entropy<double>{targets, 0.25}), shape<1, 3>{}).largest_error < tolerance);
    CHECK(gradient_check(apply_op(cross_entropy<double>{targets, 0.25}), shape<1, dynamic>(3)).largest_error < tolerance);
    CHECK(gradient_check(apply_op(cross_entropy<double>{targets, 0.0}), shape<1, 3>{}).largest_error == 0.0);
}

namespace {
/// Wrong on purpose: the derivative of x^2 is 2 x.
struct wrong_square {
    static constexpr const char* name = "wrong square";
    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    static void forward(auto y, auto*, auto x) {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = x.value[i] * x.value[i];
    }
    static void backward(auto y, const auto*, auto x) {
        for (std::size_t i = 0; i < y.size(); ++i) x.gradient[i] += x.value[i] * y.gradient[i];
    }
};
}  // namespace

TEST_CASE("the checker finds a wrong gradient") {
    CHECK(gradient_check(apply_op(wrong_square{}), shape<4>{}).largest_error > 1e-2);
}
