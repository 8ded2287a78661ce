// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/apply_matrix.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/stays_real.hpp>

/// Circuits that between them have every gate where its wires are already entangled, read out in Z, X and Y.
namespace reference {
using namespace qvit;

/// A real rotation of 3-4-5, a complex matrix without zeros, and two-wire matrices that are neither symmetric in their
/// wires nor products of two one-wire matrices.
inline constexpr unitary_matrix real_one{1, {{{0.6, -0.8}, {0.8, 0.6}}}};
constexpr complex_constant i_times(double imaginary) { return {0, imaginary}; }
inline constexpr unitary_matrix complex_one{
    1,
    {{{complex_constant(0.48, 0.36), i_times(0.8)}, {complex_constant(-0.64, 0.48), complex_constant(0.576, 0.168)}}}};
inline constexpr unitary_matrix real_two{2, {{{0.6, 0, -0.8, 0}, {0, 0, 0, 1}, {0.8, 0, 0.6, 0}, {0, -1, 0, 0}}}};
inline constexpr unitary_matrix complex_two{2,
                                            {{{0.6, 0, i_times(0.8), 0},
                                              {0, i_times(0.28), 0, 0.96},
                                              {complex_constant(0.64, 0.48), 0, complex_constant(0.36, -0.48), 0},
                                              {0, i_times(0.96), 0, -0.28}}}};
static_assert(real_one.is_unitary() && complex_one.is_unitary() && real_two.is_unitary() && complex_two.is_unitary());

inline constexpr auto clifford_one_wire =
    circuit<3>(encode<ry>, rotate<rx>, entangle<cnot>(ring), apply<s, 0>, apply<h, 1>, apply<sx, 2>, rotate<ry>,
               apply<sdg, 1, 2>, apply<y, 0>, apply<id>, entangle<cnot>(chain), apply<sxdg, 0, 1>, apply<z, 2>,
               apply<x, 1>, rotate<rz>, apply<h, 0>, apply<sx, 1>, measure<z>, measure<x>, measure<y, 1>);
inline constexpr auto t_gates =
    circuit<3>(encode<rx>, entangle<cnot>(ring), apply<t, 0, 1>, rotate<ry>, apply<tdg, 1, 2>, entangle<cz>(chain),
               rotate<rx>, apply<t>, apply<t, 0>, measure<x>, measure<z>);
inline constexpr auto phase_gates =
    circuit<3>(encode<ry>, entangle<cnot>(ring), rotate<p>, rotate<rx>, apply<p, 0>(input(1)), entangle<cnot>(chain),
               apply<p, 2>(2 * weight(1) - pi / 2), rotate<ry>, measure<z>, measure<y>);
inline constexpr auto u3_gates =
    circuit<3>(encode<ry>, rotate<u3>, entangle<cnot>(ring), apply<u3, 1>(pi, weight(1), input(2)), rotate<u3, 0>,
               apply<u3, 2>(input(0), 0.3, -1.2), entangle<cnot>(ring), measure<z>, measure<x, 2>);
inline constexpr auto rot_gates = circuit<3>(rotate<rot>, entangle<cnot>(ring), encode<rz>, rotate<rot>,
                                             entangle<cz>(ring), apply<rot, 0>(0.4, input(1), weight(5)),
                                             apply<rot, 2>(weight(0), weight(0), 1.5), measure<z>, measure<y, 0>);
inline constexpr auto controlled_paulis = circuit<4>(
    encode<ry>, rotate<rx>, apply<cnot, 3, 1>, apply<cy, 0, 2>, rotate<ry>, apply<ch, 2, 1>, apply<cy, 3, 0>,
    apply<cz, 1, 3>, rotate<rz>, apply<ch, 0, 3>, apply<cnot, 2, 0>, measure<z>, measure<x, 1>, measure<y, 3>);
inline constexpr auto swaps =
    circuit<4>(encode<ry>, rotate<rx>, entangle<cnot>(chain), apply<swap, 0, 3>, rotate<ry>, apply<iswap, 2, 1>,
               rotate<rz, 0, 2>, apply<iswap, 0, 2>, apply<swap, 1, 2>, rotate<rx>, measure<z>, measure<y, 0, 1>);
inline constexpr auto controlled_rotations =
    circuit<4>(encode<ry>, rotate<rx, 0, 1>, entangle<crx>(ring), rotate<cry, 2, 0>, entangle<crz>(chain), rotate<ry>,
               apply<crx, 3, 1>(input(2)), apply<cry, 0, 2>(-0.5 * input(1)), rotate<cp, 1, 0>,
               apply<cp, 3, 2>(input(0)), apply<crz, 2, 3>(weight(0)), rotate<rx>, measure<z>, measure<x, 2>);
inline constexpr auto two_wire_rotations =
    circuit<4>(encode<rx>, rotate<ry>, entangle<rxx>(chain), entangle<ryy>(ring), entangle<rzz>(edges<edge{3, 1}>),
               rotate<rx, 2>, apply<rxx, 3, 0>(input(1)), apply<ryy, 1, 3>(2 * input(0)), apply<rzz, 2, 0>(input(3)),
               rotate<rz>, measure<z>, measure<x>);
/// The unary subspace and beyond: RBS on a register with more than one excitation.
inline constexpr auto givens =
    circuit<4>(encode<ry>, entangle<rbs>(chain), rotate<ry, 1, 2>, rotate<rbs, 3, 0>, apply<rbs, 2, 1>(input(0)),
               apply<rbs, 0, 2>(weight(1) / 2 + 0.3), measure<z>, measure<x, 0, 3>);
static_assert(stays_real(givens));
inline constexpr auto three_wires = circuit<4>(
    encode<ry>, rotate<rx>, apply<ccx, 0, 1, 2>, rotate<ry>, apply<ccx, 3, 0, 1>, apply<cswap, 2, 3, 0>, rotate<rz>,
    rotate<rx, 1, 3>, apply<cswap, 0, 1, 3>, apply<ccx, 2, 3, 0>, rotate<ry, 0>, measure<z>, measure<x>, measure<y, 2>);
inline constexpr auto real_gates_of_more_wires = circuit<4>(
    encode<ry>, entangle<cry>(ring), apply<ch, 1, 3>, rotate<ry>, apply<ccx, 3, 1, 0>, apply<rbs, 0, 2>(weight(1)),
    apply<cswap, 1, 0, 2>, apply<swap, 3, 2>, rotate<ry>, apply<ch, 0, 1>, qvit::apply_matrix<real_two, 2, 0>(),
    qvit::apply_matrix<real_one, 3>(), entangle<cz>(ring), rotate<ry, 1>, measure<z>, measure<x, 0, 2>);
inline constexpr auto matrices_on_one_wire =
    circuit<3>(qvit::apply_matrix<complex_one, 0>(), encode<ry>, qvit::apply_matrix<real_one, 1>(),
               entangle<cnot>(ring), qvit::apply_matrix<complex_one, 2>(), rotate<rx>,
               qvit::apply_matrix<complex_one, 1>(), qvit::apply_matrix<real_one, 1>(), entangle<cz>(chain), rotate<ry>,
               qvit::apply_matrix<real_one, 0>(), measure<z>, measure<x, 1>);
inline constexpr auto matrices_on_two_wires =
    circuit<4>(encode<ry>, qvit::apply_matrix<complex_two, 0, 1>(), rotate<rx>, qvit::apply_matrix<real_two, 3, 1>(),
               qvit::apply_matrix<complex_two, 2, 0>(), rotate<ry>, qvit::apply_matrix<complex_two, 1, 2>(),
               qvit::apply_matrix<real_two, 0, 3>(), measure<z>, measure<x, 2>, measure<y, 0>);
/// Each of the 35 kinds on five wires.
inline constexpr auto every_gate =
    circuit<5>(apply<h, 0, 3>, encode<ry>, apply<cnot, 0, 1>, apply<ccx, 1, 2, 4>, apply<t, 1>, rotate<rx, 2>,
               apply<cy, 3, 1>, apply<s, 2>, apply<sx, 4>, rotate<rz, 0>, apply<iswap, 1, 4>, rotate<u3, 3>,
               rotate<crx, 4, 0>, apply<id, 2>, apply<ch, 2, 3>, rotate<rxx, 0, 2>, apply<tdg, 3>, rotate<cry, 1, 3>,
               qvit::apply_matrix<complex_one, 4>(), rotate<rbs, 3, 4>, apply<cz, 0, 4>, apply<y, 1>, rotate<p, 1>,
               rotate<ryy, 4, 1>, apply<swap, 2, 0>, rotate<rot, 0>, rotate<crz, 3, 2>, apply<sdg, 4>, apply<x, 0>,
               apply<cswap, 4, 0, 3>, rotate<rzz, 1, 3>, apply<z, 2>, qvit::apply_matrix<complex_two, 3, 0>(),
               rotate<cp, 2, 1>, apply<sxdg, 3>, rotate<ry>, measure<z>, measure<x, 1, 4>);

/// visit.operator()<circuit>(name) for each.
template <class Visit>
void for_each_one_wire_gate_circuit(Visit&& visit) {
    visit.template operator()<clifford_one_wire>("clifford_one_wire");
    visit.template operator()<t_gates>("t_gates");
    visit.template operator()<phase_gates>("phase_gates");
    visit.template operator()<u3_gates>("u3_gates");
    visit.template operator()<rot_gates>("rot_gates");
    visit.template operator()<matrices_on_one_wire>("matrices_on_one_wire");
}
template <class Visit>
void for_each_wider_gate_circuit(Visit&& visit) {
    visit.template operator()<controlled_paulis>("controlled_paulis");
    visit.template operator()<swaps>("swaps");
    visit.template operator()<controlled_rotations>("controlled_rotations");
    visit.template operator()<two_wire_rotations>("two_wire_rotations");
    visit.template operator()<givens>("givens");
    visit.template operator()<three_wires>("three_wires");
    visit.template operator()<real_gates_of_more_wires>("real_gates_of_more_wires");
    visit.template operator()<matrices_on_two_wires>("matrices_on_two_wires");
    visit.template operator()<every_gate>("every_gate");
}
template <class Visit>
void for_each_gate_circuit(Visit&& visit) {
    for_each_one_wire_gate_circuit(visit);
    for_each_wider_gate_circuit(visit);
}

}  // namespace reference
