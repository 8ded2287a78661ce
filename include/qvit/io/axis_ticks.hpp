// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/io/number_text.hpp>

namespace qvit::inline QVIT_ABI {

/// A mark on an axis.
struct axis_tick {
    double value = 0;
    std::string text;
};

/// Marks at round numbers (1, 2 or 5 times a power of ten apart) between `low` and `high`, at most `most` and, from 4
/// up, at least 2 of them, each with as many places as the step needs. Whole numbers only where `whole` is set.
///
/// Cost: linear in `most`. For an empty range or one that is not finite: no ticks.
///
///     qvit::axis_ticks(0, 1);   // 0.0 0.2 0.4 0.6 0.8 1.0
[[nodiscard]] inline std::vector<axis_tick> axis_ticks(double low, double high, std::size_t most = 6,
                                                       bool whole = false) {
    std::vector<axis_tick> ticks;
    if (!(low < high) || !std::isfinite(high - low) || most == 0) return ticks;
    double step = std::pow(10.0, std::floor(std::log10((high - low) / static_cast<double>(most))) - 1);
    const auto count = [&](double s) { return std::floor(high / s + 1e-9) - std::ceil(low / s - 1e-9) + 1; };
    const double power_of_ten = step;
    for (const double factor : {1., 2., 5., 10., 20., 50., 100., 200., 500., 1000.}) {
        step = factor * power_of_ten;
        if (count(step) <= static_cast<double>(most) && !(whole && step < 1)) break;
    }
    const int places = static_cast<int>(std::clamp(-std::floor(std::log10(step) + 1e-9), 0.0, 12.0));
    const bool long_numbers = std::max(std::abs(low), std::abs(high)) >= 1e7 || places > 6;
    for (double i = std::ceil(low / step - 1e-9); i <= std::floor(high / step + 1e-9); ++i) {
        const double value = i * step + 0.0;  // no -0
        ticks.push_back({value, long_numbers ? number_text(static_cast<float>(value)) : number_text(value, places)});
    }
    return ticks;
}

}  // namespace qvit::inline QVIT_ABI
