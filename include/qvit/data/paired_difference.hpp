// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bootstrap.hpp>
#include <qvit/data/sample_summary.hpp>

namespace qvit::inline QVIT_ABI {

/// By how much the second of two paired samples is larger, and the bootstrap interval of the mean difference.
struct paired_comparison {
    sample_summary difference;
    confidence_interval interval;
};

/// Compares two methods on the same seeds (folds, data sets): pairs are drawn, so what a seed does to both cancels.
///
/// In: a[i] and b[i] belong together. Out: mean and standard deviation of b - a, and the percentile interval of its
/// mean. Cost: resamples x pairs. Fails: std::invalid_argument for samples of different lengths; otherwise as
/// bootstrap_interval does.
///
///     const auto gain = qvit::paired_difference(scratch_auc, distilled_auc);
///     // gain.difference.mean, gain.interval.low, gain.interval.high
[[nodiscard]] inline paired_comparison paired_difference(std::span<const double> a, std::span<const double> b,
                                                         const bootstrap_options& options = {}) {
    if (a.size() != b.size())
        throw std::invalid_argument("[qvit::paired_difference] expected pairs, found " + std::to_string(a.size()) +
                                    " and " + std::to_string(b.size()) + " numbers");
    std::vector<double> differences(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) differences[i] = b[i] - a[i];
    const auto mean = [&](std::span<const std::uint32_t> times) {
        double sum = 0;
        for (std::size_t i = 0; i < differences.size(); ++i) sum += times[i] * differences[i];
        return sum / static_cast<double>(differences.size());
    };
    const confidence_interval interval = bootstrap_interval(a.size(), mean, options);
    return {summarize(differences), interval};
}

}  // namespace qvit::inline QVIT_ABI
