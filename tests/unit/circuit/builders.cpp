// SPDX-License-Identifier: Apache-2.0
// Circuits as values: gate tables, facts, merged rotations. Everything here is known to the compiler.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <vector>

#include <qvit/circuit/merged.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
constexpr gate with_weight(operation kind, std::uint16_t wire, std::uint16_t weight) {
    return {kind, {wire, 0}, {angle_source::weight, weight}};
}
constexpr gate with_data(operation kind, std::uint16_t wire, std::uint16_t input) {
    return {kind, {wire, 0}, {angle_source::data, input}};
}
constexpr gate fixed(operation kind, std::uint16_t first, std::uint16_t second = 0) {
    return {kind, {first, second}, {}};
}

template <std::size_t N, class Table>
constexpr bool has_gates(const Table& table, const gate (&expected)[N]) {
    return Table::gate_count == N && std::equal(table.gates.begin(), table.gates.end(), expected);
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
static_assert(listed.observables == std::array<observable, 3>{observable{y, 4}, observable{x, 0}, observable{x, 2}});

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
static_assert(ring_topology::edges<1>().empty() && chain_topology::edges<1>().empty());

/// A topology of a user's own: every wire with the one half the register away.
struct across {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width / 2> result{};
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = {static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(i + Width / 2)};
        return result;
    }
};
static_assert(topology<across> && entangle_part<cz, across>::last_wire<6> == 5);
static_assert(has_gates(circuit<4>(entangle<cz>(across{}), measure<z>), {fixed(cz, 0, 2), fixed(cz, 1, 3)}));

// ---- facts ----
constexpr const auto& projection = reference::ry_ring<4, 2>;
static_assert(projection.width == 4 && projection.inputs == 4 && projection.parameters == 8 && projection.outputs == 4);
static_assert(projection.gate_count == 4 + 2 * 8 && projection.count(ry) == 12 && projection.count(cnot) == 8);
static_assert(projection.is_real());
static_assert(!reference::rx_chain<3, 1>.is_real());
static_assert(reference::real_flips.is_real() && !reference::all_gates.is_real());
static_assert(circuit<1>(apply<x>, apply<z>, apply<h>, measure<z>).is_real() &&
              !circuit<1>(apply<y>, measure<z>).is_real());
static_assert(!circuit<1>(rotate<rz>, measure<z>).is_real());
static_assert(listed.inputs == 4 && listed.parameters == 3 && listed.outputs == 3);  // x_3 is the last input read
static_assert(reference::no_inputs.inputs == 0 && reference::no_weights.parameters == 0);
static_assert(reference::unread_input.inputs == 2);
// Depth: a ring is as deep as it is long; gates on other wires run beside each other.
static_assert(reference::ry_ring<4, 1>.depth() == 2 + 4 && reference::ry_ring<4, 2>.depth() == 11);
static_assert(circuit<3>(apply<h>, measure<z>).depth() == 1 && circuit<3>(measure<z>).depth() == 0);
static_assert(circuit<4>(apply<cnot, 0, 1>, apply<cnot, 2, 3>, apply<h, 0>, measure<z>).depth() == 2);
// repeat numbers weights anew and inputs not.
static_assert(reference::reuploading.parameters == 6 && reference::reuploading.inputs == 3);
static_assert(circuit<2>(repeat<3>(repeat<2>(rotate<ry, 0>), apply<h, 1>), measure<z>).parameters == 6);
static_assert(circuit<2>(repeat<0>(rotate<ry>), measure<z>).gate_count == 0);

// ---- merged rotations ----
template <const auto& Circuit>
constexpr auto merged_gates = merge_rotations(Circuit);

constexpr bool rotates(const merged_gate& g, operation kind, std::size_t wire, std::size_t slot) {
    return g.kind == kind && g.wires[0] == wire && g.slot == slot;
}
constexpr auto same_axis = circuit<2>(encode<ry, 0>, rotate<ry>, encode<ry, 0, 1>, measure<z>);
static_assert(merged_gates<same_axis>.gate_count == 2 && merged_gates<same_axis>.slot_count == 2);
static_assert(merged_gates<same_axis>.source_count == 5);  // x0 + theta0 + x0 on wire 0, theta1 + x1 on wire 1
static_assert(rotates(merged_gates<same_axis>.gates[0], ry, 0, 0) &&
              rotates(merged_gates<same_axis>.gates[1], ry, 1, 1));
static_assert(!merged_gates<same_axis>.uniform[0] && !merged_gates<same_axis>.uniform[1]);

// What must not merge: another axis, the same axis behind another gate of the wire, on either side of a CNOT.
constexpr auto other_axis = circuit<1>(rotate<ry>, rotate<rz>, rotate<ry>, measure<z>);
static_assert(merged_gates<other_axis>.gate_count == 3 && merged_gates<other_axis>.slot_count == 3);
constexpr auto fixed_between = circuit<1>(rotate<ry>, apply<h>, rotate<ry>, apply<z>, rotate<ry>, measure<z>);
static_assert(merged_gates<fixed_between>.slot_count == 3 && merged_gates<fixed_between>.gate_count == 5);
constexpr auto entangled_between = circuit<3>(rotate<rz>, apply<cnot, 0, 1>, rotate<rz>, measure<z>);
static_assert(merged_gates<entangled_between>.slot_count == 5);  // only wire 2 has both in one
constexpr auto cz_between = circuit<2>(rotate<ry>, apply<cz, 1, 0>, rotate<ry>, measure<z>);
static_assert(merged_gates<cz_between>.slot_count == 4);
// Gates of other wires in between do not matter.
constexpr auto others_between = circuit<3>(rotate<rx, 0>, apply<h, 1>, apply<cnot, 1, 2>, encode<rx, 0>, measure<z>);
static_assert(merged_gates<others_between>.slot_count == 1 && !merged_gates<others_between>.uniform[0]);
// A slot is uniform where no input takes part.
constexpr auto weights_only = circuit<2>(encode<ry, 0>, rotate<ry>, rotate<ry>, measure<z>);
static_assert(!merged_gates<weights_only>.uniform[0] && merged_gates<weights_only>.uniform[1]);

// The first layer's angles add to the data (FACTS.md): one rotation per wire is left.
static_assert(merged_gates<reference::ry_ring<8, 1>>.slot_count == 8);
static_assert(merged_gates<reference::ry_ring<8, 3>>.slot_count == 24);
static_assert(merged_gates<reference::ry_ring<1, 3>>.slot_count == 1);
}  // namespace

TEST_CASE("merge_rotations: every angle ends up in exactly one slot, sorted, and none is lost") {
    auto check = [](const auto& table) {
        const auto merged = merge_rotations(table);
        std::vector<angle> expected;
        for (const gate& g : table.gates)
            if (is_rotation(g.kind)) expected.push_back(g.parameter);
        REQUIRE(merged.source_count == expected.size());
        for (std::size_t i = 1; i < merged.source_count; ++i)
            CHECK(merged.sources[i - 1].slot <= merged.sources[i].slot);
        for (const angle& parameter : expected) {
            auto uses = [&](const auto& list, auto&& of) {
                return std::count_if(list.begin(), list.end(),
                                     [&](const auto& entry) { return of(entry) == parameter; });
            };
            const std::vector found(merged.sources.begin(),
                                    merged.sources.begin() + static_cast<std::ptrdiff_t>(merged.source_count));
            CHECK(uses(found, [](const auto& entry) { return entry.source; }) == uses(expected, std::identity{}));
        }
        std::size_t slots_in_gates = 0;
        for (std::size_t i = 0; i < merged.gate_count; ++i)
            if (is_rotation(merged.gates[i].kind)) CHECK(merged.gates[i].slot == slots_in_gates++);
        CHECK(slots_in_gates == merged.slot_count);
    };
    check(reference::ry_ring<4, 3>);
    check(reference::all_gates);
    check(reference::reuploading);
    check(reference::merged_reuploading);
    check(reference::phases_first);
    check(reference::no_angles);
}

TEST_CASE("circuits are values: built twice they are equal") {
    const auto again = circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
    CHECK(again.gates == projection.gates);
    CHECK(again.observables == projection.observables);
}
