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
#include <qvit/statevector/parameter_shift_rule.hpp>
#include <qvit/statevector/weighted_evaluation.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Variances summed so far become standard errors.
inline void square_roots(std::vector<double>& variances) {
    for (double& variance : variances) variance = std::sqrt(variance);
}

/// The same circuit with numbers in place of angles that read inputs.
inline runtime_circuit with_inputs_as_constants(runtime_circuit circuit, std::span<const double> inputs) {
    for (gate& g : circuit.gates)
        for (std::size_t i = 0; i < angles_of(g.kind); ++i)
            if (g.angles[i].reads_data()) g.angles[i] = g.angles[i].value<double>(inputs.data(), nullptr);
    return circuit;
}

/// Adds the derivative by the input amplitudes, the first 2^width inputs, while angles stay as they are: psi = x / |x|
/// makes the loss f(x) = Q(x) / |x|^2 with a quadratic form Q(x) = x^T M x, so df/dx_k = 2 [(M x)_k - f x_k] / |x|^2,
/// and [Q(x + t e_k) - Q(x - t e_k)] / 4t is (M x)_k for any t; t = |x| here. Evaluations of shifted amplitudes are all
/// that is needed, as for angles.
template <class Evaluation>
void amplitude_shift(Evaluation& loss, std::span<const double> inputs, std::span<const double> weights,
                     circuit_gradient& gradient) {
    const runtime_circuit circuit = with_inputs_as_constants(loss.circuit(), inputs);
    const std::size_t amplitudes = std::size_t{1} << circuit.width;
    std::vector<double> x(inputs.begin(), inputs.end());
    const auto squared_norm = [&] {
        double squares = 0;
        for (std::size_t k = 0; k < amplitudes; ++k) squares += x[k] * x[k];
        return squares;
    };
    const double norm = squared_norm();
    const double step = std::sqrt(norm);
    const auto form = [&]() -> uncertain_number {
        const double squares = squared_norm();
        return squares == 0 ? uncertain_number{} : squares * loss(circuit, x, weights);
    };
    const uncertain_number at_x = loss(circuit, x, weights);
    for (std::size_t k = 0; k < amplitudes; ++k) {
        const double kept = x[k];
        x[k] = kept + step;
        const uncertain_number above = form();
        x[k] = kept - step;
        const uncertain_number below = form();
        x[k] = kept;
        const uncertain_number derivative = (0.5 / (step * norm)) * (above + -1 * below) + (-2 * kept / norm) * at_x;
        gradient.inputs[k] += derivative.value;
        gradient.input_errors[k] += derivative.variance;
    }
}
}  // namespace detail

/// The gradient of sum_o upstream[o] output[o] by every input and weight from evaluations of shifted circuits: what
/// hardware can do. Exact (to rounding) where `method` is.
///
/// `inputs`, `weights`, `upstream`: circuit.inputs, circuit.parameters and circuit.outputs numbers. Refused, with one
/// line in `why`, where one of them has another size or `method` refuses.
/// Every angle of every gate that reads something is shifted for itself (its offset changes), so weights that gates
/// share, scales, and products of inputs follow from the chain rule. Amplitude inputs: see detail::amplitude_shift.
/// Cost: 2 evaluations per such angle (4 of crx, cry, crz, rbs); 2^(width + 1) + 1 for amplitude inputs.
/// Standard errors assume that evaluations are independent of each other. Source: see parameter_shift_rule.
///
///     const auto exact = parameter_shift(c, x, w, upstream);
///     const auto sampled = parameter_shift(c, x, w, upstream, shot_expectations{.shots = 1000, .seed = 7}, &why);
template <expectation_method Method = exact_expectations>
std::optional<circuit_gradient> parameter_shift(const runtime_circuit& circuit, std::span<const double> inputs,
                                                std::span<const double> weights, std::span<const double> upstream,
                                                const Method& method = {}, std::string* why = nullptr) {
    auto loss = weighted_evaluation<Method>::make(circuit, inputs, weights, upstream, method, why);
    if (!loss) return std::nullopt;
    circuit_gradient gradient{std::vector<double>(inputs.size()), std::vector<double>(weights.size()),
                              std::vector<double>(inputs.size()), std::vector<double>(weights.size())};
    runtime_circuit shifted = loss->circuit();
    for (gate& g : shifted.gates)
        for (std::size_t i = 0; i < angles_of(g.kind); ++i) {
            angle& a = g.angles[i];
            if (a.scale == 0 || !(a.reads_data() || a.reads_weight())) continue;
            uncertain_number by_angle;
            const double offset = a.offset;
            for (const shifted_term& term : parameter_shift_rule(g.kind)) {
                a.offset = offset + term.shift;
                by_angle = by_angle + term.coefficient * (*loss)(shifted, inputs, weights);
            }
            a.offset = offset;
            const auto add = [&by_angle](double factor, double& value, double& variance) {
                value += factor * by_angle.value;
                variance += factor * factor * by_angle.variance;
            };
            const std::size_t j = a.index;
            const std::size_t k = a.second;
            if (a.source == angle_source::weight) {
                add(a.scale, gradient.weights[j], gradient.weight_errors[j]);
            } else if (a.source == angle_source::data) {
                add(a.scale, gradient.inputs[j], gradient.input_errors[j]);
            } else if (j == k) {
                add(2 * a.scale * inputs[j], gradient.inputs[j], gradient.input_errors[j]);
            } else {
                add(a.scale * inputs[k], gradient.inputs[j], gradient.input_errors[j]);
                add(a.scale * inputs[j], gradient.inputs[k], gradient.input_errors[k]);
            }
        }
    if (circuit.amplitude_input) detail::amplitude_shift(*loss, inputs, weights, gradient);
    if (loss->failed()) return std::nullopt;
    detail::square_roots(gradient.input_errors);
    detail::square_roots(gradient.weight_errors);
    return gradient;
}

}  // namespace qvit::inline QVIT_ABI
