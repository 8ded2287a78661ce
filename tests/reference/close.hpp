// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

namespace reference {

/// |a - b| <= atol + rtol |b|; false where either is not a number. doctest's Approx has an absolute tolerance of about
/// 1e-5 near zero, which lets wrong gradients pass.
inline bool close(double a, double b, double rtol, double atol) { return std::abs(a - b) <= atol + rtol * std::abs(b); }

/// max|a - b|; infinite where the sizes differ or an entry is not a number.
template <class A, class B>
double largest_difference(const std::vector<A>& a, const std::vector<B>& b) {
    if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
        if (!(difference <= largest)) largest = difference;
        if (std::isnan(largest)) return std::numeric_limits<double>::infinity();
    }
    return largest;
}

template <class A>
double largest_magnitude(const std::vector<A>& a) {
    double largest = 0;
    for (const A& entry : a) largest = std::max(largest, std::abs(static_cast<double>(entry)));
    return largest;
}

/// max|a - b| / max|b|: the error of a tensor as a whole, as the golden files are compared. An empty or zero b asks for
/// an equal a.
template <class A, class B>
double relative_difference(const std::vector<A>& a, const std::vector<B>& b) {
    const double difference = largest_difference(a, b);
    return difference == 0 ? 0 : difference / largest_magnitude(b);
}

}  // namespace reference
