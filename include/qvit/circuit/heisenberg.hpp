// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/circuit/merged.hpp>
#include <qvit/circuit/pauli_string.hpp>

namespace qvit::inline QVIT_ABI {

/// One term of an expectation value: plus or minus a product of cosines and sines of slots.
template <std::size_t Width, std::size_t Slots>
struct trigonometric_term {
    pauli_string<Width> pauli{};
    bit_set<Slots> cosines{};
    bit_set<Slots> sines{};
};

/// <O> as a sum of trigonometric terms; `complete` is false where there were more terms than room.
template <std::size_t Width, std::size_t Slots, std::size_t MaxTerms>
struct trigonometric_sum {
    std::array<trigonometric_term<Width, Slots>, MaxTerms> terms{};
    std::size_t count = 0;
    bool complete = true;
};

/// Moves an observable back through a circuit (Heisenberg picture), at compile time.
///
/// On |0..0> a Pauli string is worth 1 if it is made of I and Z and 0 otherwise, so what is left is a polynomial in the
/// cosines and sines of the angles. A fixed gate maps a string to one string; a rotation whose axis anticommutes
/// splits it in two: P -> cos(t) P + sin(t) P'. A string with X or Y on a wire that no earlier gate touches is dropped.
/// Cost: O(gates * terms) while compiling; terms at most double per rotation.
template <std::size_t MaxTerms, std::size_t Width, std::size_t Gates>
constexpr auto propagate_back(const merged_circuit<Width, Gates>& circuit, observable measured) {
    trigonometric_sum<Width, Gates, MaxTerms> sum{};
    std::array<std::size_t, Width> first_gate{};
    first_gate.fill(Gates);
    for (std::size_t i = circuit.gate_count; i-- > 0;)
        for (std::size_t w = 0; w < wires_of(circuit.gates[i].kind); ++w) first_gate[circuit.gates[i].wires[w]] = i;

    sum.terms[0].pauli.set(measured.wire, measured.pauli);
    sum.count = 1;
    auto drop_vanishing = [&](std::size_t wire) {
        std::size_t kept = 0;
        for (std::size_t i = 0; i < sum.count; ++i)
            if (!sum.terms[i].pauli.x.contains(wire)) sum.terms[kept++] = sum.terms[i];
        sum.count = kept;
    };
    if (first_gate[measured.wire] == Gates) drop_vanishing(measured.wire);

    for (std::size_t i = circuit.gate_count; i-- > 0;) {
        const merged_gate& g = circuit.gates[i];
        const std::size_t before = sum.count;
        for (std::size_t t = 0; t < before; ++t) {
            auto& term = sum.terms[t];
            if (!is_rotation(g.kind)) {
                term.pauli.conjugate(g.kind, g.wires[0], g.wires[1]);
            } else if (term.pauli.anticommutes(g.kind, g.wires[0])) {
                if (sum.count == MaxTerms) {
                    sum.complete = false;
                    return sum;
                }
                auto& partner = sum.terms[sum.count++];
                partner = term;
                partner.pauli = term.pauli.rotated_partner(g.kind, g.wires[0]);
                partner.sines.insert(g.slot);
                term.cosines.insert(g.slot);
            }
        }
        for (std::size_t w = 0; w < wires_of(g.kind); ++w)
            if (first_gate[g.wires[w]] == i) drop_vanishing(g.wires[w]);
    }
    return sum;
}

}  // namespace qvit::inline QVIT_ABI
