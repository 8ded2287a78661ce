#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes targets_golden.hpp: losses of a batch and their gradients by torch (1.13), double precision: class weights with
label smoothing for one label per image, and several labels per image.

    /usr/bin/python3 tests/golden/make_targets_golden.py > tests/golden/targets_golden.hpp
"""
import math

import torch
import torch.nn.functional as F

IMAGES, CLASSES = 6, 4
LOGITS = [[2 * math.sin(1.0 + 3 * i + 1.7 * k) for k in range(CLASSES)] for i in range(IMAGES)]
LABELS = [0, 3, 1, 1, 2, 3]
SEVERAL = [[(i * 5 + k * 3) % 7 % 2 for k in range(CLASSES)] for i in range(IMAGES)]
WEIGHTS = [0.5, 2.0, 1.25, 0.75]


def cross_entropy(weights, smoothing):
    weight = None if weights is None else torch.tensor(weights, dtype=torch.float64)
    return lambda z: F.cross_entropy(z, torch.tensor(LABELS), weight=weight, label_smoothing=smoothing)


def several(smoothing, positive=None):
    targets = torch.tensor(SEVERAL, dtype=torch.float64) * (1 - smoothing) + smoothing / 2
    weight = None if positive is None else torch.tensor(positive, dtype=torch.float64)
    return lambda z: F.binary_cross_entropy_with_logits(z, targets, pos_weight=weight)


def graded(fall):
    distance = [[math.exp(-fall * abs(k - label)) for k in range(CLASSES)] for label in LABELS]
    targets = torch.tensor([[d / sum(row) for d in row] for row in distance], dtype=torch.float64)
    return lambda z: F.cross_entropy(z, targets)


CASES = [
    ("plain", "task::multi_class, 0, {}", cross_entropy(None, 0.0)),
    ("smoothed", "task::multi_class, 0.1, {}", cross_entropy(None, 0.1)),
    ("weighted", "task::multi_class, 0, {.class_weights = {0.5, 2.0, 1.25, 0.75}}", cross_entropy(WEIGHTS, 0.0)),
    ("weighted and smoothed", "task::ordinal_regression, 0.2, {.class_weights = {0.5, 2.0, 1.25, 0.75}}",
     cross_entropy(WEIGHTS, 0.2)),
    ("several labels", "task::multi_label, 0, {}", several(0.0)),
    ("several labels, smoothed", "task::multi_label, 0.1, {}", several(0.1)),
    ("several labels, weighted", "task::multi_label, 0, {.class_weights = {0.5, 2.0, 1.25, 0.75}}", several(0.0, WEIGHTS)),
    ("grades", "task::ordinal_regression, 0, {.ordinal = ordinal_targets::distances, .ordinal_fall = 1.5}", graded(1.5)),
]


def row(values):
    return "{" + ", ".join(repr(float(v)) for v in values) + "}"


def table(rows):
    return "{" + ",\n     ".join(row(r) for r in rows) + "}"


print("// SPDX-License-Identifier: Apache-2.0")
print("// Made by make_targets_golden.py from torch.nn.functional; do not edit.")
print("#pragma once\n\n#include <cstdint>\n#include <vector>\n\n#include <qvit/data/task.hpp>")
print("#include <qvit/train/target_options.hpp>\n")
print("// clang-format off")
print("namespace targets_golden {")
print("using qvit::ordinal_targets;\nusing qvit::task;")
print(f"inline constexpr double logits[{IMAGES}][{CLASSES}] =\n    {table(LOGITS)};")
print(f"inline const std::vector<std::uint8_t> labels{{{', '.join(map(str, LABELS))}}};")
print(f"inline const std::vector<std::uint8_t> several{{{', '.join(str(v) for r in SEVERAL for v in r)}}};")
print("struct golden_case {\n    const char* name;\n    task kind;\n    double smoothing;\n    qvit::target_options options;")
print(f"    double loss;\n    double gradient[{IMAGES}][{CLASSES}];\n}};")
print("inline const golden_case cases[] = {")
for name, options, loss_of in CASES:
    z = torch.tensor(LOGITS, dtype=torch.float64, requires_grad=True)
    loss = loss_of(z)
    loss.backward()
    print(f'    {{"{name}", {options}, {loss.item()!r},\n     {table(z.grad.tolist())}}},')
print("};\n}  // namespace targets_golden")
