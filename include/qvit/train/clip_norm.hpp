// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <span>

#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// The sum of squares of a flat vector, in double, in an order that depends on its size alone. Linear cost.
template <class R>
double squared_norm(std::span<const R> values) {
    constexpr std::size_t width = lane_count<lanes<double>>;
    double part[width]{};
    std::size_t i = 0;
    for (; i + width <= values.size(); i += width)
        for (std::size_t lane = 0; lane < width; ++lane) {
            const auto value = static_cast<double>(values[i + lane]);
            part[lane] += value * value;
        }
    for (std::size_t lane = 0; i < values.size(); ++i, ++lane) {
        const auto value = static_cast<double>(values[i]);
        part[lane] += value * value;
    }
    double total = 0;
    for (const double p : part) total += p;
    return total;
}

/// What gradients of global norm `norm` are multiplied by so that their norm is at most `limit`; a limit of 0 is none.
///
/// min(1, limit / (norm + 1e-6)): torch.nn.utils.clip_grad_norm_. A norm that is not a number gives one that is not.
///
///     rule.step(weights, gradients, rate, decay, clip_scale(std::sqrt(squared_norm<float>(gradients)), 1.0));
inline double clip_scale(double norm, double limit) {
    if (limit == 0) return 1;
    const double scale = limit / (norm + 1e-6);
    return scale < 1 || std::isnan(scale) ? scale : 1;
}

}  // namespace qvit::inline QVIT_ABI
