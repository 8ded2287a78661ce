// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/encodings.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_strings.hpp>
#include <qvit/circuit/pauli.hpp>
#include <qvit/circuit/repeat.hpp>

/// Circuits about structure: widths, depth, what comes first and last, wires and weights that no output sees.
namespace reference {
using namespace qvit;

/// |+> first, as in QAOA and IQP.
inline constexpr auto h_first = circuit<3>(apply<h>, encode<rz>, entangle<rzz>(ring), rotate<rx>, entangle<rzz>(ring),
                                           rotate<rx>, measure<z>, measure_strings(pauli<"IZZ">));
/// No angle at all, with every one-wire Clifford: outputs are 0, 1 and -1.
inline constexpr auto clifford_only =
    circuit<4>(apply<h, 0, 2>, apply<s, 0>, apply<cnot, 0, 1>, apply<cy, 2, 3>, apply<sx, 1>, apply<cz, 1, 2>,
               apply<iswap, 3, 0>, apply<sdg, 2>, apply<swap, 1, 3>, apply<h, 1>, apply<sxdg, 3>, apply<y, 2>,
               measure<z>, measure<x>, measure_strings(pauli<"ZXIY">, pauli<"YIXZ">, pauli<"IZXX">, pauli<"XXZI">));
/// Cliffords around one layer of angles: a sum of few terms however many gates there are.
inline constexpr auto clifford_around_angles =
    circuit<5>(apply<h>, entangle<cz>(ring), apply<s, 1, 3>, encode<ry>, entangle<cnot>(ring), apply<sx, 0, 2>,
               entangle<cz>(chain), apply<h, 4>, apply<iswap, 1, 3>, entangle<cnot>(chain), measure<z>, measure<x, 2>);
inline constexpr auto diagonal_only =
    circuit<3>(apply<h>, encode<rz>, entangle<crz>(ring), apply<t, 0>, rotate<p>, entangle<cp>(chain), apply<s, 2>,
               entangle<rzz>(ring, input(1)), entangle<cz>(ring), apply<z, 1>, measure<x>, measure<y>, measure<z>);
/// Diagonal gates and controls on |0..0> do nothing; the flip of wire 0 comes too late for them.
inline constexpr auto phases_of_zero = circuit<3>(encode<rz>, entangle<crx>(ring), rotate<p>, entangle<cp>(chain),
                                                  apply<x, 0>, apply<crx, 0, 1>(weight(0)), rotate<ry, 2>, measure<z>);
/// Wires 2 and 3 are entangled with each other alone, and wire 4 with nothing.
inline constexpr auto separate_registers =
    circuit<5>(encode<ry>, apply<cnot, 0, 1>, apply<crx, 2, 3>(weight(0)), rotate<rx>, apply<cry, 1, 0>(weight(1)),
               apply<rzz, 3, 2>(input(2)), rotate<ry>, measure<z>, measure_strings(pauli<"ZIIIZ">, pauli<"IXZII">));
/// Outputs see wires 0 and 1 only; weights of the others have the gradient zero.
inline constexpr auto dead_wires =
    circuit<5>(encode<ry>, rotate<rx>, apply<cnot, 0, 1>, entangle<cnot>(edges<edge{2, 3}, edge{3, 4}, edge{1, 4}>),
               rotate<ry>, apply<ccx, 2, 3, 4>, rotate<rz>, measure<z, 0, 1>);
/// The last weights act behind everything that is measured, or along it.
inline constexpr auto unseen_weights = circuit<3>(encode<ry>, rotate<ry>, entangle<cnot>(ring), rotate<rz>,
                                                  rotate<rx, 2>, apply<cz, 0, 1>, rotate<cp, 1, 0>, measure<z, 0, 1>);
inline constexpr auto one_wire_of_everything =
    circuit<1>(apply<h>, encode<rz>, apply<t>, rotate<u3>, apply<sx>, apply<p>(input(0)), rotate<rot>, apply<sdg>,
               rotate<ry>, apply<y>, apply<rx>(2 * weight(0)), measure<x>, measure<y>, measure<z>);
inline constexpr auto two_wires_deep = circuit<2>(
    repeat<6>(encode<ry>, rotate<rx>, apply<cnot, 0, 1>, rotate<rz>, apply<cnot, 1, 0>), measure<z>, measure<x>);
/// 60 gates, real.
inline constexpr auto sixty_real_gates =
    circuit<4>(encode<ry>, repeat<7>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
/// 60 gates of all kinds.
inline constexpr auto sixty_complex_gates =
    circuit<4>(encode<ry>,
               repeat<4>(rotate<rx, 0, 1>, rotate<u3, 2>, apply<t, 3>, entangle<cnot>(ring), rotate<ry, 3>,
                         rotate<crx, 3, 1>, apply<swap, 0, 2>, rotate<rzz, 1, 2>, apply<h, 1>, apply<sx, 0>),
               measure<z>, measure_strings(pauli<"XYIZ">));
static_assert(sixty_real_gates.gate_count == 60 && sixty_complex_gates.gate_count == 60);
inline constexpr auto six_wires =
    circuit<6>(encode<ry>, repeat<2>(rotate<rx>, entangle<cz>(ring)), rotate<ry>, measure<z>);
inline constexpr auto seven_wires =
    circuit<7>(encode<rx>, entangle<cnot>(edges<edge{6, 0}, edge{3, 5}, edge{1, 4}, edge{2, 6}>), rotate<ry>,
               entangle<crz>(edges<edge{5, 1}, edge{0, 2}, edge{4, 6}>), rotate<rx, 0, 3, 6>, entangle<cnot>(chain),
               measure<z, 0, 3, 6>, measure<y, 2>);
inline constexpr auto eight_wires = circuit<8>(
    encode<ry>, rotate<rz>, entangle<rxx>(edges<edge{0, 1}, edge{2, 3}, edge{4, 5}, edge{6, 7}>),
    entangle<cry>(edges<edge{1, 2}, edge{3, 4}, edge{5, 6}, edge{7, 0}>), rotate<ry, 0, 7>, measure<z>, measure<x, 7>);
inline constexpr auto amplitudes_in = circuit<3>(encode_amplitudes, rotate<ry>, entangle<cnot>(ring), rotate<rx>,
                                                 entangle<cz>(chain), measure<z>, measure_strings(pauli<"XIY">));
inline constexpr auto real_amplitudes_in =
    circuit<4>(encode_amplitudes, entangle<rbs>(chain), encode_from<16, ry, 0, 1>, encode<ry, 3>, rotate<ry>,
               apply<h, 2>, measure<z>, measure<x, 1>);

template <class Visit>
void for_each_shape_circuit(Visit&& visit) {
    visit.template operator()<h_first>("h_first");
    visit.template operator()<clifford_only>("clifford_only");
    visit.template operator()<clifford_around_angles>("clifford_around_angles");
    visit.template operator()<diagonal_only>("diagonal_only");
    visit.template operator()<phases_of_zero>("phases_of_zero");
    visit.template operator()<separate_registers>("separate_registers");
    visit.template operator()<dead_wires>("dead_wires");
    visit.template operator()<unseen_weights>("unseen_weights");
    visit.template operator()<one_wire_of_everything>("one_wire_of_everything");
    visit.template operator()<two_wires_deep>("two_wires_deep");
    visit.template operator()<sixty_real_gates>("sixty_real_gates");
    visit.template operator()<sixty_complex_gates>("sixty_complex_gates");
    visit.template operator()<six_wires>("six_wires");
    visit.template operator()<seven_wires>("seven_wires");
    visit.template operator()<eight_wires>("eight_wires");
}
template <class Visit>
void for_each_amplitude_circuit(Visit&& visit) {
    visit.template operator()<amplitudes_in>("amplitudes_in");
    visit.template operator()<real_amplitudes_in>("real_amplitudes_in");
}

}  // namespace reference
