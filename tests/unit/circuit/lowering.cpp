// SPDX-License-Identifier: Apache-2.0
// The normal form of circuits: rotations about Pauli strings, against the dense unitary.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/lower.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/runtime_pauli_program.hpp>
#include <reference/angle_circuits.hpp>
#include <reference/close.hpp>
#include <reference/dense_program.hpp>
#include <reference/gate_circuits.hpp>
#include <reference/random_circuit.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
using string = runtime_pauli_program::string;

/// A circuit that measures X and Z of every wire of any state, so that its normal form must keep everything.
runtime_circuit measured_everywhere(runtime_circuit circuit) {
    circuit.amplitude_input = true;
    circuit.strings.clear();
    for (std::size_t wire = 0; wire < circuit.width; ++wire)
        for (const operation pauli : {x, z}) {
            string p;
            p.set(wire, pauli);
            circuit.strings.push_back(p);
        }
    return circuit;
}

/// max |U^dagger P U - R^dagger Q R| over P = X, Z of every wire, where R is the product of a circuit's rotations and
/// Q what lowering made of P. That fixes U up to its phase: no other matrix commutes with all Paulis.
double distance_from_unitary(const runtime_circuit& given) {
    const runtime_circuit circuit = measured_everywhere(given);
    const runtime_pauli_program program = lower(circuit);
    const reference::dense_circuit dense = reference::dense(circuit);
    const reference::numbers with(circuit, 7);
    const auto angles = reference::angles_of(program, with);
    const auto u = reference::columns_of(circuit.width, [&](const reference::state& psi) {
        return reference::run_from(psi, dense, with.inputs.data(), with.weights.data());
    });
    const auto r = reference::columns_of(
        circuit.width, [&](const reference::state& psi) { return reference::apply_rotations(program, angles, psi); });
    double error = 0;
    for (std::size_t k = 0; k < circuit.strings.size(); ++k)
        for (std::size_t column = 0; column < u.size(); ++column) {
            const auto p = reference::apply_pauli(circuit.strings[k], circuit.width, u[column]);
            const auto q = reference::apply_pauli(program.strings[k], circuit.width, r[column]);
            for (std::size_t row = 0; row < u.size(); ++row) {
                const double entry = std::abs(reference::inner(u[row], p) - reference::inner(r[row], q));
                if (!(entry <= error)) error = entry;
            }
        }
    return error;
}

/// max |<P> after the circuit - <Q> after its rotations| over all that is measured, on what the circuit starts in.
double distance_from_expectations(const auto& circuit, const auto& program) {
    const reference::dense_circuit dense = reference::dense(circuit);
    double error = 0;
    for (std::uint64_t seed = 1; seed <= 2; ++seed) {
        const reference::numbers with(circuit, seed);
        const auto psi = reference::run(dense, with.inputs.data(), with.weights.data());
        const auto rotated = reference::apply_rotations(program, reference::angles_of(program, with),
                                                        reference::initial_state(dense, with.inputs.data()));
        REQUIRE(program.strings.size() == dense.strings.size());
        for (std::size_t k = 0; k < program.strings.size(); ++k) {
            const double exact = reference::inner(psi, reference::apply_string(dense.strings[k], psi)).real();
            const double found = reference::expectation(program.strings[k], program.width, rotated);
            if (!(std::abs(found - exact) <= error)) error = std::abs(found - exact);
        }
    }
    return error;
}

/// Same numbers in the same places, whatever the storage.
void check_same_program(const auto& a, const auto& b) {
    REQUIRE(a.rotations.size() == b.rotations.size());
    REQUIRE(a.sources.size() == b.sources.size());
    REQUIRE(a.strings.size() == b.strings.size());
    auto same_string = [&](const auto& p, const auto& q) {
        bool same = p.negative == q.negative;
        for (std::size_t wire = 0; wire < a.width; ++wire) same = same && p.at(wire) == q.at(wire);
        return same;
    };
    for (std::size_t i = 0; i < a.rotations.size(); ++i) {
        CHECK(same_string(a.rotations[i], b.rotations[i]));
        CHECK((a.uniform[i] != 0) == (b.uniform[i] != 0));
    }
    for (std::size_t i = 0; i < a.sources.size(); ++i) {
        CHECK(a.sources[i].rotation == b.sources[i].rotation);
        CHECK(a.sources[i].value == b.sources[i].value);
    }
    for (std::size_t i = 0; i < a.strings.size(); ++i) CHECK(same_string(a.strings[i], b.strings[i]));
    CHECK(a.width == b.width);
    CHECK(a.amplitude_input == b.amplitude_input);
}

/// What holds for every program: sources sorted and added up, flags right.
void check_form(const auto& program) {
    const std::size_t count = program.rotations.size();
    REQUIRE(program.uniform.size() == count);
    std::vector<bool> reads_data(count);
    std::vector<std::size_t> sources(count);
    for (std::size_t i = 0; i < program.sources.size(); ++i) {
        const rotation_source& a = program.sources[i];
        REQUIRE(a.rotation < count);
        CHECK((i == 0 || program.sources[i - 1].rotation <= a.rotation));
        if (a.value.reads_data()) reads_data[a.rotation] = true;
        ++sources[a.rotation];
        for (std::size_t j = 0; j < i; ++j) {
            const rotation_source& b = program.sources[j];
            CHECK_FALSE((a.rotation == b.rotation && a.value.source == b.value.source &&
                         a.value.index == b.value.index && a.value.second == b.value.second));
        }
        CHECK((a.value.scale != 0 || a.value.offset != 0));
    }
    for (std::size_t i = 0; i < count; ++i) {
        CHECK(sources[i] > 0);
        CHECK((program.uniform[i] != 0) == !reads_data[i]);
        CHECK_FALSE(program.rotations[i].negative);
    }
}
/// No two rotations that could be one.
void check_merged(const runtime_pauli_program& program) {
    for (std::size_t i = 0; i < program.rotations.size(); ++i) {
        bool blocked = false;
        for (std::size_t j = i; j-- > 0 && !blocked;) {
            CHECK(program.rotations[i] != program.rotations[j]);
            blocked = program.rotations[i].anticommutes(program.rotations[j]);
        }
    }
}
/// A circuit of the same gates where each angle is a weight of its own, so that none cancels another; without gates
/// that are constant rotations.
runtime_circuit with_own_weights(runtime_circuit circuit) {
    std::vector<gate> gates;
    circuit.parameters = 0;
    for (gate g : circuit.gates) {
        if (g.kind == t || g.kind == tdg || g.kind == ch || g.kind == ccx || g.kind == cswap) continue;
        for (std::size_t i = 0; i < angles_of(g.kind); ++i) g.angles[i] = weight(circuit.parameters++);
        gates.push_back(g);
    }
    circuit.gates = gates;
    return circuit;
}

template <class Check>
void for_each_circuit(Check&& check) {
    reference::for_each_basic_circuit(check);
    reference::for_each_gate_circuit(check);
    reference::for_each_angle_circuit(check);
    reference::for_each_readout_circuit(check);
    reference::for_each_shape_circuit(check);
    reference::for_each_amplitude_circuit(check);
}
}  // namespace

TEST_CASE("lower: every test circuit keeps its unitary and its expectation values") {
    for_each_circuit([]<const auto & Circuit>(const char* name) {
        CAPTURE(name);
        const runtime_circuit circuit = Circuit;
        const runtime_pauli_program program = lower(circuit);
        CHECK(distance_from_unitary(circuit) < 1e-12);
        CHECK(distance_from_expectations(circuit, program) < 1e-12);
        check_form(program);
    });
}

TEST_CASE("lower: some hundreds of random circuits keep their unitary") {
    for (std::uint64_t seed = 0; seed < 350; ++seed) {
        CAPTURE(seed);
        const runtime_circuit circuit = reference::random_circuit(seed, {.most_width = 4});
        CHECK(distance_from_unitary(circuit) < 1e-12);
    }
}

TEST_CASE("lower: some hundreds of random circuits keep their expectation values") {
    for (std::uint64_t seed = 0; seed < 700; ++seed) {
        CAPTURE(seed);
        const runtime_circuit circuit = reference::random_circuit(seed, {.most_gates = 40});
        const runtime_pauli_program program = lower(circuit);
        CHECK(distance_from_expectations(circuit, program) < 1e-12);
        check_form(program);
    }
}

TEST_CASE("lower: rotations that can be one are one, in random circuits") {
    std::size_t rotations = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        CAPTURE(seed);
        const runtime_circuit circuit = with_own_weights(reference::random_circuit(seed, {.most_gates = 60}));
        const runtime_pauli_program program = lower(circuit);
        check_merged(program);
        check_merged(lower(measured_everywhere(circuit)));
        check_merged(lower(reference::random_circuit(seed, {.most_width = 3, .most_gates = 60})));  // constants too
        rotations += program.rotations.size();
    }
    CHECK(rotations > 1000);
}

// ---- while compiling: the same program ----
namespace {
// Passes until nothing changes.
constexpr auto twice_toffoli = circuit<3>(encode<ry>, apply<ccx, 0, 1, 2>, apply<ccx, 1, 0, 2>, measure<x>);
static_assert(program<twice_toffoli>.rotations.size() == 3);
constexpr auto roots = circuit<1>(encode<rx>, apply<t>, apply<t>, rotate<rx>, apply<sdg>, apply<t>, measure<y>);
static_assert(program<roots>.rotations.size() == 3);

template <const auto& Circuit>
void check_constant(const char* name) {
    CAPTURE(name);
    check_same_program(program<Circuit>, lower(runtime_circuit(Circuit)));
}
}  // namespace

TEST_CASE("program: what the compiler finds is what is found at run time") {
    check_constant<reference::ry_ring<5, 3>>("ry_ring<5, 3>");
    check_constant<reference::all_gates>("all_gates");
    check_constant<reference::every_gate>("every_gate");
    check_constant<reference::matrices_on_two_wires>("matrices_on_two_wires");
    check_constant<reference::scaled_angles>("scaled_angles");
    check_constant<reference::opposite_angles>("opposite_angles");
    check_constant<reference::signed_strings>("signed_strings");
    check_constant<reference::some_probabilities>("some_probabilities");
    check_constant<reference::unseen_weights>("unseen_weights");
    check_constant<reference::amplitudes_in>("amplitudes_in");
    check_constant<reference::no_gates>("no_gates");
    check_constant<twice_toffoli>("twice_toffoli");
    check_constant<roots>("roots");
}

namespace {
// ---- merging ----
// Data and the first layer's weights are one rotation per wire; a ring of CNOTs is none.
static_assert(program<reference::ry_ring<4, 1>>.rotations.size() == 4);
static_assert(program<reference::ry_ring<4, 1>>.sources.size() == 8);
static_assert(program<reference::ry_ring<4, 3>>.rotations.size() == 12);
static_assert(program<reference::ry_ring<4, 2>>.rotations[2].at(2) == y);
static_assert(!program<reference::ry_ring<4, 2>>.uniform[3] && program<reference::ry_ring<4, 2>>.uniform[4]);
static_assert(program<reference::merged_reuploading>.rotations.size() == 9);
static_assert(program<reference::clifford_only>.rotations.empty());
static_assert(program<reference::quarter_turns>.max_width == reference::quarter_turns.width);
static_assert(program<reference::amplitudes_in>.amplitude_input && !program<reference::no_gates>.amplitude_input);
// Wire 1 of two is not measured.
constexpr auto one_measured = circuit<2>(encode<ry>, rotate<ry>, measure<z, 0>);
static_assert(program<one_measured>.rotations.size() == 1 && program<one_measured>.sources.size() == 2);

using gates = std::vector<gate>;
gate on(operation kind, std::uint16_t wire, const angle& by = {}) { return {kind, {wire}, {by}, 0}; }
gate on(operation kind, std::uint16_t a, std::uint16_t b, const angle& by) { return {kind, {a, b}, {by}, 0}; }
gate pair(operation kind, std::uint16_t a, std::uint16_t b) { return {kind, {a, b}, {}, 0}; }
gate triple(operation kind) { return {kind, {0, 1, 2}, {}, 0}; }

runtime_circuit circuit_of(std::size_t width, const gates& list) {
    runtime_circuit circuit(width);
    circuit.inputs = circuit.parameters = 4;
    circuit.gates = list;
    return circuit;
}
/// Rotations about anything, whatever is measured.
runtime_pauli_program all_of(std::size_t width, const gates& list) {
    return lower(measured_everywhere(circuit_of(width, list)));
}
std::size_t rotations(std::size_t width, const gates& list) { return all_of(width, list).rotations.size(); }
/// Rotations from |0..0> that <Z> of all wires needs.
runtime_pauli_program from_zero(std::size_t width, const gates& list) {
    runtime_circuit circuit = circuit_of(width, list);
    circuit.measure_all_z();
    return lower(circuit);
}
/// Neither a rotation nor a trace in what is measured.
bool does_nothing(std::size_t width, const gates& list) {
    const auto program = all_of(width, list);
    return program.rotations.empty() && program.strings == measured_everywhere(runtime_circuit(width)).strings;
}
}  // namespace

TEST_CASE("lower: rotations about one string are one where nothing between anticommutes") {
    CHECK(rotations(1, {on(rx, 0, weight(0)), on(rx, 0, weight(1)), on(rx, 0, input(0))}) == 1);
    CHECK(rotations(1, {on(rx, 0, weight(0)), on(rz, 0, weight(1)), on(rx, 0, weight(2))}) == 3);
    CHECK(rotations(2, {on(rx, 0, weight(0)), on(rz, 1, weight(1)), on(rx, 0, weight(2))}) == 2);
    CHECK(rotations(2, {on(rxx, 0, 1, weight(0)), on(rzz, 0, 1, weight(1)), on(rxx, 1, 0, weight(2))}) == 2);
    CHECK(rotations(2, {on(rz, 0, weight(0)), on(cp, 0, 1, weight(1)), on(rz, 0, weight(2))}) == 3);
    // Through Clifford gates: RZ on the control commutes with CNOT, on the target it becomes ZZ.
    CHECK(rotations(2, {on(rz, 0, weight(0)), pair(cnot, 0, 1), on(rz, 0, weight(1))}) == 1);
    CHECK(rotations(2, {on(rz, 1, weight(0)), pair(cnot, 0, 1), on(rz, 1, weight(1))}) == 2);
    CHECK(rotations(2, {on(rzz, 0, 1, weight(0)), pair(cnot, 0, 1), on(rz, 1, weight(1))}) == 1);
    CHECK(rotations(1, {on(rx, 0, weight(0)), on(h, 0), on(rz, 0, weight(1))}) == 1);
    const auto turned = all_of(1, {on(rx, 0, weight(0)), on(z, 0), on(rx, 0, weight(1))});
    REQUIRE(turned.sources.size() == 2);
    CHECK(turned.sources[0].value == weight(0));
    CHECK(turned.sources[1].value == -weight(1));  // Z X Z = -X
}

TEST_CASE("lower: a gate and its inverse leave nothing") {
    for (const angle& by : {weight(1), angle(input(2)), 2 * weight(0) + 0.3, input(0) * input(1), angle(0.7)}) {
        for (const operation kind : {rx, ry, rz, p}) CHECK(does_nothing(1, {on(kind, 0, by), on(kind, 0, -by)}));
        for (const operation kind : {rxx, ryy, rzz, crx, cry, crz, cp, rbs})
            CHECK(does_nothing(2, {on(kind, 0, 1, by), on(kind, 0, 1, -by)}));
    }
    for (const operation kind : {x, y, z, h}) CHECK(does_nothing(1, {on(kind, 0), on(kind, 0)}));
    for (const operation kind : {cnot, cy, cz, swap, ch}) CHECK(does_nothing(2, {pair(kind, 1, 0), pair(kind, 1, 0)}));
    CHECK(does_nothing(1, {on(s, 0), on(sdg, 0)}));
    CHECK(does_nothing(1, {on(tdg, 0), on(t, 0)}));
    CHECK(does_nothing(1, {on(sx, 0), on(sxdg, 0)}));
    CHECK_FALSE(does_nothing(1, {on(s, 0), on(s, 0)}));
    CHECK_FALSE(does_nothing(2, {pair(cnot, 0, 1), pair(cnot, 1, 0)}));
}

TEST_CASE("lower: constant quarter turns are Clifford, other constants are rotations") {
    for (const operation kind : {rx, ry, rz, p}) {
        for (int quarters = -9; quarters <= 9; ++quarters) CHECK(rotations(1, {on(kind, 0, quarters * pi / 2)}) == 0);
        for (const double other : {pi / 4, 0.1, pi / 2 + 1e-6, -pi / 2 - 1e-9, 1e9})
            CHECK(rotations(1, {on(kind, 0, other)}) == 1);
    }
    CHECK(does_nothing(1, {on(rx, 0, pi / 2), on(sxdg, 0)}));
    CHECK(does_nothing(1, {on(rz, 0, -pi / 2), on(s, 0)}));
    CHECK(does_nothing(1, {on(ry, 0, pi), on(y, 0)}));
}

TEST_CASE("lower: a gate becomes as many rotations as it needs, and never more than it says") {
    CHECK(rotations(1, {on(t, 0)}) == 1);
    CHECK(rotations(1, {on(t, 0), on(t, 0), on(tdg, 0)}) == 1);
    CHECK(rotations(3, {triple(ccx)}) == 7);
    CHECK(rotations(3, {triple(cswap)}) == 7);
    for (std::size_t k = 0; k < operation_count; ++k) {
        const auto kind = static_cast<operation>(k);
        CAPTURE(name_of(kind));
        runtime_circuit circuit(3);
        circuit.parameters = 3;
        circuit.gates = {gate{kind, {2, 0, 1}, {weight(0), weight(1), weight(2)}, 0}};
        if (is_user_matrix(kind))
            circuit.matrices = {
                reference::circuit_drawer(5, reference::gate_choice::any).unitary(wires_of(kind), false)};
        CHECK(lower(measured_everywhere(circuit)).rotations.size() == most_rotations_of(kind));
        CHECK(distance_from_unitary(circuit) < 1e-13);
    }
}

TEST_CASE("lower: what becomes possible by merging and cancelling is done too") {
    CHECK(does_nothing(1, {on(t, 0), on(t, 0), on(sdg, 0)}));
    CHECK(does_nothing(1, {on(h, 0), on(t, 0), on(t, 0), on(sdg, 0), on(h, 0)}));
    CHECK(does_nothing(3, {triple(ccx), triple(ccx)}));
    CHECK(does_nothing(3, {triple(cswap), triple(cswap)}));
    CHECK(does_nothing(2, {pair(ch, 0, 1), on(rz, 0, weight(0)), pair(ch, 0, 1), on(rz, 0, -weight(0))}));
    // The pair around a pair that cancels is one rotation, or none.
    const auto around = [](const angle& one, const angle& other) {
        return gates{on(rx, 0, one), on(rz, 0, weight(0)), on(rz, 0, -weight(0)), on(rx, 0, other)};
    };
    CHECK(rotations(1, around(weight(1), weight(2))) == 1);
    CHECK(does_nothing(1, around(input(0), -angle(input(0)))));
    CHECK(does_nothing(1, around(pi / 4, 7 * pi / 4)));  // RX(2 pi) = -1, a phase
    CHECK_FALSE(does_nothing(1, around(pi / 4, 3 * pi / 4)));
    // S from two Ts turns the X between into Y, which is one rotation with the Y behind.
    const gates turned{on(t, 0), on(t, 0), on(rx, 0, weight(0)), on(sdg, 0), on(ry, 0, 0.5 * weight(1))};
    const auto merged = all_of(1, turned);
    REQUIRE(merged.rotations.size() == 1);
    CHECK(merged.sources.size() == 2);
    CHECK(distance_from_unitary(circuit_of(1, turned)) < 1e-14);
    // Nested pairs need a pass each.
    gates nested;
    for (std::uint32_t k = 0; k < 6; ++k) nested.push_back(on(k % 2 == 0 ? rx : rz, 0, weight(k % 4)));
    for (std::uint32_t k = 6; k-- > 0;) nested.push_back(on(k % 2 == 0 ? rx : rz, 0, -weight(k % 4)));
    CHECK(does_nothing(1, nested));
}

TEST_CASE("lower: rotations that no output depends on are dropped") {
    runtime_circuit circuit = circuit_of(3, {on(ry, 0, weight(0)), on(ry, 1, weight(1)), pair(cnot, 0, 1),
                                             on(ry, 2, weight(2)), on(rz, 0, weight(3)), on(rz, 1, input(0))});
    string z0;
    z0.set(0, z);
    circuit.strings = {z0};
    auto program = lower(circuit);  // <Z_0> sees the first rotation only: the last ones commute with it
    REQUIRE(program.rotations.size() == 1);
    CHECK(program.sources[0].value == weight(0));
    circuit.strings[0].set(0, x);
    program = lower(circuit);  // X_0 was X_0 X_1 before the CNOT: RY_0, RY_1 and, last, RZ_0
    REQUIRE(program.rotations.size() == 3);
    CHECK(program.sources[2].value == weight(3));
    circuit.strings[0].set(0, id);
    CHECK(lower(circuit).rotations.empty());
}

TEST_CASE("lower: phases of all zeros are dropped, those of a given state are not") {
    const gates phases{on(rz, 0, weight(0)), on(rzz, 0, 1, input(0)), on(cp, 1, 0, weight(1)), on(t, 1),
                       on(crz, 0, 1, weight(2))};
    gates turned = phases;
    turned.push_back(on(ry, 0, weight(3)));
    turned.push_back(on(ry, 1, input(1)));
    CHECK(from_zero(2, turned).rotations.size() == 2);
    CHECK(rotations(2, turned) == 3 + 2);
    // After the rotations they matter to X, but not to Z.
    gates behind{on(ry, 0, weight(3)), on(ry, 1, input(1))};
    behind.insert(behind.end(), phases.begin(), phases.end());
    CHECK(from_zero(2, behind).rotations.size() == 2);
    CHECK(rotations(2, behind) == 2 + 3);
    // Z on wire 1 commutes with what is on wire 0: it is still a phase of |0>.
    CHECK(from_zero(2, {on(ry, 0, weight(0)), on(rz, 1, weight(1)), on(ry, 1, weight(2))}).rotations.size() == 2);
}

TEST_CASE("lower: sources of a rotation that read the same are added, those that cancel are left out") {
    const auto program = all_of(
        1, {on(rx, 0, 2 * weight(1) + 0.25), on(rx, 0, input(0)), on(rx, 0, weight(1)), on(rx, 0, input(0) * input(1)),
            on(rx, 0, 0.5), on(rx, 0, -1.5 * input(0)), on(rx, 0, weight(2)), on(rx, 0, -weight(2))});
    REQUIRE(program.rotations.size() == 1);
    REQUIRE(program.sources.size() == 4);
    CHECK(program.sources[0].value == 3 * weight(1));
    CHECK(program.sources[1].value == -0.5 * input(0));
    CHECK(program.sources[2].value == input(0) * input(1));
    CHECK(program.sources[3].value == angle(0.75));
    CHECK_FALSE(program.uniform[0]);
    const auto uniform = all_of(1, {on(rx, 0, weight(0) + 0.25), on(rx, 0, input(0)), on(rx, 0, -angle(input(0)))});
    REQUIRE(uniform.rotations.size() == 1);
    CHECK(uniform.uniform[0]);  // its data cancelled
    CHECK(uniform.sources.size() == 2);
}

TEST_CASE("lower: a long circuit of many wires, beyond what is searched for dead rotations") {
    // 64 wires and 80 rotations: more than 4096 pairs. All of them stay, and merging still works.
    gates list;
    for (std::uint16_t wire = 0; wire < 64; ++wire) list.push_back(on(ry, wire, weight(0)));
    for (std::uint16_t wire = 0; wire < 16; ++wire) list.push_back(on(rz, wire, weight(1)));
    for (std::uint16_t wire = 0; wire < 16; ++wire) list.push_back(on(rz, wire, weight(2)));
    const auto program = from_zero(64, list);
    CHECK(program.rotations.size() == 80);
    CHECK(program.sources.size() == 64 + 32);
    check_form(program);
}
