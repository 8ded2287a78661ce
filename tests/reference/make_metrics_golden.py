#!/usr/bin/env python3
"""Writes tests/golden/metrics_golden.hpp: scores, labels, and AUC and ACC as MedMNIST's evaluator computes them.

Each case calls sklearn's roc_auc_score and accuracy_score the way medmnist/evaluator.py does (FACTS of MedMNIST
3.0.2: binary, the last column and > .5; multi-label, the mean over labels; otherwise one class against the rest and
argmax). Scores are multiples of 1/16 or of 1/1024, exact in any base, so that ties are ties.

    /usr/bin/python3 tests/reference/make_metrics_golden.py > tests/golden/metrics_golden.hpp
"""
import numpy as np
from sklearn.metrics import accuracy_score, roc_auc_score

rng = np.random.default_rng(20250307)


def auc(y, s, task):
    if task == "binary_class":
        return roc_auc_score(y, s[:, -1])
    if task == "multi_label":
        return np.mean([roc_auc_score(y[:, k], s[:, k]) for k in range(s.shape[1])])
    return np.mean([roc_auc_score(y == k, s[:, k]) for k in range(s.shape[1])])


def acc(y, s, task):
    if task == "binary_class":
        return accuracy_score(y, s[:, -1] > 0.5)
    if task == "multi_label":
        return np.mean([accuracy_score(y[:, k], s[:, k] > 0.5) for k in range(s.shape[1])])
    return accuracy_score(y, s.argmax(-1))


def numbers(array):
    text, line = "", "       "
    for value in array.ravel():
        word = f" {value!r}," if isinstance(value, float) else f" {value},"
        if len(line) + len(word) > 118:
            text, line = text + line + "\n", "       "
        line += word
    return text + line


print("// SPDX-License-Identifier: Apache-2.0")
print("// Made by tests/reference/make_metrics_golden.py; do not edit.")
print("#pragma once\n\n#include <cstdint>\n#include <vector>\n\n#include <qvit/data/task.hpp>\n")
print("struct metrics_golden {\n    qvit::task kind;\n    std::size_t classes;\n    std::vector<double> scores;")
print("    std::vector<std::uint8_t> labels;\n    double auc, accuracy;\n};\n")
print("inline const std::vector<metrics_golden> metrics_goldens = {")
for task, images, classes, steps in [
    ("binary_class", 40, 2, 1024),
    ("binary_class", 60, 2, 8),
    ("binary_class", 30, 1, 16),
    ("multi_class", 60, 4, 1024),
    ("multi_class", 50, 3, 8),
    ("ordinal_regression", 60, 5, 16),
    ("multi_label", 30, 4, 16),
]:
    if task == "multi_label":
        y = rng.integers(0, 2, (images, classes))
        s = np.clip(rng.integers(0, steps + 1, (images, classes)) / steps * 0.75 + y * 0.25, 0, 1)
    else:
        k = max(classes, 2)
        y = np.r_[np.arange(k), rng.integers(0, k, images - k)]
        s = rng.integers(0, steps + 1, (images, classes)) / steps * 0.75
        if classes == 1:
            s[:, 0] += 0.25 * y
        else:
            s[np.arange(images), y] += 0.25
    print(f"    {{qvit::task::{task}, {classes}, {{")
    print(numbers(s.astype(float)) + "},\n     {")
    print(numbers(y.astype(int)) + "},")
    print(f"     {float(auc(y, s, task))!r}, {float(acc(y, s, task))!r}}},")
print("};")
