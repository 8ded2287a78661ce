// SPDX-License-Identifier: Apache-2.0
// Which engine a circuit gets, what each would cost, and what explain() says of it.
#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/engine.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/explain.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
using reference::ry_ring;

template <const auto& Circuit>
constexpr std::size_t closed_cost = engine_cost<Circuit, engine::closed_form>();
template <const auto& Circuit>
constexpr std::size_t cone_cost = engine_cost<Circuit, engine::light_cone>();
template <const auto& Circuit>
constexpr std::size_t lane_cost = engine_cost<Circuit, engine::lane_statevector>();
template <const auto& Circuit>
constexpr std::size_t wide_cost = engine_cost<Circuit, engine::wide_statevector>();

/// A cheap output on a wire of its own beside two entangled ones, all deep.
constexpr auto two_registers =
    circuit<8>(encode<ry>,
               repeat<3>(rotate<rx>, entangle<cnot>(edges<edge{0, 1}, edge{1, 2}, edge{2, 3}, edge{3, 0}>), rotate<ry>,
                         entangle<cnot>(edges<edge{4, 5}, edge{5, 6}, edge{6, 7}, edge{7, 4}>)),
               measure<z>);

// ---- the choice ----
static_assert(best_engine<ry_ring<4, 1>>() == engine::closed_form);
static_assert(best_engine<ry_ring<64, 1>>() == engine::closed_form);
static_assert(best_engine<reference::rx_chain<4, 1>>() == engine::closed_form);
static_assert(best_engine<reference::no_gates>() == engine::closed_form);
static_assert(best_engine<ry_ring<5, 3>>() == engine::lane_statevector);
static_assert(best_engine<ry_ring<8, 4>>() == engine::lane_statevector);
static_assert(best_engine<reference::amplitudes_in>() == engine::lane_statevector);
static_assert(best_engine<two_registers>() == engine::light_cone);
// No engine on lanes fits: one register at a time remains, and what is wider than that too fails at the door
// (compile_fail/wider_than_memory.cpp).
static_assert(best_engine<ry_ring<12, 3>>() == engine::wide_statevector);

// ---- what it rests on ----
static_assert(closed_cost<ry_ring<5, 3>> == infeasible_cost &&
              closed_cost<reference::amplitudes_in> == infeasible_cost);
static_assert(lane_cost<ry_ring<12, 3>> == infeasible_cost && cone_cost<ry_ring<12, 3>> == infeasible_cost);
// 12 + 36 rotations and 12 strings on 2^12 real amplitudes; RX makes them complex; CNOTs cost nothing.
static_assert(wide_cost<ry_ring<12, 3>> == (2 * (12 + 36) + 12) * 4096);
static_assert(wide_cost<reference::rx_chain<4, 1>> == (2 * 8 + 4) * 2 * 16);
constexpr auto widest = circuit<48>(encode<ry>, measure<z, 0>);
constexpr auto too_wide = circuit<49>(encode<ry>, measure<z, 0>);
static_assert(wide_cost<widest> == (std::size_t{2 * 48 + 1} << 48) && wide_cost<too_wide> == infeasible_cost);
static_assert(closed_cost<ry_ring<8, 1>> == closed_form<ry_ring<8, 1>>.multiply_adds());
static_assert(closed_cost<ry_ring<8, 1>> < lane_cost<ry_ring<8, 1>>);
static_assert(cone_cost<two_registers> < lane_cost<two_registers> / 4);
// Complex amplitudes cost more than real ones, more layers more than fewer, rotations by data more than uniform ones.
static_assert(lane_cost<reference::mixed<4>> > lane_cost<ry_ring<4, 2>>);
static_assert(lane_cost<ry_ring<5, 3>> > lane_cost<ry_ring<5, 2>> &&
              lane_cost<ry_ring<6, 2>> > lane_cost<ry_ring<5, 2>>);
template <bool Data>
constexpr auto last_layer = [] {
    if constexpr (Data)
        return circuit<4>(encode<ry>, entangle<cnot>(ring), encode<ry>, measure<z>);
    else
        return circuit<4>(encode<ry>, entangle<cnot>(ring), rotate<ry>, measure<z>);
}();
static_assert(lane_cost<last_layer<true>> == lane_cost<last_layer<false>> + 4 * 16);
// An output that is not diagonal is one more pass over the amplitudes.
constexpr auto with_x = circuit<4>(encode<ry>, entangle<cnot>(ring), rotate<ry>, measure<z>, measure<x, 0>);
static_assert(lane_cost<with_x> == lane_cost<last_layer<false>> + 2 * 16);

template <const auto& Circuit>
constexpr bool best_is_cheapest() {
    const std::size_t cost[] = {closed_cost<Circuit>, cone_cost<Circuit>, lane_cost<Circuit>};
    const std::size_t chosen = cost[static_cast<std::size_t>(best_engine<Circuit>())];
    if (best_engine<Circuit>() == engine::closed_form &&
        chosen <= 8 * (program<Circuit>.rotations.size() + Circuit.strings.size()))
        return true;  // taken at once
    return chosen <= cost[0] && chosen <= cost[1] && chosen <= cost[2];
}
static_assert(best_is_cheapest<ry_ring<4, 1>>() && best_is_cheapest<ry_ring<4, 2>>() &&
              best_is_cheapest<ry_ring<5, 3>>() && best_is_cheapest<ry_ring<8, 2>>());
static_assert(best_is_cheapest<reference::mixed<4>>() && best_is_cheapest<reference::all_gates>() &&
              best_is_cheapest<two_registers>() && best_is_cheapest<reference::seven_wires>() &&
              best_is_cheapest<reference::amplitudes_in>() && best_is_cheapest<reference::sixty_real_gates>());

static_assert(std::string_view(name_of(engine::closed_form)) == "closed form" &&
              std::string_view(name_of(engine::light_cone)) == "light cone" &&
              std::string_view(name_of(engine::lane_statevector)) == "lane statevector" &&
              std::string_view(name_of(engine::wide_statevector)) == "wide statevector");

// ---- explain ----
template <const auto& Circuit>
constexpr bool explains_the_choice() {
    constexpr auto why = explain<Circuit>();
    return why.chosen == best_engine<Circuit>() && why.closed_form_cost == closed_cost<Circuit> &&
           why.light_cone_cost == cone_cost<Circuit> && why.lane_statevector_cost == lane_cost<Circuit> &&
           why.wide_statevector_cost == wide_cost<Circuit> && why.rotations == program<Circuit>.rotations.size() &&
           why.outputs.size() == Circuit.outputs;
}
static_assert(explains_the_choice<ry_ring<4, 1>>() && explains_the_choice<ry_ring<5, 3>>() &&
              explains_the_choice<two_registers>() && explains_the_choice<reference::amplitudes_in>() &&
              explains_the_choice<reference::some_probabilities>() && explains_the_choice<reference::no_gates>());

constexpr auto two_layers = explain<ry_ring<4, 2>>();
static_assert(two_layers.real && two_layers.rotations == 8 && two_layers.token_rotations == 4);
constexpr auto one_layer = explain<ry_ring<4, 1>>();
static_assert(one_layer.outputs[0].strings == 1 && one_layer.outputs[0].terms == 1);
static_assert(one_layer.outputs[0].rotations == 3 && one_layer.outputs[0].bits == 3);  // all but wire 0
static_assert(one_layer.outputs[2].chosen == engine::closed_form && two_layers.outputs[0].chosen == two_layers.chosen);
static_assert(one_layer.outputs[1].rotations == 2 && one_layer.outputs[3].bits == 4);
static_assert(!explain<reference::mixed<4>>().real);
constexpr auto apart = explain<two_registers>();
static_assert(apart.outputs[0].bits == 4 && apart.outputs[7].bits <= 4);
// Sums count their strings; given amplitudes need all wires and have no closed form.
constexpr auto sums = explain<reference::parity_score>();
static_assert(sums.outputs.size() == 1 && sums.outputs[0].strings == 2 && sums.outputs[0].terms > 1);
constexpr auto given = explain<reference::amplitudes_in>();
static_assert(given.outputs[0].terms == no_terms && given.outputs[0].bits == 3 &&
              given.closed_form_cost == infeasible_cost);
constexpr auto one_turned = circuit<4>(encode_amplitudes, rotate<ry, 0>, measure<z>);
static_assert(explain<one_turned>().outputs[1].bits == 4 && explain<one_turned>().outputs[1].rotations == 0);
// The cone of a sum is that of its strings together.
constexpr auto two_wires_summed = circuit<3>(encode<ry>, measure_sum(pauli_on<z, 0>, pauli_on<z, 2>), measure<z, 1>);
constexpr auto summed = explain<two_wires_summed>();
static_assert(summed.outputs[0].rotations == 2 && summed.outputs[0].bits == 2 && summed.outputs[1].rotations == 1);
constexpr auto nine_wires_read = circuit<9>(encode<ry>, measure_probabilities<>);
static_assert(explain<nine_wires_read>().outputs[511].strings == 512 &&
              explain<nine_wires_read>().outputs[0].bits == 9);
constexpr auto probabilities = explain<reference::all_probabilities>();
static_assert(probabilities.outputs[5].strings == 8);
}  // namespace

TEST_CASE("explain: the text says what is chosen, what each engine costs and what each output takes") {
    const std::string text = one_layer.text();
    CAPTURE(text);
    CHECK(text.find("4 rotations, 4 of them by data; real amplitudes\n") == 0);
    CHECK(text.find("* closed form       " + std::to_string(closed_cost<ry_ring<4, 1>>) + " multiply-adds\n") !=
          std::string::npos);
    CHECK(text.find("  lane statevector  " + std::to_string(lane_cost<ry_ring<4, 1>>) + " multiply-adds\n") !=
          std::string::npos);
    CHECK(text.find("  output 0: closed form; 1 products, light cone of 3 rotations on 3 qubits\n") !=
          std::string::npos);
    CHECK(text.find("  output 3: closed form; 1 products, light cone of 4 rotations on 4 qubits\n") !=
          std::string::npos);
    CHECK(text.find("output 4") == std::string::npos);
}

TEST_CASE("explain: what is not feasible is said so") {
    const std::string text = given.text();
    CAPTURE(text);
    CHECK(text.find("complex amplitudes\n") != std::string::npos);
    CHECK(text.find("  closed form       not feasible\n") != std::string::npos);
    CHECK(text.find("* lane statevector  ") != std::string::npos);
    CHECK(text.find("output 0: lane statevector; no short closed form, light cone of ") != std::string::npos);
}

TEST_CASE("explain: a circuit that no engine on lanes runs") {
    const std::string text = explain<ry_ring<12, 3>>().text();
    CAPTURE(text);
    CHECK(text.find("  lane statevector  not feasible\n") != std::string::npos);
    CHECK(text.find("* wide statevector  " + std::to_string(wide_cost<ry_ring<12, 3>>) + " multiply-adds\n") !=
          std::string::npos);
    CHECK(text.find("output 0: wide statevector; no short closed form") != std::string::npos);
}

TEST_CASE("explain: exactly one engine is marked, whatever the circuit") {
    for (const std::string& text : {one_layer.text(), two_layers.text(), apart.text(), given.text(), sums.text()}) {
        CAPTURE(text);
        std::size_t marks = 0;
        for (const char c : text) marks += c == '*' ? 1 : 0;
        CHECK(marks == 1);
    }
}
