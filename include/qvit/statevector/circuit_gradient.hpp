// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// The derivatives of a weighted sum of a circuit's outputs, with the standard error of each; the errors are 0 where
/// the method is exact up to rounding.
///
///     parameter_shift(c, x, w, upstream, shot_expectations{.shots = 1000})->weights[3]
struct circuit_gradient {
    std::vector<double> inputs;   ///< one per input
    std::vector<double> weights;  ///< one per trainable angle
    std::vector<double> input_errors;
    std::vector<double> weight_errors;
};

}  // namespace qvit::inline QVIT_ABI
