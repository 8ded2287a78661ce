// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/core/stream.hpp>
#include <qvit/data/bad_input.hpp>

namespace qvit::inline QVIT_ABI {

/// How often samples are drawn anew, and how much of their distribution the interval holds.
struct bootstrap_options {
    std::size_t resamples = 10000;
    double level = 0.95;
    std::uint64_t seed = 0;
};

/// From `low` to `high`.
struct confidence_interval {
    double low, high;
};

namespace detail {
/// The q-quantile of sorted numbers, linear between neighbours: numpy's default.
inline double sorted_quantile(std::span<const double> sorted, double q) {
    const double place = q * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const double share = place - static_cast<double>(below);
    const double low = sorted[below], high = sorted[std::min(below + 1, sorted.size() - 1)];
    return low + (high - low) * share;
}
}  // namespace detail

/// The percentile bootstrap interval of any statistic of `count` items: runs, seeds, images.
///
/// In: `statistic(times)` gets how often each item was drawn, a span of `count` whole numbers that add up to count, and
/// answers with a double; where it answers a NaN (an AUC without positives) that sample is drawn once more. Differences
/// of two methods are paired by taking both from the same `times`. Out: the (1 - level) / 2 quantiles of either side.
/// The same options give the same samples on every machine. Cost: resamples x (count draws + one statistic).
/// Few items cannot show their spread: of a mean of five the interval is about two thirds of Student's.
/// Fails: std::invalid_argument for no items, no resamples or a level outside (0, 1); bad_input where one sample was
/// drawn 1000 times and the statistic never was a number.
/// Source: Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3.
///
///     const auto range = qvit::bootstrap_interval(n, [&](std::span<const std::uint32_t> times) { ... });
template <class Statistic>
[[nodiscard]] confidence_interval bootstrap_interval(std::size_t count, Statistic statistic,
                                                     const bootstrap_options& options = {}) {
    if (count == 0 || count > std::numeric_limits<std::uint32_t>::max() || options.resamples == 0 ||
        options.resamples > std::numeric_limits<std::uint32_t>::max() || !(options.level > 0 && options.level < 1))
        throw std::invalid_argument("[qvit::bootstrap_interval] expected items, resamples and a level of 0 to 1");
    constexpr int most_tries = 1000;
    std::vector<std::uint32_t> times(count);
    std::vector<double> values(options.resamples);
    for (std::size_t i = 0; i < options.resamples; ++i) {
        random_stream draw(options.seed, static_cast<std::uint32_t>(stream::bootstrap), 0,
                           static_cast<std::uint32_t>(i));
        double value = std::numeric_limits<double>::quiet_NaN();
        for (int tries = 0; std::isnan(value); ++tries) {
            if (tries == most_tries)
                throw bad_input("no bootstrap interval: the statistic is undefined on " + std::to_string(most_tries) +
                                " samples of " + std::to_string(count) + " items");
            std::fill(times.begin(), times.end(), 0U);
            for (std::size_t k = 0; k < count; ++k) ++times[draw.below(static_cast<std::uint32_t>(count))];
            value = statistic(std::span<const std::uint32_t>(times));
        }
        values[i] = value;
    }
    std::sort(values.begin(), values.end());
    const double tail = (1 - options.level) / 2;
    return {detail::sorted_quantile(values, tail), detail::sorted_quantile(values, 1 - tail)};
}

}  // namespace qvit::inline QVIT_ABI
