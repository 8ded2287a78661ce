// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// How many numbers, their mean and their sample standard deviation (divided by count - 1).
struct sample_summary {
    std::size_t count = 0;
    double mean = std::numeric_limits<double>::quiet_NaN();       ///< a NaN where there are no numbers
    double deviation = std::numeric_limits<double>::quiet_NaN();  ///< a NaN where there are fewer than two
};

/// Mean and standard deviation of some runs' scores, as papers report them.
///
/// In: any numbers. Out: as numpy's mean() and std(ddof=1). Cost: two passes, so that a small deviation beside a large
/// mean keeps its digits. Never fails.
///
///     const auto auc = qvit::summarize(std::array{.71, .74, .73});   // auc.mean, auc.deviation
[[nodiscard]] inline sample_summary summarize(std::span<const double> values) {
    sample_summary result{.count = values.size()};
    if (values.empty()) return result;
    const auto count = static_cast<double>(values.size());
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    result.mean = sum / count;
    for (const double value : values) squares += (value - result.mean) * (value - result.mean);
    if (values.size() > 1) result.deviation = std::sqrt(squares / (count - 1));
    return result;
}

}  // namespace qvit::inline QVIT_ABI
