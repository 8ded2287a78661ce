// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_lower.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_statevector.hpp>

namespace qvit::inline QVIT_ABI {

/// The values of a gate's angles.
inline std::array<double, 3> angle_values(const gate& g, const double* inputs, const double* weights) {
    std::array<double, 3> values{};
    for (std::size_t i = 0; i < angles_of(g.kind); ++i) values[i] = g.angles[i].value(inputs, weights);
    return values;
}

/// The factors of all gates of a circuit, in the order in which they act.
inline std::vector<wide_primitive> primitives_of(const runtime_circuit& circuit, const double* inputs,
                                                 const double* weights) {
    std::vector<wide_primitive> result;
    result.reserve(circuit.gates.size());
    for (std::size_t number = 0; number < circuit.gates.size(); ++number) {
        const gate& g = circuit.gates[number];
        lower_gate(g, angle_values(g, inputs, weights), is_user_matrix(g.kind) ? &circuit.matrices[g.matrix] : nullptr,
                   [&](wide_primitive factor) {
                       factor.source = static_cast<std::uint32_t>(number);
                       result.push_back(factor);
                   });
    }
    return result;
}

/// Sets `state` to |0..0>, or to the normalised first 2^width inputs of an amplitude_input circuit, and applies all
/// gates of the circuit with its angles from `inputs` (circuit.inputs) and `weights` (circuit.parameters).
///
/// False where the register is narrower than the circuit, is real and a gate is not, or the amplitudes' norm is 0.
/// Cost: planning (see wide_plan), and then few passes over memory: at 24 wires one layer of RY and a
/// ring of CNOTs takes two.
///
///     run_wide(*state, circuit, inputs, weights, {.threads = 2});
template <std::floating_point R>
bool run_wide(wide_statevector<R>& state, const runtime_circuit& circuit, const double* inputs, const double* weights,
              const wide_options& options = {}) {
    if (state.width() < circuit.width) return false;
    if (circuit.amplitude_input) {
        if (!state.set_amplitudes(inputs, nullptr, std::size_t{1} << circuit.width)) return false;
    } else {
        state.reset();
    }
    return state.run(primitives_of(circuit, inputs, weights), options);
}

}  // namespace qvit::inline QVIT_ABI
