// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>

namespace qvit::tool {

/// The mean of paired differences and its 95 % interval by Student's t; no interval for one pair (low > high).
struct paired_difference {
    double mean = 0;
    double low = 1, high = -1;

    explicit paired_difference(std::span<const double> differences) {
        const std::size_t count = differences.size();
        const auto n = static_cast<double>(count);
        for (const double d : differences) mean += d / n;
        if (count < 2) return;
        double squares = 0;
        for (const double d : differences) squares += (d - mean) * (d - mean);
        // The 97.5 % quantiles for 1 to 30 degrees of freedom; beyond, the last one is a little too wide.
        constexpr std::array quantiles{12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281,
                                       2.2010,  2.1788, 2.1604, 2.1448, 2.1314, 2.1199, 2.1098, 2.1009, 2.0930, 2.0860,
                                       2.0796,  2.0739, 2.0687, 2.0639, 2.0595, 2.0555, 2.0518, 2.0484, 2.0452, 2.0423};
        const double half = quantiles[std::min(count - 2, quantiles.size() - 1)] * std::sqrt(squares / (n - 1) / n);
        low = mean - half;
        high = mean + half;
    }
};

}  // namespace qvit::tool
