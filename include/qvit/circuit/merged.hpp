// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

/// One gate of a merged circuit; a rotation reads the angle `slot`.
struct merged_gate {
    operation kind = h;
    std::array<std::uint16_t, 2> wires{};
    std::uint16_t slot = 0;
};

/// A circuit after adjacent rotations of one wire about one axis became one: RY(a) RY(b) = RY(a + b).
///
/// Each rotation that is left reads a slot, the sum of one or more inputs and weights. A slot without an input is
/// `uniform`: its sine and cosine are the same for all images and tokens and are computed once per pass.
/// Cost O(gates) while compiling. Uniform slots and slots with data are numbered in order of appearance.
template <std::size_t Width, std::size_t Gates>
struct merged_circuit {
    struct slot_source {
        std::uint16_t slot = 0;
        angle source{};
    };
    std::array<merged_gate, Gates> gates{};
    std::array<slot_source, Gates> sources{};  ///< which inputs and weights a slot adds up, sorted by slot
    std::array<bool, Gates> uniform{};         ///< by slot
    std::size_t gate_count = 0;
    std::size_t source_count = 0;
    std::size_t slot_count = 0;

    static constexpr std::size_t width = Width;
};

/// Merges a circuit's adjacent rotations; the circuit's unitary is unchanged.
template <std::size_t Width, std::size_t Gates, std::size_t Outputs>
constexpr auto merge_rotations(const circuit_table<Width, Gates, Outputs>& circuit) {
    merged_circuit<Width, Gates> merged{};
    constexpr std::size_t no_gate = static_cast<std::size_t>(-1);
    std::array<std::size_t, Width> last_on_wire{};
    last_on_wire.fill(no_gate);
    std::array<std::uint16_t, Gates> slot_of{};  // of each rotation of the original circuit
    for (std::size_t i = 0; i < Gates; ++i) {
        const gate& g = circuit.gates[i];
        const std::size_t previous = last_on_wire[g.wires[0]];
        if (is_rotation(g.kind) && previous != no_gate && merged.gates[previous].kind == g.kind) {
            slot_of[i] = merged.gates[previous].slot;
            continue;
        }
        if (is_rotation(g.kind)) slot_of[i] = static_cast<std::uint16_t>(merged.slot_count++);
        for (std::size_t w = 0; w < wires_of(g.kind); ++w) last_on_wire[g.wires[w]] = merged.gate_count;
        merged.gates[merged.gate_count++] = {g.kind, g.wires, slot_of[i]};
    }
    for (std::size_t slot = 0; slot < merged.slot_count; ++slot) merged.uniform[slot] = true;
    // Sources sorted by slot: count, then place.
    std::array<std::size_t, Gates + 1> place{};
    for (std::size_t i = 0; i < Gates; ++i)
        if (is_rotation(circuit.gates[i].kind)) ++place[slot_of[i] + std::size_t{1}];
    for (std::size_t slot = 0; slot < merged.slot_count; ++slot) place[slot + 1] += place[slot];
    for (std::size_t i = 0; i < Gates; ++i) {
        const gate& g = circuit.gates[i];
        if (!is_rotation(g.kind)) continue;
        merged.sources[place[slot_of[i]]++] = {slot_of[i], g.parameter};
        ++merged.source_count;
        if (g.parameter.source == angle_source::data) merged.uniform[slot_of[i]] = false;
    }
    return merged;
}

}  // namespace qvit::inline QVIT_ABI
