#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes optimizer_golden.hpp: AdamW of torch (1.13), double precision, on a weight that decays and a bias that does not.

    /usr/bin/python3 tests/golden/make_optimizer_golden.py > tests/golden/optimizer_golden.hpp
"""
import math

import torch

STEPS = 6
WEIGHTS = [math.sin(1.0 + i) for i in range(9)]  # 3 x 2 matrix, then 3 biases
RATES = [1e-2, 1e-2, 3e-3, 3e-3, 1e-3, 1e-4]
GRADIENTS = [[math.cos(2.0 + 0.7 * i + 1.3 * step) * 10.0 ** (i - 6) for i in range(9)] for step in range(STEPS)]
GRADIENTS[3] = [0.0] * 9


def run(decay):
    weight = torch.tensor(WEIGHTS[:6], dtype=torch.float64, requires_grad=True)
    bias = torch.tensor(WEIGHTS[6:], dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.AdamW([{"params": [weight], "weight_decay": decay},
                                   {"params": [bias], "weight_decay": 0.0}])
    rows = []
    for rate, gradient in zip(RATES, GRADIENTS):
        for group in optimiser.param_groups:
            group["lr"] = rate
        weight.grad = torch.tensor(gradient[:6], dtype=torch.float64)
        bias.grad = torch.tensor(gradient[6:], dtype=torch.float64)
        optimiser.step()
        rows.append(weight.tolist() + bias.tolist())
    return rows


def row(values):
    return "{" + ", ".join(repr(float(v)) for v in values) + "}"


def table(name, rows):
    print(f"inline constexpr double {name}[{len(rows)}][{len(rows[0])}] = {{")
    print(",\n".join("    " + row(r) for r in rows) + "};")


print("// SPDX-License-Identifier: Apache-2.0")
print("// Made by make_optimizer_golden.py from torch.optim.AdamW; do not edit.")
print("#pragma once\n")
print("// clang-format off")
print("namespace optimizer_golden {")
print(f"inline constexpr int steps = {STEPS};")
print(f"inline constexpr double start[9] = {row(WEIGHTS)};")
print(f"inline constexpr double rates[{STEPS}] = {row(RATES)};")
table("gradients", GRADIENTS)
table("without_decay", run(0.0))
table("with_decay", run(0.1))
print("}  // namespace optimizer_golden")
