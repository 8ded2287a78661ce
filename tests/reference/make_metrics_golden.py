#!/usr/bin/env python3
"""Writes tests/golden/metrics_golden.hpp: scores, labels, AUC and ACC as MedMNIST's evaluator computes them, and more.

Each case calls sklearn's roc_auc_score and accuracy_score the way medmnist/evaluator.py does (FACTS of MedMNIST
3.0.2: binary, the last column and > .5; multi-label, the mean over labels; otherwise one class against the rest and
argmax). Confusion matrix, ROC points, and each class's AUC, precision, recall and F1 are sklearn's too; the calibration
error, which it does not have, is written out below (15 bins, open below and closed above). Scores are multiples of 1/16 or of 1/1024, exact in any base, so that ties are ties.

    /usr/bin/python3 tests/reference/make_metrics_golden.py > tests/golden/metrics_golden.hpp
"""
import numpy as np
from sklearn.metrics import (accuracy_score, confusion_matrix, multilabel_confusion_matrix,
                             precision_recall_fscore_support, roc_auc_score, roc_curve)

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


def answers(s, task):
    if task == "multi_label":
        return (s > 0.5).astype(int)
    return (s[:, -1] > 0.5).astype(int) if task == "binary_class" else s.argmax(-1)


def confusion(y, s, task):
    if task == "multi_label":
        return multilabel_confusion_matrix(y, answers(s, task))
    k = 2 if task == "binary_class" else s.shape[1]
    return confusion_matrix(y, answers(s, task), labels=range(k))


def one_class(y, s, task, k):
    """Labels and scores of class k against the rest."""
    if task == "multi_label":
        return y[:, k], s[:, k]
    if task == "binary_class" and s.shape[1] == 1:
        return y == k, s[:, 0] if k == 1 else 1 - s[:, 0]
    return y == k, s[:, k]


def class_scores(y, s, task):
    k = 2 if task == "binary_class" else s.shape[1]
    p, r, f, n = precision_recall_fscore_support(y, answers(s, task), labels=range(k), zero_division=0)
    return np.array([[roc_auc_score(*one_class(y, s, task, i)), p[i], r[i], f[i], n[i]] for i in range(k)])


def calibration_error(y, s, task, bins=15):
    answer = answers(s, task)
    if task == "binary_class" or task == "multi_label":
        p = s[:, -1] if task == "binary_class" else s
        confidence = np.where(answer == 1, p, 1 - p).ravel()
    else:
        confidence = s.max(-1)
    right = (answer == y).ravel()
    bin_of = np.maximum(np.ceil(confidence * bins).astype(int) - 1, 0)
    return sum(abs(right[bin_of == b].mean() - confidence[bin_of == b].mean()) * (bin_of == b).mean()
               for b in range(bins) if (bin_of == b).any())


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
print("    std::vector<std::uint8_t> labels;\n    double auc, accuracy, calibration_error;")
print("    std::vector<std::uint64_t> confusion;")
print("    std::vector<double> class_scores;  ///< AUC, precision, recall, F1, images of each class")
print("    std::vector<double> roc;           ///< of the last class: false and true positive rate of each point\n};\n")
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
    print(f"     {float(auc(y, s, task))!r}, {float(acc(y, s, task))!r}, {float(calibration_error(y, s, task))!r}, {{")
    print(numbers(confusion(y, s, task)) + "},\n     {")
    print(numbers(class_scores(y, s, task).astype(float)) + "},\n     {")
    last = 1 if task == "binary_class" else classes - 1
    print(numbers(np.stack(roc_curve(*one_class(y, s, task, last), drop_intermediate=False)[:2], 1)) + "}},")
print("};")
