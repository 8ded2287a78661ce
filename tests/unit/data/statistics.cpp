// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <qvit/data/bootstrap.hpp>
#include <qvit/data/image_difference.hpp>
#include <qvit/data/paired_difference.hpp>
#include <qvit/data/sample_summary.hpp>

#include "golden/statistics_golden.hpp"
#include "unit/data/message_of.hpp"

using qvit::task;
using counts = std::span<const std::uint32_t>;

TEST_CASE("summarize: mean and sample standard deviation") {
    const auto some = qvit::summarize(std::array{1e9 + 1, 1e9 + 2, 1e9 + 4});
    CHECK(some.count == 3);
    CHECK(std::abs(some.mean - (1e9 + 7 / 3.0)) < 1e-6);
    CHECK(std::abs(some.deviation - std::sqrt(7 / 3.0)) < 1e-6);
    CHECK(qvit::summarize(std::array{.25}).mean == .25);
    CHECK(std::isnan(qvit::summarize(std::array{.25}).deviation));
    CHECK(std::isnan(qvit::summarize({}).mean));
    CHECK(qvit::summarize({}).count == 0);
}

TEST_CASE("paired_difference: as numpy computes it from the same samples, near scipy's interval from its own") {
    for (const paired_golden& golden : paired_goldens) {
        const auto found = qvit::paired_difference(
            golden.a, golden.b, {.resamples = golden.resamples, .level = golden.level, .seed = golden.seed});
        CAPTURE(golden.a.size());
        CHECK(found.difference.count == golden.a.size());
        CHECK(std::abs(found.difference.mean - golden.mean) < 1e-15);
        CHECK(std::abs(found.difference.deviation - golden.deviation) < 1e-15);
        CHECK(std::abs(found.interval.low - golden.low) < 1e-15);
        CHECK(std::abs(found.interval.high - golden.high) < 1e-15);
        // A tail of 10 of 2,000 samples wavers by a tenth of the standard error or so.
        const double near = .25 * golden.deviation / std::sqrt(static_cast<double>(golden.a.size()));
        CHECK(std::abs(found.interval.low - golden.scipy_low) < near);
        CHECK(std::abs(found.interval.high - golden.scipy_high) < near);
    }
}

TEST_CASE("paired_difference: pairs that differ by the same amount leave no doubt, and its sign is b - a") {
    const auto same = qvit::paired_difference(std::array{.5, .75, .25}, std::array{.75, 1., .5});
    CHECK(same.difference.mean == .25);
    CHECK(same.difference.deviation == 0);
    CHECK(same.interval.low == .25);
    CHECK(same.interval.high == .25);
    CHECK_THROWS_AS((void)qvit::paired_difference(std::array{1., 2.}, std::array{1.}), std::invalid_argument);
    CHECK_THROWS_AS((void)qvit::paired_difference({}, {}), std::invalid_argument);
}

TEST_CASE("bootstrap_interval: samples, quantiles, what it refuses") {
    std::vector<std::uint64_t> drawn(3);
    const auto first = [&](counts times) {
        CHECK(times[0] + times[1] + times[2] == 3);
        for (std::size_t i = 0; i < 3; ++i) drawn[i] += times[i];
        return static_cast<double>(times[0]);
    };
    // times[0] is binomial (3, 1/3): 0 with 8/27, 1 with 12/27, 2 with 6/27, 3 with 1/27.
    const auto most = qvit::bootstrap_interval(3, first, {.level = .99});
    CHECK(most.low == 0);
    CHECK(most.high == 3);
    const auto half = qvit::bootstrap_interval(3, first, {.level = .3});
    CHECK(half.low == 1);
    CHECK(half.high == 1);
    for (const std::uint64_t all : drawn) CHECK(std::abs(static_cast<double>(all) - 20000) < 600);  // 4 sigma
    const auto seeded = [&](std::uint64_t seed) {
        return qvit::bootstrap_interval(
                   40,
                   [](counts times) { return static_cast<double>(times[7] * times[8] + times[9]) + .01 * times[1]; },
                   {.resamples = 50, .seed = seed})
            .high;
    };
    CHECK(seeded(1) == seeded(1));
    CHECK(seeded(1) != seeded(2));

    // Samples without item 0 are drawn again: with at least one, at most three.
    const auto defined = qvit::bootstrap_interval(
        3, [](counts times) { return times[0] == 0 ? std::numeric_limits<double>::quiet_NaN() : times[0]; },
        {.level = .9});
    CHECK(defined.low == 1);
    CHECK_CONTAINS(message_of([&] {
                       (void)qvit::bootstrap_interval(2,
                                                      [](counts) { return std::numeric_limits<double>::quiet_NaN(); });
                   }),
                   "undefined on 1000 samples of 2 items");
    const auto zero = [](counts) { return 0.0; };
    CHECK_THROWS_AS((void)qvit::bootstrap_interval(0, zero), std::invalid_argument);
    CHECK_THROWS_AS((void)qvit::bootstrap_interval(1, zero, {.resamples = 0}), std::invalid_argument);
    CHECK_THROWS_AS((void)qvit::bootstrap_interval(1, zero, {.level = 1}), std::invalid_argument);
    CHECK_THROWS_AS((void)qvit::bootstrap_interval(1, zero, {.level = std::nan("")}), std::invalid_argument);
}

TEST_CASE("image_difference: as sklearn with sample weights, on the same samples") {
    for (const images_golden& golden : images_goldens) {
        const task kind = golden.classes == 2 ? task::binary_class : task::multi_class;
        const auto found = qvit::image_difference(golden.a, golden.b, golden.labels, golden.classes, kind,
                                                  {.resamples = golden.resamples, .seed = golden.seed});
        CAPTURE(golden.classes);
        CHECK(std::abs(found.auc.difference - golden.auc) < 1e-14);
        CHECK(std::abs(found.auc.interval.low - golden.auc_low) < 1e-14);
        CHECK(std::abs(found.auc.interval.high - golden.auc_high) < 1e-14);
        CHECK(std::abs(found.accuracy.difference - golden.acc) < 1e-14);
        CHECK(std::abs(found.accuracy.interval.low - golden.acc_low) < 1e-14);
        CHECK(std::abs(found.accuracy.interval.high - golden.acc_high) < 1e-14);
    }
}

TEST_CASE("image_difference: a sample's metrics are those of the images written out as often as they were drawn") {
    qvit::random_stream draw(5);
    for (const task kind : {task::multi_label, task::ordinal_regression, task::binary_class}) {
        const std::size_t images = 40, classes = kind == task::binary_class ? 1 : 3;
        const std::size_t per_image = kind == task::multi_label ? classes : 1;
        std::vector<double> scores, again;
        std::vector<std::uint8_t> labels, labels_again;
        std::vector<std::uint32_t> times;
        while (scores.size() < images * classes) scores.push_back(draw.below(9) / 8.0);
        while (labels.size() < images * per_image)
            labels.push_back(static_cast<std::uint8_t>(draw.below(kind == task::ordinal_regression ? 3 : 2)));
        std::uint32_t left = images;
        while (times.size() < images) {
            const std::uint32_t one = times.size() + 1 == images ? left : draw.below(std::min(left, 3U) + 1);
            times.push_back(one);
            left -= one;
        }
        for (std::size_t i = 0; i < images; ++i)
            for (std::uint32_t t = 0; t < times[i]; ++t) {
                again.insert(again.end(), scores.begin() + static_cast<std::ptrdiff_t>(i * classes),
                             scores.begin() + static_cast<std::ptrdiff_t>((i + 1) * classes));
                labels_again.insert(labels_again.end(), labels.begin() + static_cast<std::ptrdiff_t>(i * per_image),
                                    labels.begin() + static_cast<std::ptrdiff_t>((i + 1) * per_image));
            }
        const qvit::detail::resampled_metrics metrics(scores, labels, classes, kind);
        CHECK(std::abs(metrics.auc(times) - qvit::auc(again, labels_again, classes, kind)) < 1e-14);
        CHECK(std::abs(metrics.acc(times) - qvit::accuracy(again, labels_again, classes, kind)) < 1e-14);
    }
    CHECK_THROWS_AS((void)qvit::image_difference(std::array{.1, .2}, std::array{.1}, std::array<std::uint8_t, 1>{1}, 1,
                                                 task::binary_class),
                    std::invalid_argument);
}
