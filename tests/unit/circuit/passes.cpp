// SPDX-License-Identifier: Apache-2.0
// What turns circuits into circuits: inverse, inverted, simplified. The oracle says whether the unitary is right.
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
#include <qvit/circuit/encodings.hpp>
#include <qvit/circuit/inverse.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/simplified.hpp>
#include <qvit/circuit/strongly_entangling.hpp>
#include <qvit/core/random_stream.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/random_circuit.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {0, 1}}}}};
constexpr unitary_matrix turned{2, {{{0.6, 0.8, 0, 0}, {-0.8, 0.6, 0, 0}, {0, 0, 0, {0, 1}}, {0, 0, 1, 0}}}};

/// Inputs and weights for a circuit, from its own numbers.
struct numbers {
    std::vector<double> inputs;
    std::vector<double> weights;
    explicit numbers(const reference::dense_circuit& circuit, std::uint64_t seed = 1)
        : inputs(circuit.inputs), weights(circuit.parameters) {
        random_stream draw(seed);
        for (double& value : inputs) value = draw.uniform(-2, 2);
        for (double& value : weights) value = draw.uniform(-2, 2);
    }
};

reference::matrix unitary(const reference::dense_circuit& circuit, const numbers& with) {
    return reference::unitary_of(circuit, with.inputs.data(), with.weights.data());
}
double difference(const reference::matrix& a, const reference::matrix& b) {
    REQUIRE(a.dimension == b.dimension);
    double largest = 0;
    for (std::size_t i = 0; i < a.entries.size(); ++i) {
        const double error = std::abs(a.entries[i] - b.entries[i]);
        if (!(error <= largest)) largest = error;  // keeps what is not a number
        if (std::isnan(largest)) break;
    }
    return largest;
}
template <class Circuit>
double error_of_inverse(const Circuit& circuit, const Circuit& inverse) {
    const auto forth = reference::dense(circuit);
    const numbers with(forth);
    return difference(unitary(reference::dense(inverse), with) * unitary(forth, with),
                      reference::identity_matrix(std::size_t{1} << forth.width));
}
/// Two circuits with the same inputs and weights.
template <class A, class B>
double error_of_unitary(const A& a, const B& b) {
    const auto given = reference::dense(a);
    const numbers with(given);
    return difference(unitary(given, with), unitary(reference::dense(b), with));
}

/// Few wires, few kinds, few angles: many gates that meet their like. All numbers are multiples of 1/4, so sums are
/// exact. With `can_vanish`, no kinds whose inverses do not meet them: iSWAP, and P, which merges with powers of T.
runtime_circuit crowded_circuit(std::uint64_t seed, bool can_vanish = false) {
    random_stream draw(seed, 77);
    auto below = [&](std::size_t bound) { return draw.below(static_cast<std::uint32_t>(bound)); };
    runtime_circuit circuit(1 + below(3));
    circuit.inputs = 3;
    circuit.parameters = 3;
    circuit.matrices = {root_of_z, root_of_z.adjoint(), turned, turned.adjoint()};
    std::array<operation, 2> kinds{};
    for (operation& kind : kinds) kind = static_cast<operation>(below(operation_count));
    auto quarter = [&] { return 0.25 * static_cast<double>(below(5)) - 0.5; };
    const std::size_t gates = below(30);
    while (circuit.gates.size() < gates) {
        gate g;
        g.kind = below(4) == 0 ? static_cast<operation>(below(operation_count)) : kinds[below(2)];
        if (wires_of(g.kind) > circuit.width || (can_vanish && (g.kind == iswap || g.kind == p))) {
            g.kind = static_cast<operation>(below(static_cast<std::size_t>(p)));
        }
        qvit::fixed_array<std::uint16_t, 3> wires{0, 1, 2};
        for (std::size_t i = circuit.width; i > 1; --i) std::swap(wires[i - 1], wires[below(i)]);
        for (std::size_t i = 0; i < wires_of(g.kind); ++i) g.wires[i] = wires[i];
        for (std::size_t i = 0; i < angles_of(g.kind); ++i) {
            constexpr angle sources[] = {
                angle(), input(0), input(1), weight(0), input(0) * input(1), input(1) * input(0)};
            const angle read = sources[below(6)];  // one draw a line: the order has to be the same everywhere
            const double scale = below(2) == 0 ? 1.0 : 2 * quarter();
            g.angles[i] = scale * read + quarter();
        }
        if (g.kind == unitary1) g.matrix = static_cast<std::uint16_t>(below(2));
        if (g.kind == unitary2) g.matrix = static_cast<std::uint16_t>(2 + below(2));
        circuit.gates.push_back(g);
    }
    circuit.measure_all_z();
    return circuit;
}

// ---- inverted ----
static_assert(inverse_of(gate{s, {1}, {}, 0}).kind == sdg && inverse_of(gate{tdg, {1}, {}, 0}).kind == t &&
              inverse_of(gate{sx, {1}, {}, 0}).kind == sxdg && inverse_of(gate{h, {1}, {}, 0}).kind == h);
static_assert(inverse_of(gate{u3, {2}, {weight(0), 0.25, input(1)}, 0}) ==
              gate{u3, {2}, {-weight(0), -input(1), -0.25}, 0});
static_assert(inverse_of(gate{rot, {2}, {weight(0), 0.25, input(1)}, 0}) ==
              gate{rot, {2}, {-input(1), -0.25, -weight(0)}, 0});

constexpr auto every_kind = circuit<3>(
    apply<h>, apply<s, 0>, apply<tdg, 1>, apply<sx, 2>, apply<iswap, 2, 0>, rotate<u3, 0>, rotate<rot, 1>,
    apply_matrix<turned, 0, 2>(), rotate<rbs, 2, 1>, apply<cy, 0, 1>, apply<cp, 1, 2>(2 * input(1) - 0.5),
    apply_matrix<root_of_z, 1>(), apply<cswap, 1, 2, 0>, apply<iswap, 0, 1>, measure<x>, measure_probabilities<0, 1>);
constexpr auto every_kind_inverted = inverted<every_kind>();
static_assert(every_kind_inverted.gate_count == every_kind.gate_count + 2 * 3);
static_assert(every_kind_inverted.gates[0] == gate{swap, {0, 1}, {}, 0} &&
              every_kind_inverted.gates[4] == gate{cswap, {1, 2, 0}, {}, 0});
static_assert(every_kind_inverted.strings == every_kind.strings && every_kind_inverted.terms == every_kind.terms &&
              every_kind_inverted.probabilities == every_kind.probabilities &&
              every_kind_inverted.outputs == every_kind.outputs && every_kind_inverted.inputs == every_kind.inputs &&
              every_kind_inverted.parameters == every_kind.parameters);
static_assert(every_kind_inverted.matrices[0] == turned.adjoint() && every_kind_inverted.matrices[1] != root_of_z);
}  // namespace

TEST_CASE("inverted: a table's gates are undone, last first") {
    auto check = [](const auto& circuit, const auto& inverse) {
        CHECK(error_of_inverse(runtime_circuit(circuit), runtime_circuit(inverse)) < 1e-14);
    };
    check(every_kind, every_kind_inverted);
    check(reference::all_gates, inverted<reference::all_gates>());
    check(reference::reuploading, inverted<reference::reuploading>());
    check(reference::no_gates, inverted<reference::no_gates>());
}

TEST_CASE("inverted: run-time circuits") {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        const runtime_circuit circuit = seed % 2 == 0 ? reference::random_circuit(seed) : crowded_circuit(seed);
        const runtime_circuit inverse = inverted(circuit);
        CHECK(error_of_inverse(circuit, inverse) < 1e-13);
        CHECK(inverse.strings == circuit.strings);
        CHECK(inverse.amplitude_input == circuit.amplitude_input);
    }
}

namespace {
// ---- inverse ----
constexpr auto there_and_back =
    circuit<3>(rotate<ry>, apply_matrix<turned, 2, 1>(),
               inverse(rotate<rx, 0>, apply<iswap, 0, 1>, apply_matrix<root_of_z, 0>()), rotate<rz, 2>, measure<z>);
static_assert(there_and_back.gate_count == 3 + 1 + (1 + 4 + 1) + 1 && there_and_back.parameters == 5);
static_assert(there_and_back.gates[4] == gate{unitary1, {0}, {}, 1} &&
              there_and_back.matrices[1] == root_of_z.adjoint());
static_assert(there_and_back.gates[9] == gate{rx, {0}, {-weight(3)}, 0} &&
              there_and_back.gates[10] == gate{rz, {2}, {weight(4)}, 0});
static_assert(circuit<2>(inverse(inverse(rotate<ry>)), measure<z>).gates == circuit<2>(rotate<ry>, measure<z>).gates);
static_assert(circuit<2>(repeat<2>(inverse(rotate<ry>)), measure<z>).parameters == 4);
static_assert(circuit<4>(inverse(), measure<z>).gate_count == 0);
constexpr auto fidelity = circuit<3>(encode<ry>, inverse(encode_from<3, ry>), measure_probabilities<>);
static_assert(fidelity.inputs == 6);
}  // namespace

TEST_CASE("inverse: undoes the parts it is given") {
    const auto part = repeat<2>(encode_dense<ry, rz>, apply<iswap, 0, 1>, apply<rot, 2>(weight(0), weight(1), 0.5),
                                apply_matrix<turned, 2, 0>(), entangle<rzz>(ring, 2 * weight(1)));
    const auto echo = reference::dense(circuit<3>(part, inverse(part), measure<z>));
    CHECK(difference(unitary(echo, numbers(echo)), reference::identity_matrix(8)) < 1e-14);
}

TEST_CASE("inverse: P(000) is the fidelity of two product states") {
    const auto overlap = reference::dense(fidelity);
    const numbers with(overlap);
    double expected = 1;
    for (std::size_t i = 0; i < 3; ++i) expected *= std::pow(std::cos((with.inputs[i] - with.inputs[i + 3]) / 2), 2);
    CHECK(
        reference::close(reference::outputs(overlap, with.inputs.data(), with.weights.data())[0], expected, 0, 1e-15));
}

namespace {
// ---- combined ----
constexpr std::array<unitary_matrix, 2> no_matrices{};
constexpr gate on(operation kind, std::uint16_t a, std::uint16_t b = 0, std::uint16_t c = 0) {
    return {kind, {a, b, c}, {}, 0};
}
constexpr bool cancel(const gate& a, const gate& b) {
    const combination both = combined(a, b, no_matrices);
    return both.exists && is_identity(both.result);
}
constexpr bool become(const gate& a, const gate& b, const gate& expected) {
    const combination both = combined(a, b, no_matrices);
    return both.exists && both.result == expected;
}
constexpr bool stay(const gate& a, const gate& b) { return !combined(a, b, no_matrices).exists; }
static_assert(cancel(on(h, 0), on(h, 0)) && cancel(on(x, 0), on(x, 0)) && cancel(on(y, 0), on(y, 0)) &&
              cancel(on(z, 0), on(z, 0)) && cancel(on(s, 0), on(sdg, 0)) && cancel(on(tdg, 0), on(t, 0)) &&
              cancel(on(sx, 0), on(sxdg, 0)));
static_assert(cancel(on(cnot, 0, 1), on(cnot, 0, 1)) && stay(on(cnot, 0, 1), on(cnot, 1, 0)) &&
              cancel(on(cz, 0, 1), on(cz, 1, 0)) && cancel(on(swap, 0, 1), on(swap, 1, 0)) &&
              cancel(on(cy, 2, 1), on(cy, 2, 1)) && cancel(on(ch, 2, 1), on(ch, 2, 1)));
static_assert(cancel(on(ccx, 0, 1, 2), on(ccx, 1, 0, 2)) && stay(on(ccx, 0, 1, 2), on(ccx, 0, 2, 1)) &&
              cancel(on(cswap, 0, 1, 2), on(cswap, 0, 2, 1)) && stay(on(cswap, 0, 1, 2), on(cswap, 1, 0, 2)));
static_assert(stay(on(iswap, 0, 1), on(iswap, 0, 1)) && stay(on(h, 0), on(x, 0)) &&
              become(on(s, 0), on(t, 0), gate{p, {0}, {3 * pi / 4}, 0}) &&
              cancel(gate{p, {0}, {3 * pi / 4}, 0}, gate{p, {0}, {-3 * pi / 4}, 0}));
static_assert(become(on(t, 0), on(t, 0), on(s, 0)) && become(on(s, 0), on(s, 0), on(z, 0)) &&
              become(on(z, 0), on(s, 0), on(sdg, 0)) && become(on(sx, 0), on(sx, 0), on(x, 0)) &&
              become(on(x, 0), on(sx, 0), on(sxdg, 0)));

constexpr gate turn(operation kind, angle by, std::uint16_t a = 0, std::uint16_t b = 0) {
    return {kind, {a, b}, {by}, 0};
}
static_assert(become(turn(ry, input(0)), turn(ry, 0.25), turn(ry, input(0) + 0.25)));
static_assert(become(turn(rx, 0.5), turn(rx, 2 * weight(3)), turn(rx, 2 * weight(3) + 0.5)));
static_assert(become(turn(rz, input(2) + 0.5), turn(rz, 2 * input(2)), turn(rz, 3 * input(2) + 0.5)));
static_assert(become(turn(rzz, input(0) * input(1), 0, 1), turn(rzz, input(1) * input(0), 1, 0),
                     turn(rzz, 2 * (input(0) * input(1)), 0, 1)));
static_assert(become(turn(ry, input(0) + 0.5), turn(ry, -input(0)), turn(ry, 0.5)));
static_assert(cancel(turn(crx, weight(0), 0, 1), turn(crx, -weight(0), 0, 1)));
static_assert(stay(turn(crx, weight(0), 0, 1), turn(crx, -weight(0), 1, 0)) &&
              stay(turn(rbs, 0.5, 0, 1), turn(rbs, 0.5, 1, 0)));
static_assert(stay(turn(ry, input(0)), turn(ry, input(1))) && stay(turn(ry, input(0)), turn(ry, weight(0))) &&
              stay(turn(ry, input(0)), turn(rx, input(0))));
static_assert(stay(turn(ry, input(0) * input(1)), turn(ry, input(0) * input(2))));
static_assert(cancel(gate{u3, {0}, {0.5, weight(0), 1.0}, 0}, gate{u3, {0}, {-0.5, -1.0, -weight(0)}, 0}) &&
              stay(gate{u3, {0}, {0.5, weight(0), 1.0}, 0}, gate{u3, {0}, {-0.5, -weight(0), -1.0}, 0}));
static_assert(is_identity(turn(ry, 0.0)) && !is_identity(turn(ry, 0.5)) && !is_identity(turn(ry, weight(0))) &&
              is_identity(on(id, 2)) && !is_identity(on(x, 0)) && is_identity(turn(rzz, 0 * input(1), 0, 1)));

// ---- simplified ----
/// The gates that are left of `Circuit`.
template <const auto& Circuit, std::size_t N>
constexpr bool leaves(const gate (&expected)[N]) {
    constexpr auto small = simplified<Circuit>();
    return small.gate_count == N && std::equal(small.gates.begin(), small.gates.end(), expected);
}
constexpr auto nested =
    circuit<3>(apply<h, 0>, apply<s, 1>, apply<cz, 0, 1>, apply<x, 2>, apply<swap, 1, 0>, apply<ry, 2>(weight(0)),
               apply<swap, 0, 1>, apply<cz, 1, 0>, apply<sdg, 1>, apply<h, 0>, measure<z>);
static_assert(leaves<nested>({on(x, 2), turn(ry, weight(0), 2)}));
constexpr auto first_layer = circuit<2>(apply<ry>(0.25), encode<ry>, encode<ry>, rotate<ry>, apply<id>, measure<z>);
static_assert(leaves<first_layer>({turn(ry, 2 * input(0) + 0.25, 0), turn(ry, 2 * input(1) + 0.25, 1),
                                   turn(ry, weight(0), 0), turn(ry, weight(1), 1)}));
// A sum that has become a constant meets what stands before it.
constexpr auto late_constant =
    circuit<1>(apply<rz>(input(0)), apply<rz>(weight(0)), apply<rz>(0.5 - weight(0)), measure<z>);
static_assert(leaves<late_constant>({turn(rz, input(0) + 0.5)}));
// Rotations of one kind commute, so what adds need not be adjacent.
constexpr auto in_a_row =
    circuit<2>(apply<h, 0>, apply<rzz, 0, 1>(input(0)), apply<rzz, 1, 0>(weight(0)), apply<rzz, 0, 1>(weight(1)),
               apply<rzz, 1, 0>(2 * input(0)), apply<rzz, 0, 1>(-weight(0)), apply<rzz, 1, 0>(-3 * input(0)),
               apply<rzz, 0, 1>(-weight(1)), apply<h, 0>, measure<z>);
static_assert(simplified<in_a_row>().gate_count == 0);
constexpr auto wires_turned =
    circuit<2>(apply<h, 0>, apply<rzz, 0, 1>(input(0)), apply<rzz, 1, 0>(weight(0)), apply<rzz, 0, 1>(-input(0)),
               apply<rzz, 1, 0>(-weight(0)), apply<h, 0>, measure<z>);
static_assert(simplified<wires_turned>().gate_count == 0);
// Not past a gate that shares one wire.
constexpr auto apart = circuit<3>(apply<cnot, 0, 1>, apply<cnot, 1, 2>, apply<cnot, 0, 1>, apply<h, 0>, apply<cz, 0, 1>,
                                  apply<h, 0>, measure<z>);
static_assert(simplified<apart>().gates == apart.gates);
// Inputs and weights keep their numbers, also where nothing reads them any more; so does what is measured.
constexpr auto unread =
    circuit<2>(encode_amplitudes, apply<ry, 0>(input(3)), apply<rz, 1>(weight(5)), apply_matrix<turned, 0, 1>(),
               apply<h, 0>, apply<h, 0>, apply<rz, 1>(0.0), measure<x>, measure_probabilities<1>);
constexpr auto unread_simplified = simplified<unread>();
static_assert(unread_simplified.gate_count == 3 && unread_simplified.inputs == 4 && unread_simplified.parameters == 6 &&
              unread_simplified.amplitude_input && unread_simplified.matrices == unread.matrices &&
              unread_simplified.strings == unread.strings && unread_simplified.terms == unread.terms &&
              unread_simplified.probabilities == unread.probabilities && unread_simplified.outputs == unread.outputs);
constexpr auto echo_of_matrices =
    circuit<2>(apply_matrix<turned, 0, 1>(), inverse(apply_matrix<turned, 0, 1>()), apply_matrix<turned, 0, 1>(),
               inverse(apply_matrix<turned, 1, 0>()), measure<z>);
static_assert(simplified<echo_of_matrices>().gate_count == 2);
// 250 gates and their inverses, which all go: the longest way through the pass.
constexpr auto half = repeat<3>(apply<rot>(weight(0), input(3), 0.5), entangle<cnot>(ring), apply<t>, encode<ry>,
                                entangle<rzz>(chain, weight(1)));
constexpr auto long_echo = circuit<8>(half, half, inverse(half, half), measure<z>);
static_assert(long_echo.gate_count == 468 && simplified<long_echo>().gate_count == 0);
}  // namespace

TEST_CASE("combined: two gates as one have the product of their matrices") {
    const std::vector<gate> gates = [] {
        std::vector<gate> list;
        constexpr std::array<qvit::fixed_array<std::uint16_t, 3>, 6> orders{
            {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
        const std::array<qvit::fixed_array<angle, 3>, 5> angles{{{weight(0), 0.5, input(0)},
                                                                 {-weight(0), -input(0), -0.5},
                                                                 {-input(0), -0.5, -weight(0)},
                                                                 {0.5 - weight(0), 0.0, 0.0},
                                                                 {0.0, 0.0, 0.0}}};
        for (std::size_t kind = 0; kind < operation_count; ++kind)
            for (const auto& wires : orders)
                for (const auto& some : angles) {
                    gate g{static_cast<operation>(kind), wires, {}, 0};
                    for (std::size_t i = wires_of(g.kind); i < 3; ++i) g.wires[i] = 0;
                    for (std::size_t i = 0; i < angles_of(g.kind); ++i) g.angles[i] = some[i];
                    if (is_user_matrix(g.kind)) g.matrix = g.kind == unitary1 ? 0 : 2;
                    list.push_back(g);
                    if (is_user_matrix(g.kind)) ++list.back().matrix, list.push_back(g);
                }
        return list;
    }();
    runtime_circuit pair(3);
    pair.inputs = 1;
    pair.parameters = 1;
    pair.matrices = {root_of_z, root_of_z.adjoint(), turned, turned.adjoint()};
    std::size_t combined_pairs = 0;
    const gate* before = nullptr;
    for (const gate& first : gates) {
        if (before != nullptr && *before == first) continue;  // gates of fewer wires or angles come more than once
        before = &first;
        for (const gate& second : gates) {
            if (!std::is_permutation(first.wires.begin(), first.wires.end(), second.wires.begin()) ||
                wires_of(first.kind) != wires_of(second.kind))
                continue;
            const combination both = combined(first, second, pair.matrices);
            if (!both.exists) continue;
            ++combined_pairs;
            pair.gates = {first, second};
            const auto two = pair;
            pair.gates = {both.result};
            CHECK(error_of_unitary(two, pair) < 1e-15);
        }
    }
    CHECK(combined_pairs > 500);
}

TEST_CASE("simplified: the unitary stays, with its phase, over random circuits") {
    std::size_t before = 0;
    std::size_t after = 0;
    for (std::uint64_t seed = 0; seed < 1500; ++seed) {
        const runtime_circuit circuit = seed % 3 == 0 ? reference::random_circuit(seed) : crowded_circuit(seed);
        const runtime_circuit small = simplified(circuit);
        CHECK(error_of_unitary(circuit, small) < 1e-13);
        CHECK(small.gates.size() <= circuit.gates.size());
        CHECK(simplified(small).gates == small.gates);
        before += circuit.gates.size();
        after += small.gates.size();
    }
    CHECK(10 * after < 9 * before);  // the circuits were made to have something to simplify
}

TEST_CASE("simplified: nothing is left of a circuit and its inverse") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        runtime_circuit circuit = crowded_circuit(seed, true);
        const runtime_circuit inverse = inverted(circuit);
        for (gate g : inverse.gates) {
            g.matrix = static_cast<std::uint16_t>(is_user_matrix(g.kind) ? g.matrix + 4 : 0);
            circuit.gates.push_back(g);
        }
        circuit.matrices.insert(circuit.matrices.end(), inverse.matrices.begin(), inverse.matrices.end());
        CHECK(simplified(circuit).gates.empty());
    }
}

TEST_CASE("simplified: the same at compile time and at run time") {
    auto check = [](const auto& circuit, const auto& small) {
        const runtime_circuit again = simplified(runtime_circuit(circuit));
        CHECK(std::equal(again.gates.begin(), again.gates.end(), small.gates.begin(), small.gates.end()));
        CHECK(error_of_unitary(circuit, small) < 1e-13);
    };
    check(every_kind, simplified<every_kind>());
    check(nested, simplified<nested>());
    check(reference::all_gates, simplified<reference::all_gates>());
    check(reference::real_flips, simplified<reference::real_flips>());
    check(reference::merged_reuploading, simplified<reference::merged_reuploading>());
    check(reference::no_gates, simplified<reference::no_gates>());
    check(there_and_back, simplified<there_and_back>());
}
