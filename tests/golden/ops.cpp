// SPDX-License-Identifier: Apache-2.0
// Operations on tensors against torch, values and all gradients in double; gradients against finite differences are
// checked in tests/unit/tensor.
#include <doctest/doctest.h>

#include <cstddef>

#include <qvit/tensor/add.hpp>
#include <qvit/tensor/arithmetic.hpp>
#include <qvit/tensor/elementwise.hpp>
#include <qvit/tensor/heads.hpp>
#include <qvit/tensor/log_softmax.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/tensor/reduce.hpp>
#include <qvit/tensor/rms_norm.hpp>

#include "ops_check.hpp"

using namespace qvit;

namespace {
constexpr double tolerance = 1e-14;
constexpr shape<3, 4> matrix{};
constexpr shape<2, 3, 4> cube{};
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
    CHECK(error_of(affine_op{{1.5, -0.25}}, affine_case, matrix) < tolerance);
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

TEST_CASE("ops against torch: three axes, by name") {
    CHECK(error_of(sum_over<axis::heads>{}, sum_heads_case, cube) < tolerance);
    CHECK(error_of(sum_over<axis::tokens>{}, sum_tokens_case, cube) < tolerance);
    CHECK(error_of(sum_over<axis::channels>{}, sum_channels_case, cube) < tolerance);
    CHECK(error_of(mean_over<axis::heads>{}, mean_heads_case, cube) < tolerance);
    CHECK(error_of(mean_over<axis::tokens>{}, mean_tokens_case, cube) < tolerance);
    CHECK(error_of(mean_over<axis::channels>{}, mean_channels_case, cube) < tolerance);
    CHECK(error_of(maximum_over<axis::heads>{}, maximum_heads_case, cube) == 0);
    CHECK(error_of(maximum_over<axis::tokens>{}, maximum_tokens_case, cube) == 0);
    CHECK(error_of(maximum_over<axis::channels>{}, maximum_channels_case, cube) == 0);
    CHECK(error_of(mean_over<axis::tokens>{}, mean_0_case, matrix) < tolerance);
    CHECK(error_of(softmax_op{}, softmax_3_case, cube) < tolerance);
    CHECK(error_of(log_softmax_op{}, log_softmax_3_case, cube) < tolerance);
    CHECK(error_of(reshape_op<4, 6>{}, reshape_case, cube) == 0);
    CHECK(error_of(transpose_op{}, transpose_3_case, cube) == 0);
    CHECK(error_of(slice_op<axis::tokens, 1, 2>{}, slice_3_case, cube) == 0);
    CHECK(error_of(concat_op<axis::tokens>{}, concat_3_case, cube, shape<2, 1, 4>{}) == 0);
    CHECK(error_of(split_heads<2>{}, split_heads_case, matrix) == 0);
    CHECK(error_of(merge_heads{}, merge_heads_case, shape<2, 3, 2>{}) == 0);
}

TEST_CASE("ops against torch: one row or number for all tokens, of an image or of all") {
    using S = lanes<float>;
    CHECK(error_of(add_op{}, add_row_case, matrix, shape<4>{}) < tolerance);
    CHECK(error_of(multiply_op{}, layer_scale_case, cube, shape<4>{}) < tolerance);
    CHECK(error_of(multiply_op{}, learnt_factor_case, cube, shape<1>{}) < tolerance);
    CHECK(error_of(divide_op{}, divide_by_row_case, cube, shape<3, 4>{}) < tolerance);
    CHECK(error_of<S>(add_op{}, add_row_case, matrix, shared{shape<4>{}}) < 2e-6);
    CHECK(error_of<S>(multiply_op{}, layer_scale_case, cube, shared{shape<4>{}}) < 2e-6);
    CHECK(error_of<S>(multiply_op{}, learnt_factor_case, cube, shared{shape<1>{}}) < 2e-6);
}
