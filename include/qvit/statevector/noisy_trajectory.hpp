// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/noise_model.hpp>
#include <qvit/statevector/wide_lower.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Adds X^flip Z^sign on a wire, the four Paulis: Y is written as X Z = -i Y, real, and a phase changes nothing.
inline void add_pauli(bool flip, bool sign, std::uint16_t wire, std::vector<wide_primitive>& gates) {
    wide_primitive error;
    error.target = wire;
    error.matrix = {1, 0, 0, -1};
    if (sign) gates.push_back(error);
    error.matrix = {0, 1, 1, 0};
    if (flip) gates.push_back(error);
}
/// Adds the Paulis that are drawn for one wire.
inline void draw_paulis(const noise_model& noise, double depolarising, std::uint16_t wire, random_stream& draw,
                        std::vector<wide_primitive>& gates) {
    if (depolarising > 0 && draw.uniform() < depolarising) {
        const std::uint32_t which = draw.below(3);
        add_pauli(which != 0, which != 2, wire, gates);
    }
    if (noise.bit_flip > 0 && draw.uniform() < noise.bit_flip) add_pauli(true, false, wire, gates);
    if (noise.phase_flip > 0 && draw.uniform() < noise.phase_flip) add_pauli(false, true, wire, gates);
}
/// Adds one of the 15 pairs of Paulis that are not the identity, where one is drawn for a gate of two wires.
inline void draw_pauli_pair(const noise_model& noise, const gate& g, random_stream& draw,
                            std::vector<wide_primitive>& gates) {
    if (wires_of(g.kind) != 2 || noise.depolarising_two_wires == 0) return;
    if (draw.uniform() >= noise.depolarising_two_wires) return;
    const std::uint32_t pair = 1 + draw.below(15);
    add_pauli((pair & 1) != 0, (pair & 2) != 0, g.wires[0], gates);
    add_pauli((pair & 4) != 0, (pair & 8) != 0, g.wires[1], gates);
}

/// One of the damping channel's Kraus operators, drawn with the probability with which it occurs in the state after
/// `pending`. K1 occurs with damping * P(wire is 1), at most `damping`: whenever the number drawn is above that, K0 is
/// certain and nobody has to look at the state. K0 waits among the gates and leaves the norm below 1; whoever looks
/// restores it. False as of run_wide.
inline bool damp(wide_statevector<double>& state, double damping, std::uint16_t wire, random_stream& draw,
                 std::vector<wide_primitive>& pending) {
    wide_primitive kraus;
    kraus.target = wire;
    kraus.matrix = {1, 0, 0, std::sqrt(1 - damping)};
    const double point = draw.uniform();
    if (point < damping) {
        if (!state.run(pending)) return false;
        pending.clear();
        const double norm = state.norm_squared();
        const double one = state.probability(wire);
        if (point * norm < damping * one) {
            kraus.matrix = {0, 1 / std::sqrt(one), 0, 0};
        } else {
            const double scale = 1 / std::sqrt(norm - damping * one);
            kraus.matrix = {scale, 0, 0, scale * std::sqrt(1 - damping)};
        }
    }
    pending.push_back(kraus);
    return true;
}
}  // namespace detail

/// One random history of a noisy register: runs a runnable circuit on `state` with the errors of the gates drawn from
/// `draw`; the mean of |psi><psi| over draws is the density matrix of the noise model. Readout errors are not in it.
///
/// The state stays real where the circuit does. False as of run_wide.
/// Cost: as one run of the circuit with the errors as gates, interrupted as often as damping draws a number below its
/// probability.
/// Source: quantum trajectories, Dalibard, Castin, Molmer, PRL 68, 580 (1992).
inline bool run_noisy_trajectory(wide_statevector<double>& state, const runtime_circuit& circuit, const double* inputs,
                                 const double* weights, const noise_model& noise, random_stream draw) {
    runtime_circuit start(circuit.width);
    start.inputs = circuit.inputs;
    start.amplitude_input = circuit.amplitude_input;
    if (!run_wide(state, start, inputs, weights)) return false;
    std::vector<wide_primitive> pending;
    for (const gate& g : circuit.gates) {
        lower_gate(g, angle_values(g, inputs, weights), is_user_matrix(g.kind) ? &circuit.matrices[g.matrix] : nullptr,
                   [&](const wide_primitive& factor) { pending.push_back(factor); });
        detail::draw_pauli_pair(noise, g, draw, pending);
        const double depolarising = wires_of(g.kind) == 1 ? noise.depolarising_one_wire : noise.depolarising_more_wires;
        for (std::size_t i = 0; i < wires_of(g.kind); ++i) {
            detail::draw_paulis(noise, depolarising, g.wires[i], draw, pending);
            if (noise.amplitude_damping > 0 && !detail::damp(state, noise.amplitude_damping, g.wires[i], draw, pending))
                return false;
        }
    }
    if (!state.run(pending)) return false;
    if (noise.amplitude_damping > 0) state.scale(1 / std::sqrt(state.norm_squared()));
    return true;
}

}  // namespace qvit::inline QVIT_ABI
