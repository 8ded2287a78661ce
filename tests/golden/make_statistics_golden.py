#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/golden/statistics_golden.hpp: means, standard deviations and bootstrap intervals by numpy and scipy.

`exact` draws the same samples as the library (Philox4x32-10 and Lemire's bounded integers written out below) and takes
numpy's mean and percentile; `scipy` is scipy.stats.bootstrap's percentile interval of 200,000 samples of its own.
Images: sklearn's roc_auc_score with sample weights.

    /usr/bin/python3 tests/golden/make_statistics_golden.py > tests/golden/statistics_golden.hpp
"""
import numpy as np
import scipy.stats
from sklearn.metrics import roc_auc_score

MASK = 0xffffffff


def philox(counter, key):
    c, (k0, k1) = list(counter), key
    for _ in range(10):
        p0, p1 = 0xD2511F53 * c[0], 0xCD9E8D57 * c[2]
        c = [(p1 >> 32) ^ c[1] ^ k0, p1 & MASK, (p0 >> 32) ^ c[3] ^ k1, p0 & MASK]
        k0, k1 = (k0 + 0x9E3779B9) & MASK, (k1 + 0xBB67AE85) & MASK
    return c


def words(seed, resample):
    key = philox((6, 0, 0, 0), (seed & MASK, seed >> 32))[:2]  # 6: stream::bootstrap
    block = 0
    while True:
        yield from philox((block, 0, resample, 0), key)
        block += 1


def times_drawn(words_, count):
    refused = (1 << 32) % count
    times = np.zeros(count, int)
    for _ in range(count):
        product = next(words_) * count
        while product & MASK < refused:
            product = next(words_) * count
        times[product >> 32] += 1
    return times


def interval(count, statistic, resamples, level, seed):
    values = []
    for i in range(resamples):
        source, value = words(seed, i), np.nan
        while np.isnan(value):
            value = statistic(times_drawn(source, count))
        values.append(value)
    tail = 50 * (1 - level)
    return np.percentile(values, [tail, 100 - tail])


def numbers(values):
    text, line = "", "       "
    for value in np.ravel(values):
        word = f" {value!r}," if isinstance(value, float) else f" {value},"
        if len(line) + len(word) > 118:
            text, line = text + line + "\n", "       "
        line += word
    return text + line


def auc(y, s, times):
    if s.shape[1] == 2:
        columns = [(y == 1, s[:, 1])]
    else:
        columns = [(y == k, s[:, k]) for k in range(s.shape[1])]
    if any(times[p].sum() in (0, times.sum()) for p, _ in columns):
        return np.nan
    return np.mean([roc_auc_score(p, c, sample_weight=times) for p, c in columns])


def acc(y, s, times):
    answer = s[:, 1] > .5 if s.shape[1] == 2 else s.argmax(1)
    return ((answer == y) * times).sum() / times.sum()


rng = np.random.default_rng(20250307)
print("// SPDX-License-Identifier: Apache-2.0")
print("// Made by tests/golden/make_statistics_golden.py; do not edit.")
print("#pragma once\n\n#include <cstddef>\n#include <cstdint>\n#include <vector>\n")
print("struct paired_golden {\n    std::vector<double> a, b;\n    std::size_t resamples;\n    double level;")
print("    std::uint64_t seed;\n    double mean, deviation, low, high;  ///< of b - a")
print("    double scipy_low, scipy_high;\n};\n")
print("inline const std::vector<paired_golden> paired_goldens = {")
for count, resamples, level, seed in ((5, 10000, .95, 0), (10, 2000, .9, 7), (30, 2000, .99, 2**40 + 3)):
    a = np.round(rng.normal(.7, .02, count), 4)
    b = np.round(a + rng.normal(.01, .01, count), 4)
    d = b - a
    low, high = interval(count, lambda t: (t * d).sum() / count, resamples, level, seed)
    other = scipy.stats.bootstrap((d,), np.mean, n_resamples=200000, confidence_level=level, method="percentile",
                                  random_state=1, batch=10000).confidence_interval
    print("    {{\n" + numbers(a) + "},\n     {\n" + numbers(b) + "},")
    print(f"     {resamples}, {level}, {seed}, {float(d.mean())!r}, {float(d.std(ddof=1))!r}, {float(low)!r}, "
          f"{float(high)!r},")
    print(f"     {float(other.low)!r}, {float(other.high)!r}}},")
print("};\n")
print("struct images_golden {\n    std::size_t classes;\n    std::vector<double> a, b;")
print("    std::vector<std::uint8_t> labels;\n    std::size_t resamples;\n    std::uint64_t seed;")
print("    double auc, auc_low, auc_high, acc, acc_low, acc_high;  ///< of b - a, level .95\n};\n")
print("inline const std::vector<images_golden> images_goldens = {")
for images, classes, resamples, seed in ((24, 2, 500, 1), (30, 4, 500, 2)):
    y = np.r_[np.arange(classes), rng.integers(0, classes, images - classes)]
    a, b = (rng.integers(0, 13, (images, classes)) / 16 for _ in "ab")
    a[np.arange(images), y] += .0625
    b[np.arange(images), y] += .1875
    ones = np.ones(images, int)
    both = []
    for score in (auc, acc):
        both += [score(y, b, ones) - score(y, a, ones),
                 *interval(images, lambda t: score(y, b, t) - score(y, a, t), resamples, .95, seed)]
    print(f"    {{{classes}, {{\n" + numbers(a) + "},\n     {\n" + numbers(b) + "},\n     {\n" + numbers(y) + "},")
    print(f"     {resamples}, {seed}, " + ", ".join(repr(float(x)) for x in both) + "},")
print("};")
