#!/usr/bin/python3
"""Writes tests/golden/distillation_golden.hpp: distillation losses and their gradients by torch (python3-torch).

Usage: tests/golden/make_distillation_golden.py > tests/golden/distillation_golden.hpp"""
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
Z = torch.tensor([[0.3, -1.2, 2.0, 0.7], [1.5, 0.1, -0.4, -2.2], [-0.6, 0.9, 0.8, 0.2]])
TEACHER = torch.tensor([[1.1, -0.3, 0.4, -1.0], [0.2, 2.4, -1.7, 0.5], [-0.8, -0.1, 3.0, 1.2]])
LABELS = torch.tensor([2, 0, 1])


def soft(z, temperature, reduction):
    kl = F.kl_div(F.log_softmax(z / temperature, -1), F.log_softmax(TEACHER / temperature, -1), log_target=True,
                  reduction="sum") * temperature**2
    return kl / (z.numel() if reduction == "mean" else z.shape[0])


CASES = [
    ("soft, T 2, share 0.7, sum", lambda z: 0.3 * F.cross_entropy(z, LABELS) + 0.7 * soft(z, 2.0, "sum"),
     "distillation_target::soft, class_reduction::sum, 0.7, 2.0"),
    ("soft, T 4, share 1, mean", lambda z: soft(z, 4.0, "mean"),
     "distillation_target::soft, class_reduction::mean, 1.0, 4.0"),
    ("hard, share 0.5", lambda z: 0.5 * F.cross_entropy(z, LABELS) + 0.5 * F.cross_entropy(z, TEACHER.argmax(-1)),
     "distillation_target::hard, class_reduction::sum, 0.5, 2.0"),
    ("logits, share 0.4, mean", lambda z: 0.6 * F.cross_entropy(z, LABELS) + 0.4 * F.mse_loss(z, TEACHER),
     "distillation_target::logits, class_reduction::mean, 0.4, 2.0"),
    ("labels alone", lambda z: F.cross_entropy(z, LABELS), "distillation_target::soft, class_reduction::sum, 0.0, 3.0"),
]


def row(values):
    return "{" + ", ".join(f"{v:.17g}" for v in values) + "}"


print("// SPDX-License-Identifier: Apache-2.0")
print("// Written by make_distillation_golden.py with torch", torch.__version__)
print("#pragma once\n\n#include <qvit/kd/options.hpp>\n\nnamespace distillation_golden {\n")
print("inline constexpr int images = 3, classes = 4;")
print("inline constexpr double student[] =", row(Z.flatten().tolist()) + ";")
print("inline constexpr double teacher[] =", row(TEACHER.flatten().tolist()) + ";")
print("inline constexpr int labels[] =", "{" + ", ".join(str(v) for v in LABELS.tolist()) + "};")
print("struct golden_case {\n    const char* name;\n    qvit::distillation_options options;\n    double loss;"
      "\n    double gradient[12];\n};")
print("inline constexpr golden_case cases[] = {")
for name, loss, options in CASES:
    z = Z.clone().requires_grad_()
    value = loss(z)
    value.backward()
    text = options.replace("distillation_target", "qvit::distillation_target").replace("class_red", "qvit::class_red")
    print(f'    {{"{name}", {{{text}}}, {value.item():.17g}, {row(z.grad.flatten().tolist())}}},')
print("};\n\n}  // namespace distillation_golden")
