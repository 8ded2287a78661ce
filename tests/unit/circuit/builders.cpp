// SPDX-License-Identifier: Apache-2.0
// Circuits as values: what the parts of a circuit write into its table. Most is known to the compiler.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/ansatz.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/apply_matrix.hpp>
#include <qvit/circuit/butterfly.hpp>
#include <qvit/circuit/encode_iqp.hpp>
#include <qvit/circuit/encodings.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/measure_strings.hpp>
#include <qvit/circuit/pyramid.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/stays_real.hpp>
#include <qvit/circuit/strongly_entangling.hpp>
#include <qvit/circuit/x_shape.hpp>
#include <qvit/core/random_stream.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
constexpr gate with_weight(operation kind, std::uint16_t wire, std::size_t number) {
    return {kind, {wire}, {weight(number)}, 0};
}
constexpr gate with_data(operation kind, std::uint16_t wire, std::size_t number) {
    return {kind, {wire}, {input(number)}, 0};
}
constexpr gate fixed(operation kind, std::uint16_t first, std::uint16_t second = 0, std::uint16_t third = 0) {
    return {kind, {first, second, third}, {}, 0};
}

template <std::size_t N, class Table>
constexpr bool has_gates(const Table& table, const gate (&expected)[N]) {
    return Table::gate_count == N && std::equal(table.gates.begin(), table.gates.end(), expected);
}
template <std::size_t Width, class... Parts>
constexpr auto gates_of(Parts... parts) {
    return circuit<Width>(parts..., measure<z>);
}

// ---- gate tables ----
static_assert(has_gates(reference::ry_ring<3, 2>,
                        {with_data(ry, 0, 0), with_data(ry, 1, 1), with_data(ry, 2, 2),        //
                         with_weight(ry, 0, 0), with_weight(ry, 1, 1), with_weight(ry, 2, 2),  //
                         fixed(cnot, 0, 1), fixed(cnot, 1, 2), fixed(cnot, 2, 0),              //
                         with_weight(ry, 0, 3), with_weight(ry, 1, 4), with_weight(ry, 2, 5),  //
                         fixed(cnot, 0, 1), fixed(cnot, 1, 2), fixed(cnot, 2, 0)}));
static_assert(has_gates(reference::ry_ring<2, 1>, {with_data(ry, 0, 0), with_data(ry, 1, 1), with_weight(ry, 0, 0),
                                                   with_weight(ry, 1, 1), fixed(cnot, 0, 1)}));    // one CNOT, not two
static_assert(has_gates(reference::ry_ring<1, 1>, {with_data(ry, 0, 0), with_weight(ry, 0, 0)}));  // none
static_assert(reference::rx_chain<4, 1>.count(cnot) == 3 &&
              reference::rx_chain<4, 1>.gates.back() == fixed(cnot, 2, 3));

constexpr auto listed =
    circuit<5>(apply<h, 4, 1>, apply<cnot, 3, 0>, rotate<rz, 2>, encode<rx, 3, 1>,
               entangle<cz>(edges<edge{4, 0}, edge{1, 3}>), rotate<ry, 2, 0>, measure<y, 4>, measure<x, 0, 2>);
static_assert(has_gates(listed, {fixed(h, 4), fixed(h, 1), fixed(cnot, 3, 0), with_weight(rz, 2, 0),
                                 with_data(rx, 3, 3), with_data(rx, 1, 1), fixed(cz, 4, 0), fixed(cz, 1, 3),
                                 with_weight(ry, 2, 1), with_weight(ry, 0, 2)}));
static_assert(listed.strings[0].at(4) == y && listed.strings[1].at(0) == x && listed.strings[2].at(2) == x &&
              listed.strings[2].at(0) == id);
static_assert(listed.terms == std::array{readout_term{0, 0, 1}, readout_term{1, 1, 1}, readout_term{2, 2, 1}});

// Angles: given, shared, several of one gate, new on every wire or edge.
static_assert(has_gates(gates_of<3>(apply<rx>(2 * input(4) + pi / 4), apply<rz, 1>(0.5), apply<ry, 0, 2>(weight(3)),
                                    apply<ccx, 2, 0, 1>),
                        {gate{rx, {0}, {2 * input(4) + pi / 4}, 0}, gate{rx, {1}, {2 * input(4) + pi / 4}, 0},
                         gate{rx, {2}, {2 * input(4) + pi / 4}, 0}, gate{rz, {1}, {0.5}, 0}, with_weight(ry, 0, 3),
                         with_weight(ry, 2, 3), fixed(ccx, 2, 0, 1)}));
static_assert(has_gates(gates_of<2>(rotate<rot, 1>, rotate<crx, 1, 0>,
                                    apply<u3, 0>(pi, weight(1), input(0) * input(1))),
                        {gate{rot, {1}, {weight(0), weight(1), weight(2)}, 0}, gate{crx, {1, 0}, {weight(3)}, 0},
                         gate{u3, {0}, {pi, weight(1), input(0) * input(1)}, 0}}));
static_assert(has_gates(gates_of<3>(entangle<rzz>(ring, weight(0)), entangle<cry>(chain)),
                        {gate{rzz, {0, 1}, {weight(0)}, 0}, gate{rzz, {1, 2}, {weight(0)}, 0},
                         gate{rzz, {2, 0}, {weight(0)}, 0}, gate{cry, {0, 1}, {weight(1)}, 0},
                         gate{cry, {1, 2}, {weight(2)}, 0}}));
static_assert(gates_of<3>(apply<rx>(2 * input(4) + pi / 4)).inputs == 5);
static_assert(gates_of<2>(apply<rx, 0>(input(0) * input(6))).inputs == 7);
static_assert(gates_of<2>(apply<rx, 0>(weight(6)), rotate<ry>).parameters == 9);  // new ones come after named ones

constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {0, 1}}}}};
constexpr unitary_matrix swapping{2, {{{1, 0, 0, 0}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 0, 1}}}};
constexpr auto with_matrices = gates_of<3>(apply_matrix<swapping, 2, 0>(), apply_matrix<root_of_z, 1>());
static_assert(has_gates(with_matrices, {gate{unitary2, {2, 0}, {}, 0}, gate{unitary1, {1}, {}, 1}}));
static_assert(with_matrices.matrices == std::array{swapping, root_of_z});

// ---- topologies ----
template <class Topology, std::size_t Width, std::size_t N>
constexpr bool has_edges(const Topology&, const edge (&expected)[N]) {
    constexpr auto list = Topology::template edges<Width>();
    return list.size() == N && std::equal(list.begin(), list.end(), expected);
}
static_assert(has_edges<ring_topology, 4>(ring, {{0, 1}, {1, 2}, {2, 3}, {3, 0}}));
static_assert(has_edges<ring_topology, 3>(ring, {{0, 1}, {1, 2}, {2, 0}}));
static_assert(has_edges<ring_topology, 2>(ring, {{0, 1}}));
static_assert(has_edges<chain_topology, 4>(chain, {{0, 1}, {1, 2}, {2, 3}}));
static_assert(has_edges<ring_of_range_topology<2>, 5>(ring_of_range<2>, {{0, 2}, {1, 3}, {2, 4}, {3, 0}, {4, 1}}));
static_assert(has_edges<ring_of_range_topology<1>, 2>(ring_of_range<1>, {{0, 1}, {1, 0}}));
static_assert(has_edges<star_topology, 4>(star, {{0, 1}, {0, 2}, {0, 3}}));
static_assert(has_edges<all_to_all_topology, 4>(all_to_all, {{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}));
static_assert(has_edges<pairs_topology, 5>(pairs, {{0, 1}, {2, 3}}));
static_assert(has_edges<brick_topology, 5>(brick, {{0, 1}, {2, 3}, {1, 2}, {3, 4}}));
static_assert(has_edges<butterfly_topology, 8>(butterfly, {{0, 1},
                                                           {2, 3},
                                                           {4, 5},
                                                           {6, 7},  //
                                                           {0, 2},
                                                           {1, 3},
                                                           {4, 6},
                                                           {5, 7},  //
                                                           {0, 4},
                                                           {1, 5},
                                                           {2, 6},
                                                           {3, 7}}));
static_assert(has_edges<pyramid_topology, 4>(pyramid, {{0, 1}, {1, 2}, {0, 1}, {2, 3}, {1, 2}, {0, 1}}));
static_assert(has_edges<x_shape_topology, 4>(x_shape, {{0, 1}, {2, 3}, {1, 2}, {0, 1}, {2, 3}}));
static_assert(has_edges<x_shape_topology, 5>(x_shape, {{0, 1}, {3, 4}, {1, 2}, {2, 3}, {1, 2}, {0, 1}, {3, 4}}));

template <class... Topologies>
constexpr bool no_edges_on_one_wire = (Topologies::template edges<1>().empty() && ...);
static_assert(
    no_edges_on_one_wire<ring_topology, chain_topology, ring_of_range_topology<1>, star_topology, all_to_all_topology,
                         pairs_topology, brick_topology, butterfly_topology, pyramid_topology, x_shape_topology>);

/// The counts and depths of Cherrat et al., section 2 of FACTS.md.
template <class Topology, std::size_t Width>
constexpr bool has_shape(Topology along, std::size_t gates, std::size_t depth) {
    const auto table = gates_of<Width>(entangle<rbs>(along));
    return table.gate_count == gates && table.parameters == gates && table.depth() == depth && stays_real(table);
}
template <std::size_t... Widths>
constexpr bool orthogonal_shapes =
    ((has_shape<pyramid_topology, Widths>(pyramid, Widths*(Widths - 1) / 2, 2 * Widths - 3) &&
      has_shape<x_shape_topology, Widths>(x_shape, 2 * Widths - 3, Widths % 2 == 0 ? Widths - 1 : Widths)) &&
     ...);
static_assert(orthogonal_shapes<2, 3, 4, 5, 7, 8, 16>);
static_assert(has_shape<butterfly_topology, 2>(butterfly, 1, 1) && has_shape<butterfly_topology, 8>(butterfly, 12, 3) &&
              has_shape<butterfly_topology, 16>(butterfly, 32, 4));
static_assert(has_shape<brick_topology, 16>(brick, 15, 2) && has_shape<pairs_topology, 9>(pairs, 4, 1));

/// A topology of a user's own: every wire with the one half the register away.
struct across {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width / 2> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = edge_between(i, i + Width / 2);
        return result;
    }
};
static_assert(topology<across>);
static_assert(has_gates(gates_of<4>(entangle<cz>(across{})), {fixed(cz, 0, 2), fixed(cz, 1, 3)}));

// ---- encodings ----
static_assert(has_gates(gates_of<2>(encode_from<3, rx>), {with_data(rx, 0, 3), with_data(rx, 1, 4)}));
static_assert(has_gates(gates_of<4>(encode_from<4, rz, 3, 1>), {with_data(rz, 3, 7), with_data(rz, 1, 5)}));
static_assert(gates_of<4>(encode<ry>, encode_from<4, ry>).inputs == 8);
static_assert(has_gates(gates_of<2>(encode_dense<ry, rz>),
                        {with_data(ry, 0, 0), with_data(ry, 1, 2), with_data(rz, 0, 1), with_data(rz, 1, 3)}));
static_assert(has_gates(gates_of<3>(encode_dense<rx, p, 2>), {with_data(rx, 2, 4), with_data(p, 2, 5)}));
static_assert(has_gates(gates_of<2>(encode_basis<>),
                        {gate{ry, {0}, {pi * input(0)}, 0}, gate{ry, {1}, {pi * input(1)}, 0}}));
static_assert(has_gates(gates_of<2>(encode_basis<1>), {gate{ry, {1}, {pi * input(1)}, 0}}));
static_assert(has_gates(gates_of<3>(encode_iqp<1>(chain)),
                        {fixed(h, 0), fixed(h, 1), fixed(h, 2), with_data(rz, 0, 0), with_data(rz, 1, 1),
                         with_data(rz, 2, 2), gate{rzz, {0, 1}, {input(0) * input(1)}, 0},
                         gate{rzz, {1, 2}, {input(1) * input(2)}, 0}}));
constexpr auto iqp = gates_of<4>(encode_iqp<2>());
static_assert(iqp.gate_count == 2 * (8 + 6) && iqp.inputs == 4 && iqp.parameters == 0 && iqp.count(rzz) == 12);
constexpr auto amplitudes = circuit<5>(encode_amplitudes, rotate<ry>, measure<z>);
static_assert(amplitudes.amplitude_input && amplitudes.inputs == 32 && amplitudes.gate_count == 5);
static_assert(!iqp.amplitude_input);

// ---- ansatz families ----
static_assert(gates_of<4>(basic_entangler<2>()).gates ==
              gates_of<4>(repeat<2>(rotate<ry>, entangle<cnot>(ring))).gates);
static_assert(gates_of<4>(basic_entangler<2, rx>()).parameters == 8 &&
              gates_of<4>(basic_entangler<2, rx>()).count(rx) == 8);
static_assert(has_gates(gates_of<2>(hardware_efficient<1>()),
                        {with_weight(ry, 0, 0), with_weight(ry, 1, 1), with_weight(rz, 0, 2), with_weight(rz, 1, 3),
                         fixed(cz, 0, 1)}));
static_assert(gates_of<6>(hardware_efficient<3>()).gate_count == 3 * (3 * 6 - 1) &&
              gates_of<6>(hardware_efficient<3>()).parameters == 36);
static_assert(has_gates(gates_of<3>(brick_layers<1>()), {with_weight(ry, 0, 0), with_weight(ry, 1, 1),
                                                         with_weight(ry, 2, 2), fixed(cz, 0, 1), fixed(cz, 1, 2)}));
static_assert(gates_of<6>(brick_layers<2, crx, rz>()).gate_count == 22 &&
              gates_of<6>(brick_layers<2, crx, rz>()).parameters == 12 + 10);
static_assert(has_gates(gates_of<2>(two_local<1>()), {with_weight(ry, 0, 0), with_weight(ry, 1, 1), fixed(cz, 0, 1),
                                                      with_weight(ry, 0, 2), with_weight(ry, 1, 3)}));
static_assert(gates_of<5>(two_local<3, rx, cnot>(star)).gate_count == 4 * 5 + 3 * 4);
static_assert(gates_of<4>(orthogonal(x_shape)).gates == gates_of<4>(entangle<rbs>(x_shape)).gates);

constexpr auto entangling = gates_of<3>(strongly_entangling<3>());
constexpr gate rot_with_weights(std::uint16_t wire, std::size_t first) {
    return {rot, {wire}, {weight(first), weight(first + 1), weight(first + 2)}, 0};
}
static_assert(has_gates(entangling, {rot_with_weights(0, 0), rot_with_weights(1, 3), rot_with_weights(2, 6),     //
                                     fixed(cnot, 0, 1), fixed(cnot, 1, 2), fixed(cnot, 2, 0),                    //
                                     rot_with_weights(0, 9), rot_with_weights(1, 12), rot_with_weights(2, 15),   //
                                     fixed(cnot, 0, 2), fixed(cnot, 1, 0), fixed(cnot, 2, 1),                    //
                                     rot_with_weights(0, 18), rot_with_weights(1, 21), rot_with_weights(2, 24),  //
                                     fixed(cnot, 0, 1), fixed(cnot, 1, 2), fixed(cnot, 2, 0)}));
static_assert(has_gates(gates_of<2>(strongly_entangling<1, cz>()),
                        {rot_with_weights(0, 0), rot_with_weights(1, 3), fixed(cz, 0, 1), fixed(cz, 1, 0)}));
static_assert(has_gates(gates_of<1>(strongly_entangling<2>()), {rot_with_weights(0, 0), rot_with_weights(0, 3)}));

// ---- observables ----
constexpr auto strings = circuit<4>(measure_strings(pauli<"ZIXY">, 0.5 * pauli_on<z, 0, 3>, -pauli<"ZIXY">));
static_assert(strings.strings.size() == 2 && strings.outputs == 3);  // the same string is measured once
static_assert(strings.strings[0].at(3) == z && strings.strings[0].at(2) == id && strings.strings[0].at(1) == x &&
              strings.strings[0].at(0) == y);
static_assert(strings.strings[1].at(0) == z && strings.strings[1].at(3) == z && strings.strings[1].at(1) == id);
static_assert(strings.terms == std::array{readout_term{0, 0, 1}, readout_term{1, 1, 0.5}, readout_term{2, 0, -1}});

constexpr auto energy = circuit<2>(
    measure<z, 1>, measure_sum(0.5 * pauli<"ZZ">, pauli_on<x, 1> * -2.0, 3 * (pauli_on<z, 0> * pauli_on<z, 1>)));
static_assert(energy.outputs == 2 && energy.strings.size() == 3);
static_assert(energy.terms == std::array{readout_term{0, 0, 1}, readout_term{1, 1, 0.5}, readout_term{1, 2, -2},
                                         readout_term{1, 1, 3}});
static_assert(circuit<200>(measure_sum(pauli_on<y, 0, 199>)).strings[0].at(199) == y);
static_assert(circuit<2>(measure_strings(pauli<"II">)).strings[0].is_identity());

constexpr auto outcomes = circuit<4>(measure<x, 3>, measure_probabilities<2, 0>, measure_probabilities<>);
static_assert(outcomes.outputs == 1 + 4 + 16 && outcomes.strings.size() == 21 && outcomes.terms.size() == 1);
static_assert(outcomes.probabilities == std::array{probability_block{1, 1, 2}, probability_block{5, 5, 4}});
static_assert(outcomes.strings[1].is_identity() && outcomes.strings[2].at(2) == z && outcomes.strings[2].at(0) == id &&
              outcomes.strings[3].at(0) == z && outcomes.strings[3].at(2) == id && outcomes.strings[4].at(0) == z &&
              outcomes.strings[4].at(2) == z);
static_assert(circuit<10>(measure_probabilities<>).outputs == 1024);

// ---- facts ----
constexpr const auto& projection = reference::ry_ring<4, 2>;
static_assert(projection.width == 4 && projection.inputs == 4 && projection.parameters == 8 && projection.outputs == 4);
static_assert(projection.gate_count == 4 + 2 * 8 && projection.count(ry) == 12 && projection.count(cnot) == 8);
static_assert(stays_real(projection));
static_assert(!stays_real(reference::rx_chain<3, 1>));
constexpr unitary_matrix real_turn{1, {{{0.6, -0.8}, {0.8, 0.6}}}};
constexpr unitary_matrix phase{1, {{{1, 0}, {0, {0, 1}}}}};
static_assert(stays_real(circuit<1>(apply_matrix<real_turn, 0>(), measure<z>)) &&
              !stays_real(circuit<1>(apply_matrix<phase, 0>(), measure<z>)));
static_assert(stays_real(reference::real_flips) && !stays_real(reference::all_gates));
static_assert(stays_real(circuit<1>(apply<x>, apply<z>, apply<h>, measure<z>)) &&
              !stays_real(circuit<1>(apply<y>, measure<z>)));
static_assert(!stays_real(circuit<1>(rotate<rz>, measure<z>)));
static_assert(listed.inputs == 4 && listed.parameters == 3 && listed.outputs == 3);  // x_3 is the last input read
static_assert(reference::no_inputs.inputs == 0 && reference::no_weights.parameters == 0);
static_assert(reference::unread_input.inputs == 2);
// Depth: a ring is as deep as it is long; gates on other wires run beside each other.
static_assert(reference::ry_ring<4, 1>.depth() == 2 + 4 && reference::ry_ring<4, 2>.depth() == 11);
static_assert(circuit<3>(apply<h>, measure<z>).depth() == 1 && circuit<3>(measure<z>).depth() == 0);
static_assert(circuit<4>(apply<cnot, 0, 1>, apply<cnot, 2, 3>, apply<h, 0>, measure<z>).depth() == 2);
static_assert(circuit<4>(apply<ccx, 0, 1, 3>, apply<h, 2>, apply<cz, 2, 3>, measure<z>).depth() == 2);
// repeat numbers weights anew and inputs not.
static_assert(reference::reuploading.parameters == 6 && reference::reuploading.inputs == 3);
static_assert(circuit<2>(repeat<3>(repeat<2>(rotate<ry, 0>), apply<h, 1>), measure<z>).parameters == 6);
static_assert(circuit<2>(repeat<0>(rotate<ry>), measure<z>).gate_count == 0);

std::vector<double> outputs_of(const auto& table, const std::vector<double>& inputs,
                               const std::vector<double>& weights) {
    return reference::outputs(reference::dense(table), inputs.data(), weights.data());
}
}  // namespace

TEST_CASE("circuits are values: built twice they are equal") {
    const auto again = circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
    CHECK(again.gates == projection.gates);
    CHECK(again.strings == projection.strings);
    CHECK(again.terms == projection.terms);
}

TEST_CASE("encode_basis: bits become basis states") {
    const auto table = circuit<3>(encode_basis<>, measure_probabilities<>);
    for (std::size_t bits = 0; bits < 8; ++bits) {
        const std::vector<double> inputs{static_cast<double>(bits & 1), static_cast<double>((bits >> 1) & 1),
                                         static_cast<double>(bits >> 2)};
        std::vector<double> expected(8);
        expected[bits] = 1;
        CHECK(reference::largest_difference(outputs_of(table, inputs, {}), expected) < 1e-15);
    }
}

TEST_CASE("measure_probabilities: of the listed wires, the first the least significant") {
    // P(1) is .25 on wire 0, .75 on wire 1, 1 on wire 2.
    const auto table = circuit<3>(apply<ry, 0>(pi / 3), apply<ry, 1>(2 * pi / 3), apply<x, 2>,
                                  measure_probabilities<2, 0>, measure_probabilities<1>);
    const std::vector<double> expected{0, 0.75, 0, 0.25, 0.25, 0.75};
    CHECK(reference::largest_difference(outputs_of(table, {}, {}), expected) < 1e-15);
}

TEST_CASE("encode_amplitudes: the probabilities are the squares of the normalised inputs") {
    const auto table = circuit<2>(encode_amplitudes, measure_probabilities<>);
    const std::vector<double> expected{0.04, 0.64, 0.16, 0.16};
    CHECK(reference::largest_difference(outputs_of(table, {0.5, -2, 1, 1}, {}), expected) < 1e-15);
}

TEST_CASE("measure_sum: the sum of its strings") {
    const auto apart =
        circuit<2>(basic_entangler<2, rx>(), rotate<ry>, measure_strings(pauli<"ZZ">, pauli_on<x, 1>, pauli<"YX">));
    const auto summed = circuit<2>(basic_entangler<2, rx>(), rotate<ry>,
                                   measure_sum(0.5 * pauli<"ZZ">, -2.0 * pauli_on<x, 1>, 3.0 * pauli<"YX">));
    const std::vector<double> weights{0.3, -1.2, 0.7, 2.1, -0.4, 1.5};
    const auto values = outputs_of(apart, {}, weights);
    CHECK(std::abs(values[2]) > 1e-3);
    CHECK(reference::close(outputs_of(summed, {}, weights)[0], 0.5 * values[0] - 2 * values[1] + 3 * values[2], 0,
                           1e-14));
}

TEST_CASE("orthogonal: one excitation stays one, and moves by an orthogonal matrix") {
    random_stream draw(7);
    auto check = [&](auto along) {
        const auto circuit = reference::dense(gates_of<4>(orthogonal(along)));
        std::vector<double> weights(circuit.parameters);
        for (double& w : weights) w = draw.uniform(-3, 3);
        const auto unitary = reference::unitary_of(circuit, nullptr, weights.data());
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 4; ++j) {
                double product = 0;  // rows i and j of the matrix on |e_0>, ..., |e_3>
                for (std::size_t k = 0; k < 4; ++k)
                    product += (unitary(std::size_t{1} << i, std::size_t{1} << k) *
                                unitary(std::size_t{1} << j, std::size_t{1} << k))
                                   .real();
                CHECK(reference::close(product, i == j ? 1 : 0, 0, 1e-14));
            }
    };
    check(pyramid);
    check(x_shape);
    check(butterfly);
    check(brick);
}
