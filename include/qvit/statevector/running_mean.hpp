// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Mean and standard error of numbers that come one by one (Welford 1962): no cancellation, and equal numbers have an
/// error of exactly 0.
///
/// The error is sqrt(sample variance / count), infinite for a single number, which tells nothing of its spread.
///
///     running_mean m; m.add(1); m.add(3);   // mean 2, standard_error() 1
struct running_mean {
    std::size_t count = 0;
    double mean = 0;
    double squares = 0;  ///< sum of squared distances from the mean

    void add(double value) {
        ++count;
        const double before = value - mean;
        mean += before / static_cast<double>(count);
        squares += before * (value - mean);
    }
    double squared_error() const {
        if (count < 2) return std::numeric_limits<double>::infinity();
        return squares / static_cast<double>(count - 1) / static_cast<double>(count);
    }
    double standard_error() const { return std::sqrt(squared_error()); }
};

}  // namespace qvit::inline QVIT_ABI
