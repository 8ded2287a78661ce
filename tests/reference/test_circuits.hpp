// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>

/// The circuits that the laws and the golden files are about.
namespace reference {
using namespace qvit;

/// One projection of quantum self-attention (FACTS.md, section 1).
template <std::size_t Width, std::size_t Layers>
inline constexpr auto ry_ring = circuit<Width>(encode<ry>, repeat<Layers>(rotate<ry>, entangle<cnot>(ring)),
                                               measure<z>);

template <std::size_t Width, std::size_t Layers>
inline constexpr auto rx_chain = circuit<Width>(encode<rx>, repeat<Layers>(rotate<rx>, entangle<cnot>(chain)),
                                                measure<z>);

/// mixed_n{n} of tests/golden/make_model_goldens.py.
template <std::size_t Width>
inline constexpr auto mixed = circuit<Width>(apply<h>, encode<ry>, rotate<rz>, entangle<cz>(ring), rotate<rx>,
                                             entangle<cnot>(chain), measure<z>);

/// The gates of the first QNNs, each at least once where its wire is already entangled; X before, between and after
/// rotations of one wire.
inline constexpr auto all_gates = circuit<4>(
    apply<x, 1>, encode<ry>, apply<y, 2>, entangle<cnot>(ring), rotate<rx, 0, 2>, apply<x, 0, 3>, rotate<ry, 0, 3>,
    apply<z, 0, 1>, apply<x, 0>, rotate<rz, 0, 1, 2>, apply<h, 3, 1>, apply<y, 1, 3>, apply<cz, 3, 0>, rotate<rx, 3, 1>,
    apply<x, 2>, apply<cnot, 2, 0>, apply<cz, 1, 2>, measure<z>, measure<x, 1, 3>, measure<y, 0, 2>);

/// Real gates only, an X under control: flips travel through CNOTs and signs through CZ.
inline constexpr auto real_flips =
    circuit<4>(encode<ry>, apply<x, 0, 2>, entangle<cnot>(ring), rotate<ry>, apply<x, 1>, apply<z, 1, 3>,
               entangle<cz>(chain), apply<h, 0>, rotate<ry, 0, 1, 2>, apply<x, 0>,
               entangle<cnot>(edges<edge{3, 1}, edge{2, 0}>), rotate<ry, 0, 3>, measure<z>, measure<x, 0, 3>);

/// The inputs are loaded again in every layer, about another axis than the weights.
inline constexpr auto reuploading =
    circuit<3>(repeat<2>(encode<ry>, rotate<rx>, entangle<cnot>(ring)), encode<ry, 0, 2>, measure<z>);
/// The same with everything about one axis: encode and rotate share a slot, twice.
inline constexpr auto merged_reuploading =
    circuit<3>(repeat<2>(encode<ry>, rotate<ry>, entangle<cnot>(chain)), encode<ry>, encode<ry, 1>, measure<z>);

inline constexpr auto selected_wires = circuit<3>(encode<ry>, rotate<rx>, entangle<cnot>(ring), rotate<ry>,
                                                  measure<x, 0, 2>, measure<y, 1>, measure<z, 2, 2>);
/// Wire 1 has no gate: <Z_1> = 1 and <X_1> = 0, and input 1 is not read.
inline constexpr auto idle_wire =
    circuit<3>(encode<ry, 0, 2>, rotate<ry, 0>, apply<cnot, 0, 2>, measure<z>, measure<x>);
/// Only input 1 is read, so the input vector has two entries and the gradient of the first stays as it was.
inline constexpr auto unread_input = circuit<3>(encode<rx, 1>, rotate<ry>, entangle<cnot>(ring), measure<z>);
/// <Y> of a state with real amplitudes is zero whatever the angles are.
inline constexpr auto zero_output = circuit<2>(encode<ry>, rotate<ry>, entangle<cnot>(ring), measure<y>, measure<z, 0>);
inline constexpr auto no_weights =
    circuit<3>(encode<ry>, entangle<cnot>(ring), encode<rx>, entangle<cz>(chain), measure<z>);
inline constexpr auto no_inputs =
    circuit<3>(rotate<ry>, entangle<cnot>(ring), rotate<rx>, entangle<cnot>(ring), measure<z>);
/// A Bell pair: <Z> = <X> = 0 on both wires.
inline constexpr auto no_angles = circuit<2>(apply<h, 0>, apply<cnot, 0, 1>, measure<z>, measure<x>);
/// Nothing but measurements: <Z> = 1, <X> = 0.
inline constexpr auto no_gates = circuit<2>(measure<z>, measure<x>);
inline constexpr auto single_wire = circuit<1>(encode<ry>, rotate<rz>, rotate<rx>, measure<x>, measure<y>, measure<z>);
/// Phases first: RZ on |0> must not change anything, and the CNOTs act on |0>.
inline constexpr auto phases_first = circuit<3>(entangle<cnot>(ring), rotate<rz>, encode<rz>, apply<h>, encode<rz>,
                                                rotate<ry>, entangle<cz>(ring), measure<x>);

/// visit.operator()<circuit>(name) for the above; gate_, angle_, readout_ and shape_circuits.hpp have more.
template <class Visit>
void for_each_basic_circuit(Visit&& visit) {
    visit.template operator()<ry_ring<1, 2>>("ry_ring<1, 2>");
    visit.template operator()<ry_ring<2, 2>>("ry_ring<2, 2>");
    visit.template operator()<ry_ring<3, 1>>("ry_ring<3, 1>");
    visit.template operator()<ry_ring<4, 2>>("ry_ring<4, 2>");
    visit.template operator()<ry_ring<5, 3>>("ry_ring<5, 3>");
    visit.template operator()<rx_chain<4, 2>>("rx_chain<4, 2>");
    visit.template operator()<mixed<4>>("mixed<4>");
    visit.template operator()<all_gates>("all_gates");
    visit.template operator()<real_flips>("real_flips");
    visit.template operator()<reuploading>("reuploading");
    visit.template operator()<merged_reuploading>("merged_reuploading");
    visit.template operator()<selected_wires>("selected_wires");
    visit.template operator()<idle_wire>("idle_wire");
    visit.template operator()<unread_input>("unread_input");
    visit.template operator()<zero_output>("zero_output");
    visit.template operator()<no_weights>("no_weights");
    visit.template operator()<no_inputs>("no_inputs");
    visit.template operator()<no_angles>("no_angles");
    visit.template operator()<no_gates>("no_gates");
    visit.template operator()<single_wire>("single_wire");
    visit.template operator()<phases_first>("phases_first");
}

}  // namespace reference
