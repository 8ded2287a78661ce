// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/circuit_gradient.hpp>
#include <qvit/statevector/finite_difference.hpp>
#include <qvit/statevector/gradient_method.hpp>

namespace qvit::inline QVIT_ABI {

/// How well a gradient agrees with finite differences.
struct gradcheck_result {
    double largest_difference = 0;  ///< max |gradient - difference| / max(1, |difference|) over inputs and weights
    bool ok = false;                ///< whether that is at most gradcheck_tolerance
    std::string report;             ///< one line that names the worst entry, or why nothing could be checked
};

/// Finite differences in double agree with a right gradient to 1e-8 or better where angles have scales up to 100.
inline constexpr double gradcheck_tolerance = 1e-7;

/// Checks a gradient of a circuit against finite differences at one random point: inputs (also amplitudes) and weights
/// of U(-pi, pi), the outputs weighted by U(0.5, 1.5), all from `seed`.
///
/// `gradient(circuit, inputs, weights, upstream)` returns an optional circuit_gradient or one; any of your own.
/// A circuit that does not run is not ok; the report says why.
/// Cost: 4 runs of the circuit per input and weight, and the gradient.
///
///     assert(gradcheck(circuit).ok);   std::puts(gradcheck(circuit, my_gradient).report.c_str());
template <
    std::invocable<const runtime_circuit&, std::span<const double>, std::span<const double>, std::span<const double>>
        Gradient>
gradcheck_result gradcheck(const runtime_circuit& circuit, const Gradient& gradient, std::uint64_t seed = 0) {
    constexpr std::uint32_t stream = 0x67726164;  // "grad"
    const auto draw = [seed](std::size_t count, std::uint32_t what, double low, double high) {
        std::vector<double> numbers(count);
        random_stream random(seed, stream, what);
        for (double& number : numbers) number = random.uniform(low, high);
        return numbers;
    };
    const std::vector<double> inputs = draw(circuit.inputs, 0, -pi, pi);
    const std::vector<double> weights = draw(circuit.parameters, 1, -pi, pi);
    const std::vector<double> upstream = draw(circuit.outputs, 2, 0.5, 1.5);

    gradcheck_result result;
    result.report = "[qvit::gradcheck] the gradient refused the circuit";
    const std::optional<circuit_gradient> numeric =
        finite_difference(circuit, inputs, weights, upstream, exact_expectations{}, &result.report);
    if (!numeric) return result;
    const std::optional<circuit_gradient> checked = gradient(
        circuit, std::span<const double>(inputs), std::span<const double>(weights), std::span<const double>(upstream));
    if (!checked) return result;
    if (checked->inputs.size() != inputs.size() || checked->weights.size() != weights.size()) {
        result.report = "[qvit::gradcheck] the circuit has " + std::to_string(inputs.size()) + " inputs and " +
                        std::to_string(weights.size()) + " weights, the gradient " +
                        std::to_string(checked->inputs.size()) + " and " + std::to_string(checked->weights.size());
        return result;
    }
    result.report = "[qvit::gradcheck] nothing to differentiate by";
    result.ok = true;
    bool first = true;
    const auto compare = [&](const std::vector<double>& found, const std::vector<double>& expected, const char* thing) {
        for (std::size_t k = 0; k < found.size(); ++k) {
            const double scale = std::fabs(expected[k]) > 1 ? std::fabs(expected[k]) : 1;
            const double difference = std::fabs(found[k] - expected[k]) / scale;
            if (!first && difference <= result.largest_difference) continue;
            if (std::isnan(result.largest_difference)) continue;
            first = false;
            result.largest_difference = difference;
            result.ok = difference <= gradcheck_tolerance;
            char line[200];
            std::snprintf(line, sizeof line,
                          "[qvit::gradcheck] worst is %s %zu: gradient %.12g, finite difference %.12g, error %.2g (%s)",
                          thing, k, found[k], expected[k], difference, result.ok ? "ok" : "not ok");
            result.report = line;
        }
    };
    compare(checked->inputs, numeric->inputs, "input");
    compare(checked->weights, numeric->weights, "weight");
    return result;
}

/// The same for a named method; the adjoint one if none is named.
inline gradcheck_result gradcheck(const runtime_circuit& circuit, gradient_method method = gradient_method::adjoint,
                                  std::uint64_t seed = 0) {
    return gradcheck(
        circuit,
        [method](const runtime_circuit& c, std::span<const double> inputs, std::span<const double> weights,
                 std::span<const double> upstream) { return gradient_by(method, c, inputs, weights, upstream); },
        seed);
}

}  // namespace qvit::inline QVIT_ABI
