// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/combined_gate.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
inline constexpr std::uint32_t no_gate = ~std::uint32_t{0};

/// A gate on its way through the pass; on each of its wires it knows the gate before it.
struct linked_gate {
    gate value{};
    std::array<std::uint32_t, 3> before{no_gate, no_gate, no_gate};
    bool kept = false;
};

/// The gate that comes right before one on `wires` wires, on all of them and on no others, or no_gate; `before(i)` is
/// the gate before on wire number i.
template <class Links>
constexpr std::uint32_t common_gate(std::size_t wires, const Links& gates, auto&& before) {
    const std::uint32_t candidate = before(0);
    for (std::size_t i = 1; i < wires; ++i)
        if (before(i) != candidate) return no_gate;
    if (candidate == no_gate || wires_of(gates[candidate].value.kind) != wires) return no_gate;
    return candidate;
}

/// Two rotations of one kind commute; they add only where their angles do.
constexpr bool turn_alike(const gate& a, const gate& b) {
    return a.kind == b.kind && angles_of(a.kind) == 1 && same_action_on_wires(a.kind, a.wires, b.wires);
}

/// Takes out a gate; `after` is the one after it, on the same wires, or no_gate where it is the last.
template <class Links, class Last>
constexpr void take_out(std::uint32_t number, std::uint32_t after, Links& gates, Last& last) {
    linked_gate& gone = gates[number];
    gone.kept = false;
    for (std::size_t i = 0; i < wires_of(gone.value.kind); ++i) {
        if (after == no_gate) {
            last[gone.value.wires[i]] = gone.before[i];
            continue;
        }
        linked_gate& next = gates[after];
        for (std::size_t j = 0; j < wires_of(next.value.kind); ++j)
            if (next.value.wires[j] == gone.value.wires[i]) next.before[j] = gone.before[i];
    }
}

/// Appends a gate to those before it; where it is one gate with an earlier one, or none, that one goes and the result
/// is tried again, so that pairs around a cancelled pair meet.
template <class Links, class Last, class Matrices>
constexpr void append_simplified(gate g, Links& gates, Last& last, const Matrices& matrices) {
    while (!is_identity(g)) {
        std::uint32_t after = no_gate;
        std::uint32_t earlier = common_gate(wires_of(g.kind), gates, [&](std::size_t i) { return last[g.wires[i]]; });
        combination both{};
        while (earlier != no_gate) {
            both = combined(gates[earlier].value, g, matrices);
            if (both.exists || !turn_alike(gates[earlier].value, g)) break;
            after = earlier;
            earlier = common_gate(wires_of(g.kind), gates, [&](std::size_t i) { return gates[after].before[i]; });
        }
        if (!both.exists) {
            linked_gate entry{g, {no_gate, no_gate, no_gate}, true};
            for (std::size_t i = 0; i < wires_of(g.kind); ++i) {
                entry.before[i] = last[g.wires[i]];
                last[g.wires[i]] = static_cast<std::uint32_t>(gates.size());
            }
            gates.push_back(entry);
            return;
        }
        take_out(earlier, after, gates, last);
        g = both.result;
    }
}

template <const auto& Circuit>
constexpr auto simplified_gates() {
    static_vector<linked_gate, Circuit.gates.size()> gates;
    std::array<std::uint32_t, Circuit.width> last{};
    last.fill(no_gate);
    for (const gate& g : Circuit.gates) append_simplified(g, gates, last, Circuit.matrices);
    return gates;
}

template <class Links>
constexpr std::size_t kept_count(const Links& gates) {
    std::size_t kept = 0;
    for (const linked_gate& entry : gates) kept += entry.kept ? 1 : 0;
    return kept;
}
}  // namespace detail

/// The same circuit with fewer gates: rotations of one kind in a row are added where the sum is one angle (a constant
/// and anything, or multiples of one input or weight), gates that undo each other go, powers of T and of SX become one
/// gate. Gates on other wires may stand between.
///
/// The unitary is the same for all inputs and weights, with its global phase; inputs, weights and measurements keep
/// their numbers, also where nothing reads them any more. Rotations cancel where their angles are exactly opposite.
/// Cost: O(gates), times the longest row of rotations of one kind; none at run time.
///
///     constexpr auto small = simplified<projection>();
template <const auto& Circuit>
requires is_circuit<Circuit>
constexpr auto simplified() {
    constexpr circuit_sizes sizes =
        detail::with_gates(detail::sizes_of(Circuit), detail::kept_count(detail::simplified_gates<Circuit>()));
    circuit_table<Circuit.width, sizes> result{};
    std::size_t written = 0;
    for (const auto& entry : detail::simplified_gates<Circuit>())
        if (entry.kept) result.gates[written++] = entry.value;
    result.strings = Circuit.strings;
    result.terms = Circuit.terms;
    result.probabilities = Circuit.probabilities;
    result.matrices = Circuit.matrices;
    result.inputs = Circuit.inputs;
    result.parameters = Circuit.parameters;
    result.amplitude_input = Circuit.amplitude_input;
    return result;
}

/// The same for a circuit known at run time.
inline runtime_circuit simplified(const runtime_circuit& circuit) {
    std::vector<detail::linked_gate> gates;
    std::vector<std::uint32_t> last(circuit.width, detail::no_gate);
    for (const gate& g : circuit.gates) detail::append_simplified(g, gates, last, circuit.matrices);
    runtime_circuit result = circuit;
    result.gates.clear();
    for (const auto& entry : gates)
        if (entry.kept) result.gates.push_back(entry.value);
    return result;
}

}  // namespace qvit::inline QVIT_ABI
