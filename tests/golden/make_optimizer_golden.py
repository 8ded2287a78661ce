#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes optimizer_golden.hpp: torch (1.13) optimisers, gradient clipping and one-cycle learning rates, double precision,
on a weight that decays and a bias that does not.

    /usr/bin/python3 tests/golden/make_optimizer_golden.py > tests/golden/optimizer_golden.hpp
"""
import math

import torch

STEPS = 6
WEIGHTS = [math.sin(1.0 + i) for i in range(9)]  # 3 x 2 matrix, then 3 biases
RATES = [1e-2, 1e-2, 3e-3, 3e-3, 1e-3, 1e-4]
GRADIENTS = [[math.cos(2.0 + 0.7 * i + 1.3 * step) * 10.0 ** (i - 6) for i in range(9)] for step in range(STEPS)]
GRADIENTS[3] = [0.0] * 9

# name, C++ options, torch's class and arguments, weight decay, limit of the global norm (0: none)
CASES = [
    ("SGD", "{.kind = optimizer_kind::sgd}", torch.optim.SGD, {}, 0.0, 0.0),
    ("SGD, decay", "{.kind = optimizer_kind::sgd}", torch.optim.SGD, {}, 0.1, 0.0),
    ("SGD, momentum, decay", "{.kind = optimizer_kind::sgd, .momentum = 0.9}", torch.optim.SGD, {"momentum": 0.9}, 0.1, 0.0),
    ("SGD, Nesterov, decay", "{.kind = optimizer_kind::sgd, .momentum = 0.8, .nesterov = true}", torch.optim.SGD,
     {"momentum": 0.8, "nesterov": True}, 0.1, 0.0),
    ("SGD, momentum, clipped", "{.kind = optimizer_kind::sgd, .momentum = 0.9}", torch.optim.SGD, {"momentum": 0.9}, 0.1, 2.0),
    ("Adam", "{.kind = optimizer_kind::adam}", torch.optim.Adam, {}, 0.0, 0.0),
    ("Adam, decay", "{.kind = optimizer_kind::adam}", torch.optim.Adam, {}, 0.1, 0.0),
    ("Adam, other betas, clipped", "{.kind = optimizer_kind::adam, .beta1 = 0.8, .beta2 = 0.95, .epsilon = 1e-3}",
     torch.optim.Adam, {"betas": (0.8, 0.95), "eps": 1e-3}, 0.1, 0.5),
    ("AdamW", "{}", torch.optim.AdamW, {}, 0.0, 0.0),
    ("AdamW, decay", "{}", torch.optim.AdamW, {}, 0.1, 0.0),
    ("AdamW, decay, clipped", "{}", torch.optim.AdamW, {}, 0.1, 1.0),
]
# total steps, and the shares of the cycle that rise
CYCLES = [(10, 0.3), (57, 0.25), (8, 0.5)]


def run(kind, arguments, decay, limit):
    weight = torch.tensor(WEIGHTS[:6], dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(WEIGHTS[6:], dtype=torch.float64, requires_grad=True)
    optimiser = kind([{"params": [weight], "weight_decay": decay}, {"params": [bias], "weight_decay": 0.0}],
                     lr=RATES[0], **arguments)
    rows = []
    for rate, gradient in zip(RATES, GRADIENTS):
        for group in optimiser.param_groups:
            group["lr"] = rate
        weight.grad = torch.tensor(gradient[:6], dtype=torch.float64)
        bias.grad = torch.tensor(gradient[6:], dtype=torch.float64)
        if limit > 0:
            torch.nn.utils.clip_grad_norm_([weight, bias], limit)
        optimiser.step()
        rows.append(weight.tolist() + bias.tolist())
    return rows


def one_cycle(total, rising):
    parameter = torch.zeros(1, requires_grad=True)
    optimiser = torch.optim.SGD([parameter], lr=1.0, momentum=0.9)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, max_lr=0.04, total_steps=total, pct_start=rising,
                                                   div_factor=20.0, final_div_factor=500.0)
    rates = []
    for step in range(total):
        rates.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        if step + 1 < total:
            schedule.step()
    return rates


def row(values):
    return "{" + ", ".join(repr(float(v)) for v in values) + "}"


def block(rows, indent):
    return "{\n" + ",\n".join(indent + row(r) for r in rows) + "}"


print("// SPDX-License-Identifier: Apache-2.0")
print("// Made by make_optimizer_golden.py from torch.optim; do not edit.")
print("#pragma once\n\n#include <vector>\n\n#include <qvit/train/optimizer_options.hpp>\n")
print("// clang-format off")
print("namespace optimizer_golden {")
print("using qvit::optimizer_kind;")
print(f"inline constexpr int steps = {STEPS};")
print(f"inline constexpr double start[9] = {row(WEIGHTS)};")
print(f"inline constexpr double rates[{STEPS}] = {row(RATES)};")
print(f"inline constexpr double gradients[{STEPS}][9] = {block(GRADIENTS, '    ')};")
print("struct golden_case {\n    const char* name;\n    qvit::optimizer_options options;\n    double decay;")
print(f"    double limit;\n    double weights[{STEPS}][9];\n}};")
print("inline constexpr golden_case cases[] = {")
for name, options, kind, arguments, decay, limit in CASES:
    print(f'    {{"{name}", {options}, {decay}, {limit}, {block(run(kind, arguments, decay, limit), "     ")}}},')
print("};")
print("struct cycle {\n    double rising;\n    std::vector<double> rates;\n};")
print("/// Of a peak of 0.04, from a 20th of it to a 500th of that.")
print("inline const cycle cycles[] = {")
for total, rising in CYCLES:
    print(f"    {{{rising}, {row(one_cycle(total, rising))}}},")
print("};")
print("}  // namespace optimizer_golden")
