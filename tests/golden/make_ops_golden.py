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
