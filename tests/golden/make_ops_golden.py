#!/usr/bin/env python3
# Numbers of torch for tests/golden/ops.cpp: run with Debian's python3-torch, `make_ops_golden.py > ops_golden.hpp`.
# Each case: an operation on one or two tensors, its output, and the gradients of sum(upstream * output), in double.
import torch
import torch.nn.functional as F

torch.manual_seed(7)
T, C = 3, 4


def draw(*shape):
    return torch.randn(*shape, dtype=torch.float64)


def show(tensor):
    return "{" + ", ".join(f"{v:.17g}" for v in tensor.detach().reshape(-1).tolist()) + "}"


def case(name, function, *inputs):
    inputs = [x.clone().requires_grad_() for x in inputs]
    y = function(*inputs)
    upstream = draw(*y.shape) if y.dim() else torch.ones_like(y)
    (upstream * y).sum().backward()
    print(f"inline const op_case {name} = {{")
    print(f"    {{{', '.join(show(x) for x in inputs)}}},")
    print(f"    {show(upstream)},")
    print(f"    {show(y)},")
    print(f"    {{{', '.join(show(x.grad) for x in inputs)}}}}};")


print("""// SPDX-License-Identifier: Apache-2.0
// Made by make_ops_golden.py with torch %s; do not edit.
#pragma once

#include <vector>

struct op_case {
    std::vector<std::vector<double>> inputs;
    std::vector<double> upstream;
    std::vector<double> output;
    std::vector<std::vector<double>> gradients;
};

// clang-format off""" % torch.__version__)
x = draw(T, C)
for name, function in {"exp_case": torch.exp, "sigmoid_case": torch.sigmoid, "tanh_case": torch.tanh,
                       "relu_case": torch.relu, "silu_case": F.silu,
                       "gelu_tanh_case": lambda v: F.gelu(v, approximate="tanh"),
                       "clamp_case": lambda v: torch.clamp(v, -0.5, 0.75)}.items():
    case(name, function, x)
case("log_case", torch.log, x.abs() + 0.1)
case("subtract_case", torch.sub, x, draw(T, C))
case("multiply_case", torch.mul, x, draw(T, C))
case("divide_case", torch.div, x, draw(T, C).abs() + 0.5)
case("log_softmax_case", lambda v: torch.log_softmax(v, -1), 3 * x)
case("softmax_case", lambda v: torch.softmax(v, -1), 3 * x)
case("rms_norm_case", lambda v, g: v / torch.sqrt((v * v).mean(-1, keepdim=True) + 1e-6) * g, x, draw(C))
for axis in (0, 1):
    case(f"sum_{axis}_case", lambda v: v.sum(axis, keepdim=True), x)
    case(f"mean_{axis}_case", lambda v: v.mean(axis, keepdim=True), x)
    case(f"maximum_{axis}_case", lambda v: v.amax(axis, keepdim=True), x)
    case(f"concat_{axis}_case", lambda a, b: torch.cat([a, b], axis), x, draw(2, C) if axis == 0 else draw(T, 2))
case("slice_0_case", lambda v: v[1:3], x)
case("slice_1_case", lambda v: v[:, 1:3], x)
case("transpose_case", lambda v: v.t(), x)
targets = torch.tensor([1.0, 0.0, 0.25, 1.0], dtype=torch.float64)
case("binary_cross_entropy_case", lambda v: F.binary_cross_entropy_with_logits(v, targets), 4 * draw(C))
wanted = draw(T * C)
case("squared_error_case", lambda v: F.mse_loss(v, wanted.reshape(T, C)), x)
print(f"inline const std::vector<double> squared_error_targets = {show(wanted)};")

# Products, images and ordinal classes: further inputs, so that the numbers above stay as they are.
case("matmul_case", torch.matmul, draw(5, 3), draw(3, 6))
case("matmul_bt_case", lambda a, b: a @ b.t(), draw(5, 3), draw(6, 3))
case("matmul_at_case", lambda a, b: a.t() @ b, draw(3, 5), draw(3, 6))
case("bmm_case", torch.bmm, draw(2, 5, 3), draw(2, 3, 4))
case("bmm_bt_case", lambda a, b: torch.bmm(a, b.transpose(1, 2)), draw(2, 5, 3), draw(2, 6, 3))
case("bmm_at_case", lambda a, b: torch.bmm(a.transpose(1, 2), b), draw(2, 3, 5), draw(2, 3, 6))


def split(v, heads):
    return v.view(v.shape[0], heads, -1).transpose(0, 1)


def merge(v):
    return v.transpose(0, 1).reshape(v.shape[1], -1)


case("attention_scores_case", lambda q, k: split(q, 2) @ split(k, 2).transpose(1, 2) / 3**0.5, draw(5, 6), draw(4, 6))
case("attention_values_case", lambda p, v: merge(p @ split(v, 2)), draw(2, 5, 4), draw(4, 6))
q, k, v = draw(5, 6), draw(5, 6), draw(5, 6)
case("three_step_attention_case",
     lambda q, k, v: merge(torch.softmax(split(q, 2) @ split(k, 2).transpose(1, 2) / 3**0.5, -1) @ split(v, 2)), q, k, v)
case("attention_over_tokens_case", lambda x, q: torch.softmax(q @ x.t() / 2, -1) @ x, draw(5, 4), draw(1, 4))
case("split_heads_case", lambda v: split(v, 2), draw(3, 4))
case("merge_heads_case", merge, draw(2, 3, 2))
cube = draw(2, 3, 4)
case("reshape_case", lambda v: v.reshape(4, 6), cube)
case("transpose_3_case", lambda v: torch.transpose(v, -2, -1), cube)
case("slice_3_case", lambda v: torch.narrow(v, 1, 1, 2), cube)
case("concat_3_case", lambda a, b: torch.cat((a, b), 1), cube, draw(2, 1, 4))
case("softmax_3_case", lambda v: torch.softmax(v, -1), cube)
case("log_softmax_3_case", lambda v: torch.log_softmax(v, -1), cube)
for axis, word in enumerate(("heads", "tokens", "channels")):
    case(f"sum_{word}_case", lambda v: v.sum(axis, keepdim=True), cube)
    case(f"mean_{word}_case", lambda v: v.mean(axis, keepdim=True), cube)
    case(f"maximum_{word}_case", lambda v: v.max(axis, keepdim=True).values, cube)
case("add_row_case", torch.add, x, draw(C))
case("layer_scale_case", torch.mul, cube, draw(4))
case("learnt_factor_case", torch.mul, cube, draw(1))
case("divide_by_row_case", torch.div, cube, draw(3, 4).abs() + 0.5)
case("affine_case", lambda v: 1.5 * v - 0.25, x)

image = draw(3, 6, 7)
case("conv2d_case", lambda v, w, b: F.conv2d(v, w, b), image, draw(5, 3, 3, 2), draw(5))
case("conv2d_strided_case", lambda v, w, b: F.conv2d(v, w, b, stride=2, padding=1), image, draw(6, 3, 3, 3), draw(6))
case("conv2d_1x1_case", lambda v, w, b: F.conv2d(v, w, b), image, draw(4, 3, 1, 1), draw(4))
case("depthwise_case", lambda v, w, b: F.conv2d(v, w, b, padding=1, groups=3), image, draw(3, 1, 3, 3), draw(3))
case("depthwise_strided_case", lambda v, w, b: F.conv2d(v, w, b, stride=2, padding=2, groups=3), image,
     draw(3, 1, 5, 4), draw(3))
case("unfold_case", lambda v: F.unfold(v[None], 3, stride=3)[0].t(), image)
case("unfold_overlapping_case", lambda v: F.unfold(v[None], 3, stride=2, padding=1)[0].t(), image)
case("max_pool2d_case", lambda v: F.max_pool2d(v, 2), image)
case("max_pool2d_padded_case", lambda v: F.max_pool2d(v, 3, 2, 1), image)
case("mean_pool2d_case", lambda v: F.avg_pool2d(v, 2), image)
case("mean_pool2d_padded_case", lambda v: F.avg_pool2d(v, 3, 2, 1), image)

K = 5
labels = torch.tensor([3, 0, 4])
class_weights = torch.tensor([0.5, 1.0, 2.0, 1.5, 0.25], dtype=torch.float64)
logits = 3 * draw(3, K)
case("cross_entropy_case", lambda z: F.cross_entropy(z, labels), logits)
case("cross_entropy_smoothed_case", lambda z: F.cross_entropy(z, labels, label_smoothing=0.1), logits)
case("cross_entropy_weighted_case", lambda z: F.cross_entropy(z, labels, weight=class_weights), logits)
case("cross_entropy_weighted_smoothed_case",
     lambda z: F.cross_entropy(z, labels, weight=class_weights, label_smoothing=0.1), logits)
answers = torch.tensor([1.0, 0.0, 1.0, 0.25, 0.0], dtype=torch.float64)
case("multi_label_case", lambda z: F.binary_cross_entropy_with_logits(z, answers, pos_weight=class_weights), 4 * draw(K))


def thresholds_of(r):
    return torch.cumsum(torch.cat((r[:1], F.softplus(r[1:]))), 0)


def class_probabilities(z):
    one = torch.ones(1, dtype=torch.float64)
    q = torch.cummin(torch.sigmoid(z.reshape(-1)), 0).values
    return -torch.diff(torch.cat((one, q, 0 * one)))


case("coral_logits_case", lambda s, b: s + b, draw(1, 1), draw(K - 1))
case("cumulative_logits_case", lambda s, r: s - thresholds_of(r), draw(1, 1), draw(K - 1))
case("ordinal_probabilities_case", class_probabilities, draw(K - 1))
falling = torch.tensor([2.5, 1.0, -0.5, -2.0], dtype=torch.float64)
case("ordinal_probabilities_falling_case", class_probabilities, falling)
levels = (torch.arange(K - 1) < 3).double()
importance = torch.tensor([1.0, 0.5, 2.0, 1.25], dtype=torch.float64)
case("coral_loss_case", lambda z: F.binary_cross_entropy_with_logits(z, levels, reduction="sum") / 3, 2 * draw(K - 1))
case("coral_loss_importance_case",
     lambda z: F.binary_cross_entropy_with_logits(z, levels, weight=importance, reduction="sum") / 3, 2 * draw(K - 1))
for label in (0, 2, 4):
    case(f"cumulative_cross_entropy_{label}_case",
         lambda z: F.nll_loss(torch.log(class_probabilities(z))[None], torch.tensor([label])) / 3, falling)
