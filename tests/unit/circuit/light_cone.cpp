// SPDX-License-Identifier: Apache-2.0
// Which rotations an output depends on, against what it depends on in the dense oracle.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <initializer_list>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/light_cone.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <reference/angle_circuits.hpp>
#include <reference/dense_program.hpp>
#include <reference/gate_circuits.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
constexpr auto bricks = circuit<12>(rotate<ry>, repeat<2>(entangle<cz>(brick), rotate<ry>), measure<z>);

/// A circuit whose cones are counted by hand: RY on all, CZ chain, RX on all, <Z_i>.
constexpr auto by_hand = circuit<4>(rotate<ry>, entangle<cz>(chain), rotate<rx>, measure<z>, measure<x, 1>);
// <Z_0> sees RX_0 (rotation 4, about X_0 Z_1), and so RY_0 and RY_1; <X_1> commutes with RX_1 and is Z_0 X_1 Z_2
// before.
constexpr bool has(const auto& cone, std::initializer_list<std::size_t> rotations) {
    bool all = true;
    for (const std::size_t i : rotations) all = all && cone.contains(i);
    return all && cone.count() == rotations.size();
}
constexpr auto cone_by_hand(std::size_t string) {
    return light_cone(program<by_hand>, program<by_hand>.strings[string]);
}
static_assert(program<by_hand>.rotations.size() == 8);
static_assert(has(cone_by_hand(0), {0, 1, 4}));
static_assert(has(cone_by_hand(1), {0, 1, 2, 5}));
static_assert(has(cone_by_hand(3), {2, 3, 7}));
static_assert(has(cone_by_hand(4), {0, 1, 2}));
// The identity depends on nothing.
static_assert(light_cone(program<by_hand>, pauli_string<4>{}).empty());
// A ring of CNOTs: <Z_0> is the product of all the other cosines.
static_assert(has(light_cone(program<reference::ry_ring<5, 1>>, program<reference::ry_ring<5, 1>>.strings[0]),
                  {1, 2, 3, 4}));
static_assert(has(light_cone(program<reference::ry_ring<5, 1>>, program<reference::ry_ring<5, 1>>.strings[2]),
                  {0, 1, 2}));

// Wires 0 and 1, and 2 and 3, are entangled with each other alone, and wire 4 with nothing.
static_assert(light_cones<reference::separate_registers>.cones.size() > 1);
static_assert(light_cones<reference::no_gates>.cones.size() == 1 && light_cones<reference::no_gates>.cones[0].empty());

/// Every group's cone is the union of those of its strings, so that it holds each of them.
template <const auto& Circuit>
constexpr bool groups_are_unions() {
    constexpr const auto& table = light_cones<Circuit>;
    std::array<bit_set<program<Circuit>.rotations.size()>, Circuit.strings.size()> sums{};
    for (std::size_t k = 0; k < Circuit.strings.size(); ++k) {
        const std::size_t group = table.cone_of[k];
        if (group >= table.cones.size()) return false;
        sums[group] = sums[group] | light_cone(program<Circuit>, program<Circuit>.strings[k]);
    }
    for (std::size_t group = 0; group < table.cones.size(); ++group)
        if (!(table.cones[group] == sums[group])) return false;
    return true;
}
static_assert(groups_are_unions<by_hand>() && groups_are_unions<bricks>());
static_assert(groups_are_unions<reference::separate_registers>() && groups_are_unions<reference::dead_wires>());
static_assert(groups_are_unions<reference::ry_ring<5, 3>>() && groups_are_unions<reference::signed_strings>());
// Cones that lie in one another are one group.
static_assert(light_cones<reference::rx_chain<4, 1>>.cones.size() == 1);
static_assert(light_cones<reference::ry_ring<5, 3>>.cones.size() < 5 && light_cones<by_hand>.cones.size() < 5);
}  // namespace

TEST_CASE("light_cone: bricks on 12 wires, exactly the rotations whose angle changes the output") {
    const auto& p = program<bricks>;
    REQUIRE(p.rotations.size() == 36);
    const reference::dense_circuit dense = reference::dense(bricks);
    const reference::numbers with(bricks, 5);
    const auto end = reference::run_with_derivatives(dense, with.inputs.data(), with.weights.data());
    std::size_t smallest = p.rotations.size();
    std::size_t largest = 0;
    for (std::size_t k = 0; k < p.strings.size(); ++k) {
        CAPTURE(k);
        const auto cone = light_cone(p, p.strings[k]);
        const reference::state bra = reference::apply_string(dense.strings[k], end.psi);
        smallest = std::min(smallest, cone.count());
        largest = std::max(largest, cone.count());
        for (const rotation_source& source : p.sources) {  // each rotation has one weight
            CAPTURE(source.rotation);
            const double slope = 2 * reference::inner(bra, end.by_weight[source.value.index]).real();
            CHECK(cone.contains(source.rotation) == (std::abs(slope) > 1e-9));
        }
    }
    CHECK(smallest >= 3);
    CHECK(largest < 30);  // so that the test is about cones
}

TEST_CASE("light_cone: whatever is outside a cone changes nothing, in any circuit") {
    std::size_t outside = 0;
    std::size_t inside = 0;
    auto check = [&]<const auto & Circuit>(const char* name) {
        CAPTURE(name);
        const auto& p = program<Circuit>;
        const reference::numbers with(Circuit, 3);
        auto angles = reference::angles_of(p, with);
        const reference::state start = reference::initial_state(reference::dense(Circuit), with.inputs.data());
        const reference::state before = reference::apply_rotations(p, angles, start);
        for (std::size_t i = 0; i < angles.size(); ++i) {
            CAPTURE(i);
            angles[i] += 1.1;
            const reference::state after = reference::apply_rotations(p, angles, start);
            angles[i] -= 1.1;
            for (std::size_t k = 0; k < p.strings.size(); ++k) {
                CAPTURE(k);
                const double change = std::abs(reference::expectation(p.strings[k], p.width, after) -
                                               reference::expectation(p.strings[k], p.width, before));
                if (light_cone(p, p.strings[k]).contains(i)) {
                    inside += change > 1e-9 ? 1 : 0;
                } else {
                    ++outside;
                    CHECK(change < 1e-13);
                }
            }
        }
    };
    reference::for_each_basic_circuit(check);
    reference::for_each_readout_circuit(check);
    reference::for_each_angle_circuit(check);
    check.template operator()<reference::separate_registers>("separate_registers");
    check.template operator()<reference::dead_wires>("dead_wires");
    check.template operator()<reference::unseen_weights>("unseen_weights");
    check.template operator()<reference::every_gate>("every_gate");
    check.template operator()<reference::seven_wires>("seven_wires");
    check.template operator()<reference::amplitudes_in>("amplitudes_in");
    CHECK(outside > 300);
    CHECK(inside > 300);
}
