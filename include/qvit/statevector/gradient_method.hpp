// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/statevector/circuit_gradient.hpp>
#include <qvit/statevector/exact_expectations.hpp>
#include <qvit/statevector/finite_difference.hpp>
#include <qvit/statevector/parameter_shift.hpp>
#include <qvit/statevector/why_not_runnable.hpp>
#include <qvit/statevector/wide_gradient.hpp>

namespace qvit::inline QVIT_ABI {

/// How a circuit is differentiated: backwards through its gates (the fastest), or from evaluations alone.
enum class gradient_method : std::uint8_t { adjoint, parameter_shift, finite_difference };

/// The gradient of sum_o upstream[o] output[o] of the exact circuit by every input and weight, in double, by a named
/// method. All three agree, finite differences to some 1e-9.
///
/// `inputs`, `weights`, `upstream`: circuit.inputs, circuit.parameters and circuit.outputs numbers. Refused, with one
/// line in `why`, as by parameter_shift. Cost: adjoint about four runs of the circuit whatever it reads (see
/// value_and_gradient); the others several runs per angle or number, see there.
///
///     gradient_by(gradient_method::adjoint, c, x, w, upstream)->weights[3]
inline std::optional<circuit_gradient> gradient_by(gradient_method method, const runtime_circuit& circuit,
                                                   std::span<const double> inputs, std::span<const double> weights,
                                                   std::span<const double> upstream, std::string* why = nullptr) {
    if (method == gradient_method::parameter_shift)
        return parameter_shift(circuit, inputs, weights, upstream, exact_expectations{}, why);
    if (method == gradient_method::finite_difference)
        return finite_difference(circuit, inputs, weights, upstream, exact_expectations{}, why);
    std::string reason = why_not_differentiable(circuit, inputs, weights, upstream);
    if (!reason.empty()) return detail::refuse(why, std::move(reason));
    auto found = value_and_gradient<double>(circuit, inputs.data(), weights.data(), upstream.data(), {}, &reason);
    if (!found) return detail::refuse(why, std::move(reason));
    return circuit_gradient{std::move(found->input_gradient), std::move(found->weight_gradient),
                            std::vector<double>(inputs.size()), std::vector<double>(weights.size())};
}

}  // namespace qvit::inline QVIT_ABI
