// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/statevector/circuit_estimate.hpp>
#include <qvit/statevector/circuit_gradient.hpp>
#include <qvit/statevector/exact_expectations.hpp>
#include <qvit/statevector/weighted_evaluation.hpp>

namespace qvit::inline QVIT_ABI {

/// Step of the central differences. The error of order 4 is step^4 f^(5) / 30, that of rounding 1e-16 f / step: with
/// angles of scale 1 and f of order 1, both are below 1e-11 at this step.
inline constexpr double finite_difference_step = 1e-4;

/// The gradient of sum_o upstream[o] output[o] by every input and weight from central differences of order 4:
/// [8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))] / 12h. Knows nothing of gates: the check of the other methods.
///
/// Arguments, refusals and result as of parameter_shift. Cost: 4 evaluations per input and weight. With a method that
/// samples, the standard error is that of an evaluation times 0.95 / h: no use without very many shots.
///
///     const auto numeric = finite_difference(c, x, w, upstream);
template <expectation_method Method = exact_expectations>
std::optional<circuit_gradient> finite_difference(const runtime_circuit& circuit, std::span<const double> inputs,
                                                  std::span<const double> weights, std::span<const double> upstream,
                                                  const Method& method = {}, std::string* why = nullptr,
                                                  double step = finite_difference_step) {
    auto loss = weighted_evaluation<Method>::make(circuit, inputs, weights, upstream, method, why);
    if (!loss) return std::nullopt;
    std::vector<double> x(inputs.begin(), inputs.end());
    std::vector<double> w(weights.begin(), weights.end());
    circuit_gradient gradient{std::vector<double>(x.size()), std::vector<double>(w.size()),
                              std::vector<double>(x.size()), std::vector<double>(w.size())};
    const auto differentiate = [&](std::vector<double>& numbers, std::vector<double>& values,
                                   std::vector<double>& errors) {
        for (std::size_t k = 0; k < numbers.size(); ++k) {
            const double kept = numbers[k];
            uncertain_number sum;
            for (const double steps : {1.0, -1.0, 2.0, -2.0}) {
                numbers[k] = kept + steps * step;
                const double factor = (steps == 1 || steps == -1 ? 8 * steps : -steps / 2) / (12 * step);
                sum = sum + factor * (*loss)(loss->circuit(), x, w);
            }
            numbers[k] = kept;
            values[k] = sum.value;
            errors[k] = std::sqrt(sum.variance);
        }
    };
    differentiate(x, gradient.inputs, gradient.input_errors);
    differentiate(w, gradient.weights, gradient.weight_errors);
    if (loss->failed()) return std::nullopt;
    return gradient;
}

}  // namespace qvit::inline QVIT_ABI
