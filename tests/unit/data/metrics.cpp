// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <qvit/data/accuracy.hpp>
#include <qvit/data/auc.hpp>

#include "golden/metrics_golden.hpp"
#include "unit/data/message_of.hpp"

using qvit::accuracy;
using qvit::auc;
using qvit::task;
using labels = std::vector<std::uint8_t>;
using scores = std::vector<double>;

TEST_CASE("metrics: as sklearn computes them for MedMNIST's evaluator") {
    for (const metrics_golden& golden : metrics_goldens) {
        CAPTURE(task_name(golden.kind));
        CHECK(std::abs(auc(golden.scores, golden.labels, golden.classes, golden.kind) - golden.auc) < 1e-14);
        CHECK(std::abs(accuracy(golden.scores, golden.labels, golden.classes, golden.kind) - golden.accuracy) < 1e-14);
    }
}

TEST_CASE("auc: the definition, pair by pair, with many ties") {
    qvit::random_stream draw(11);
    for (int trial = 0; trial < 50; ++trial) {
        scores s;
        labels y = {0, 1};
        while (y.size() < 40) y.push_back(static_cast<std::uint8_t>(draw.below(2)));
        while (s.size() < 40) s.push_back(draw.below(6) / 5.0);
        double wins = 0, pairs = 0;
        for (std::size_t i = 0; i < 40; ++i)
            for (std::size_t j = 0; j < 40; ++j)
                if (y[i] == 1 && y[j] == 0) {
                    wins += s[i] > s[j] ? 1 : s[i] == s[j] ? 0.5 : 0;
                    pairs += 1;
                }
        CHECK(std::abs(auc(s, y, 1, task::binary_class) - wins / pairs) < 1e-15);
    }
    CHECK(auc(scores{.1, .2, .3, .4}, labels{0, 0, 1, 1}, 1, task::binary_class) == 1);
    CHECK(auc(scores{.1, .2, .3, .4}, labels{1, 1, 0, 0}, 1, task::binary_class) == 0);
    CHECK(auc(scores{.5, .5, .5, .5}, labels{1, 1, 0, 0}, 1, task::binary_class) == 0.5);
    // Only the last column counts for a binary task.
    CHECK(auc(scores{9, .1, 8, .2, 7, .3, 1, .4}, labels{0, 0, 1, 1}, 2, task::binary_class) == 1);
}

TEST_CASE("accuracy: strict thresholds and the first of equal scores") {
    CHECK(accuracy(scores{.5, .5}, labels{1}, 2, task::binary_class) == 0);
    CHECK(accuracy(scores{.9, .5, .9, .51}, labels{0, 1}, 2, task::binary_class) == 1);
    CHECK(accuracy(scores{.5, .5}, labels{0, 1}, 2, task::multi_label) == 0.5);
    CHECK(accuracy(scores{.3, .4, .4}, labels{1}, 3, task::multi_class) == 1);
    CHECK(accuracy(scores{.3, .4, .4}, labels{2}, 3, task::ordinal_regression) == 0);
}

TEST_CASE("metrics: what they are not defined for") {
    const scores s(6, .5);
    CHECK_CONTAINS(message_of([&] {
                       (void)auc(s, labels{0, 1}, 3, task::multi_class);
                   }),
                   "AUC is undefined: of 2 images none or all have label 2");
    CHECK_CONTAINS(message_of([&] {
                       (void)auc(s, labels{1, 1, 1}, 2, task::binary_class);
                   }),
                   "none or all have label 1");
    CHECK_CONTAINS(message_of([&] { (void)auc(s, labels{0, 1, 1, 1, 0, 1}, 2, task::multi_label); }), "label 1");
    CHECK(accuracy(s, labels{0, 1}, 3, task::multi_class) == 0.5);  // needs no image of class 2

    CHECK_THROWS_AS((void)auc(s, labels{0, 1}, 2, task::multi_class), std::invalid_argument);
    CHECK_THROWS_AS((void)accuracy(s, labels{0, 3}, 3, task::multi_class), std::invalid_argument);
    CHECK_THROWS_AS((void)accuracy(s, labels{0, 1, 2}, 2, task::binary_class), std::invalid_argument);
    CHECK_THROWS_AS((void)accuracy(scores{}, labels{}, 2, task::binary_class), std::invalid_argument);
    CHECK_THROWS_AS((void)accuracy(s, labels{0}, 0, task::multi_class), std::invalid_argument);
    scores diverged = s;
    diverged[4] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH_AS((void)auc(diverged, labels{0, 1}, 3, task::multi_class), "score 1 of image 1 is not a number",
                         std::domain_error);
}
