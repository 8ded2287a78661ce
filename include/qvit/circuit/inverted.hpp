// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// 0 - a rather than -a: no negative zeros, which would be printed.
constexpr angle negated(angle a) {
    a.scale = 0 - a.scale;
    a.offset = 0 - a.offset;
    return a;
}
template <std::size_t Width, circuit_sizes Sizes>
constexpr circuit_sizes sizes_of(const circuit_table<Width, Sizes>&) {
    return Sizes;
}
constexpr circuit_sizes with_gates(circuit_sizes sizes, std::size_t gates) {
    sizes.gates = gates;
    return sizes;
}
}  // namespace detail

/// How many gates undo one of this kind: 1, but 4 for iSWAP, whose inverse has no name.
constexpr std::size_t inverse_gates_of(operation kind) { return kind == iswap ? 4 : 1; }
template <class Gates>
constexpr std::size_t inverse_gate_count(const Gates& gates) {
    std::size_t count = 0;
    for (const gate& g : gates) count += inverse_gates_of(g.kind);
    return count;
}

/// The gate that undoes g, of a kind with inverse_gates_of(kind) == 1. A user's matrix keeps its number: its circuit
/// has to hold the adjoint matrix there.
constexpr gate inverse_of(gate g) {
    constexpr std::pair<operation, operation> adjoints[] = {{s, sdg}, {t, tdg}, {sx, sxdg}};
    for (const auto& [one, other] : adjoints)
        if (g.kind == one || g.kind == other) {
            g.kind = g.kind == one ? other : one;
            return g;
        }
    if (g.kind == u3) std::swap(g.angles[1], g.angles[2]);   // U3(theta, phi, lambda) -> U3(-theta, -lambda, -phi)
    if (g.kind == rot) std::swap(g.angles[0], g.angles[2]);  // Rot(phi, theta, omega) -> Rot(-omega, -theta, -phi)
    for (std::size_t i = 0; i < angles_of(g.kind); ++i) g.angles[i] = detail::negated(g.angles[i]);
    return g;
}

/// Calls visit(gate) for the gates that undo `gates`, in order; the last gate is undone first.
template <class Gates>
constexpr void for_each_inverse(const Gates& gates, auto&& visit) {
    for (std::size_t i = gates.size(); i-- > 0;) {
        const gate& g = gates[i];
        if (g.kind == iswap) {  // SWAP CZ (S x S), from the left
            visit(gate{swap, g.wires, {}, 0});
            visit(gate{cz, g.wires, {}, 0});
            visit(gate{sdg, {g.wires[0]}, {}, 0});
            visit(gate{sdg, {g.wires[1]}, {}, 0});
        } else {
            visit(inverse_of(g));
        }
    }
}

/// The circuit whose gates undo those of `Circuit`: same inputs, weights, start and measurements.
///
/// As many gates, but 4 for an iSWAP. Cost: none at run time, O(gates) while compiling. For a circuit of parts there is
/// `inverse(parts...)`.
///
///     constexpr auto undo = inverted<projection>();
template <const auto& Circuit>
requires is_circuit<Circuit>
constexpr auto inverted() {
    constexpr circuit_sizes sizes = detail::with_gates(detail::sizes_of(Circuit), inverse_gate_count(Circuit.gates));
    circuit_table<Circuit.width, sizes> result{};
    std::size_t written = 0;
    for_each_inverse(Circuit.gates, [&](const gate& g) { result.gates[written++] = g; });
    result.strings = Circuit.strings;
    result.terms = Circuit.terms;
    result.probabilities = Circuit.probabilities;
    result.matrices = Circuit.matrices;
    for (unitary_matrix& matrix : result.matrices) matrix = matrix.adjoint();
    result.inputs = Circuit.inputs;
    result.parameters = Circuit.parameters;
    result.amplitude_input = Circuit.amplitude_input;
    return result;
}

/// The same for a circuit known at run time.
inline runtime_circuit inverted(const runtime_circuit& circuit) {
    runtime_circuit result = circuit;
    result.gates.clear();
    for_each_inverse(circuit.gates, [&](const gate& g) { result.gates.push_back(g); });
    for (unitary_matrix& matrix : result.matrices) matrix = matrix.adjoint();
    return result;
}

}  // namespace qvit::inline QVIT_ABI
