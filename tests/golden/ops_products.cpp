// SPDX-License-Identifier: Apache-2.0
// Products of activations, attention and convolutions against torch: in double, and on float lanes with parameters that
// all images share.
#include <doctest/doctest.h>

#include <qvit/tensor/attention_pooling.hpp>
#include <qvit/tensor/attention_products.hpp>
#include <qvit/tensor/conv2d.hpp>
#include <qvit/tensor/depthwise_conv2d.hpp>
#include <qvit/tensor/log_softmax.hpp>
#include <qvit/tensor/matmul.hpp>
#include <qvit/tensor/pool2d.hpp>
#include <qvit/tensor/unfold.hpp>

#include "ops_check.hpp"

using namespace qvit;

namespace {
using S = lanes<float>;
constexpr double tolerance = 1e-14;
constexpr double float_tolerance = 2e-6;
constexpr shape<3, 6, 7> image{};
}  // namespace

TEST_CASE("ops against torch: matrix products") {
    CHECK(error_of(matmul{}, matmul_case, shape<5, 3>{}, shape<3, 6>{}) < tolerance);
    CHECK(error_of(matmul_bt{}, matmul_bt_case, shape<5, 3>{}, shape<6, 3>{}) < tolerance);
    CHECK(error_of(matmul_at{}, matmul_at_case, shape<3, 5>{}, shape<3, 6>{}) < tolerance);
    CHECK(error_of(matmul{}, bmm_case, shape<2, 5, 3>{}, shape<2, 3, 4>{}) < tolerance);
    CHECK(error_of(matmul_bt{}, bmm_bt_case, shape<2, 5, 3>{}, shape<2, 6, 3>{}) < tolerance);
    CHECK(error_of(matmul_at{}, bmm_at_case, shape<2, 3, 5>{}, shape<2, 3, 6>{}) < tolerance);
    CHECK(error_of<S>(matmul{}, matmul_case, shape<5, 3>{}, shape<3, 6>{}) < float_tolerance);
    CHECK(error_of<S>(matmul{}, matmul_case, shared{shape<5, 3>{}}, shape<3, 6>{}) < float_tolerance);
    CHECK(error_of<S>(matmul_bt{}, matmul_bt_case, shape<5, 3>{}, shared{shape<6, 3>{}}) < float_tolerance);
}

TEST_CASE("ops against torch: attention in three steps, pooling by attention") {
    CHECK(error_of(attention_scores<2>{}, attention_scores_case, shape<5, 6>{}, shape<4, 6>{}) < tolerance);
    CHECK(error_of(attention_values<2>{}, attention_values_case, shape<2, 5, 4>{}, shape<4, 6>{}) < tolerance);
    constexpr shape<5, 6> tokens{};
    auto three_steps = [](auto& tape, auto q, auto k, auto v) {
        const auto p = tape.apply(softmax_op{}, tape.apply(attention_scores<2>{}, q, k));
        return tape.apply(attention_values<2>{}, p, v);
    };
    CHECK(error_of_function(three_steps, three_step_attention_case, tokens, tokens, tokens) < tolerance);
    CHECK(error_of(scaled_dot_product<2>{}, three_step_attention_case, tokens, tokens, tokens) < tolerance);
    CHECK(error_of_function<S>(three_steps, three_step_attention_case, tokens, tokens, tokens) < float_tolerance);
    CHECK(error_of(attention_over_tokens{}, attention_over_tokens_case, shape<5, 4>{}, shape<1, 4>{}) < tolerance);
    CHECK(error_of<S>(attention_over_tokens{}, attention_over_tokens_case, shape<5, 4>{}, shared{shape<1, 4>{}}) <
          float_tolerance);
}

TEST_CASE("ops against torch: convolutions") {
    CHECK(error_of(conv2d_op<>{}, conv2d_case, image, shape<5, 3, 3, 2>{}, shape<5>{}) < tolerance);
    CHECK(error_of(conv2d_op<2, 1>{}, conv2d_strided_case, image, shape<6, 3, 3, 3>{}, shape<6>{}) < tolerance);
    CHECK(error_of(conv2d_op<>{}, conv2d_1x1_case, image, shape<4, 3, 1, 1>{}, shape<4>{}) < tolerance);
    CHECK(error_of<S>(conv2d_op<2, 1>{}, conv2d_strided_case, image, shared{shape<6, 3, 3, 3>{}}, shared{shape<6>{}}) <
          float_tolerance);
    CHECK(error_of(depthwise_conv2d_op<1, 1>{}, depthwise_case, image, shape<3, 1, 3, 3>{}, shape<3>{}) < tolerance);
    CHECK(error_of(depthwise_conv2d_op<2, 2>{}, depthwise_strided_case, image, shape<3, 1, 5, 4>{}, shape<3>{}) <
          tolerance);
    CHECK(error_of<S>(depthwise_conv2d_op<2, 2>{}, depthwise_strided_case, image, shared{shape<3, 1, 5, 4>{}},
                      shared{shape<3>{}}) < float_tolerance);
}

TEST_CASE("ops against torch: patches and pooling of images") {
    CHECK(error_of(unfold_op<3>{}, unfold_case, image) == 0);
    CHECK(error_of(unfold_op<3, 2, 1>{}, unfold_overlapping_case, image) < tolerance);
    CHECK(error_of(max_pool2d<2>{}, max_pool2d_case, image) == 0);
    CHECK(error_of(max_pool2d<3, 2, 1>{}, max_pool2d_padded_case, image) < tolerance);
    CHECK(error_of(mean_pool2d<2>{}, mean_pool2d_case, image) < tolerance);
    CHECK(error_of(mean_pool2d<3, 2, 1>{}, mean_pool2d_padded_case, image) < tolerance);
    CHECK(error_of<S>(max_pool2d<3, 2, 1>{}, max_pool2d_padded_case, image) < float_tolerance);
}
