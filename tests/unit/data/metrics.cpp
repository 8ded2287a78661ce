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
#include <qvit/data/calibration.hpp>
#include <qvit/data/class_balance.hpp>
#include <qvit/data/class_scores.hpp>
#include <qvit/data/confusion_matrix.hpp>
#include <qvit/data/roc_curve.hpp>

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

TEST_CASE("metrics: confusion, scores of each class and ROC points as sklearn's, calibration error as written out") {
    for (const metrics_golden& golden : metrics_goldens) {
        const task kind = golden.kind;
        const std::size_t classes = golden.classes;
        const scores &s = golden.scores, &of_classes = golden.class_scores, &roc = golden.roc;
        const labels& y = golden.labels;
        CAPTURE(task_name(kind));
        CHECK(qvit::confusion_matrix(s, y, classes, kind) == golden.confusion);
        CHECK(std::abs(qvit::calibration_error(s, y, classes, kind) - golden.calibration_error) < 1e-14);
        const auto found = qvit::class_scores(s, y, classes, kind);
        REQUIRE(found.size() * 5 == of_classes.size());
        for (std::size_t k = 0; k < found.size(); ++k) {
            const double* expected = of_classes.data() + 5 * k;
            CHECK(std::abs(found[k].auc - expected[0]) < 1e-14);
            CHECK(std::abs(found[k].precision - expected[1]) < 1e-14);
            CHECK(std::abs(found[k].recall - expected[2]) < 1e-14);
            CHECK(std::abs(found[k].f1 - expected[3]) < 1e-14);
            CHECK(static_cast<double>(found[k].images) == expected[4]);
        }
        const auto points = qvit::roc_curve(s, y, classes, kind, found.size() - 1);
        REQUIRE(points.size() * 2 == roc.size());
        for (std::size_t i = 0; i < points.size(); ++i) {
            CHECK(std::abs(points[i].false_positive_rate - roc[2 * i]) < 1e-15);
            CHECK(std::abs(points[i].true_positive_rate - roc[2 * i + 1]) < 1e-15);
        }
    }
}

TEST_CASE("roc_curve: thresholds, and the area under it is the AUC") {
    const scores s{.1, .4, .4, .8};
    const labels y{0, 1, 0, 1};
    const auto points = qvit::roc_curve(s, y, 1, task::binary_class, 1);
    REQUIRE(points.size() == 4);
    CHECK(points[0].threshold == std::numeric_limits<double>::infinity());
    CHECK(points[1].threshold == .8);
    CHECK(points[2].threshold == .4);
    CHECK(points[2].false_positive_rate == .5);
    CHECK(points[2].true_positive_rate == 1);
    CHECK(points[3].threshold == .1);
    double area = 0;
    for (std::size_t i = 1; i < points.size(); ++i)
        area += (points[i].false_positive_rate - points[i - 1].false_positive_rate) *
                (points[i].true_positive_rate + points[i - 1].true_positive_rate) / 2;
    CHECK(std::abs(area - auc(s, y, 1, task::binary_class)) < 1e-15);
    CHECK_CONTAINS(message_of([&] {
                       (void)qvit::roc_curve(s, labels{1, 1, 1, 1}, 1, task::binary_class, 1);
                   }),
                   "the ROC curve is undefined: of 4 images none or all have label 1");
}

TEST_CASE("class_scores: a class without images or answers") {
    const auto table = qvit::class_scores(scores{.9, .1, 0, .2, .8, 0}, labels{0, 0}, 3, task::multi_class);
    CHECK(std::isnan(table[0].auc));
    CHECK(table[0].precision == 1);
    CHECK(table[0].recall == .5);
    CHECK(table[1].precision == 0);
    CHECK(table[1].recall == 0);
    CHECK(table[2].f1 == 0);
    CHECK(table[2].images == 0);
}

TEST_CASE("calibration: bins are open below and closed above") {
    // Confidences .6 .6 .8 1, right: yes no yes yes.
    const auto bins = qvit::calibration_bins(scores{.6, .4, .8, 1}, labels{1, 1, 1, 1}, 1, task::binary_class, 5);
    REQUIRE(bins.size() == 5);
    CHECK(bins[2].answers == 2);
    CHECK(bins[2].confidence == .6);
    CHECK(bins[2].accuracy == .5);
    CHECK(bins[3].answers == 1);
    CHECK(bins[4].answers == 1);
    CHECK(bins[0].answers + bins[1].answers == 0);
    CHECK(std::abs(qvit::calibration_error(scores{.6, .4, .8, 1}, labels{1, 1, 1, 1}, 1, task::binary_class, 5) - .1) <
          1e-15);
    CHECK(qvit::calibration_bins(scores{0, 0}, labels{0}, 2, task::multi_class)[0].answers == 1);
    CHECK_THROWS_AS((void)qvit::calibration_bins(scores{2}, labels{1}, 1, task::binary_class), std::invalid_argument);
    CHECK_THROWS_AS((void)qvit::calibration_bins(scores{1}, labels{1}, 1, task::binary_class, 0),
                    std::invalid_argument);
}

TEST_CASE("class balance: counts, weights that make classes equal") {
    const qvit::image_split single{{}, {0, 0, 0, 2, 2, 0}};
    const auto counts = qvit::class_counts(single, 4);
    CHECK(counts == std::vector<std::size_t>{4, 0, 2, 0});
    // N / (K n): as sklearn's 'balanced', with the absent classes counted.
    CHECK(qvit::balanced_class_weights(counts) == std::vector<double>{6 / 16.0, 0, 6 / 8.0, 0});
    const qvit::image_split several{{}, {1, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0}, 3};
    const auto positives = qvit::class_counts(several, 3);
    CHECK(positives == std::vector<std::size_t>{3, 1, 0});
    CHECK(qvit::positive_weights(positives, several.count()) == std::vector<double>{1 / 3.0, 3, 1});
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
