// SPDX-License-Identifier: Apache-2.0
// The schedule pass: the same unitary in no more layers, over random circuits and every pair of gates.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/scheduled.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/random_circuit.hpp>
#include <reference/random_numbers.hpp>

using namespace qvit;

namespace {
/// Layers when every gate starts as soon as its wires are free, in the order given.
std::size_t depth_of(const runtime_circuit& circuit) {
    std::vector<std::size_t> busy(circuit.width);
    for (const gate& g : circuit.gates) {
        std::size_t start = 0;
        for (std::size_t k = 0; k < wires_of(g.kind); ++k) start = std::max(start, busy[g.wires[k]]);
        for (std::size_t k = 0; k < wires_of(g.kind); ++k) busy[g.wires[k]] = start + 1;
    }
    return busy.empty() ? 0 : *std::max_element(busy.begin(), busy.end());
}
double difference(const runtime_circuit& a, const runtime_circuit& b) {
    const auto x = reference::random_numbers(a.inputs, 1);
    const auto w = reference::random_numbers(a.parameters, 2);
    const auto one = reference::unitary_of(reference::dense(a), x.data(), w.data());
    const auto other = reference::unitary_of(reference::dense(b), x.data(), w.data());
    double largest = 0;
    for (std::size_t i = 0; i < one.entries.size(); ++i)
        largest = std::fmax(largest, std::abs(one.entries[i] - other.entries[i]));
    return largest;
}

// All pairs of 4 wires: 6 commuting gates in 3 layers, which the order written does not give.
constexpr auto all_pairs = circuit<4>(entangle<cz>(all_to_all), measure<z>);
static_assert(all_pairs.depth() > 3 && scheduled<all_pairs>().depth() == 3);
// A star of CNOTs from one control cannot be shortened, and CNOTs onto one target neither.
constexpr auto from_one = circuit<4>(apply<cnot, 0, 1>, apply<cnot, 0, 2>, apply<cnot, 0, 3>, measure<z>);
static_assert(scheduled<from_one>().gates == from_one.gates);
// RZ on a control slips in front of the CNOT, RX on the target too; RZ on the target does not.
constexpr auto slips = circuit<2>(apply<cnot, 0, 1>, apply<rz, 0>(0.5), apply<cnot, 0, 1>, apply<rx, 1>(input(0)),
                                  apply<rz, 1>(weight(0)), measure<z>);
static_assert(slips.depth() == 5 && scheduled<slips>().depth() == 4);
constexpr auto chain_of_cz = circuit<5>(entangle<cz>(chain), measure<z>);
static_assert(chain_of_cz.depth() == 4 && scheduled<chain_of_cz>().depth() == 2);
constexpr auto kept =
    circuit<2>(encode_amplitudes, apply<rz, 1>(weight(5)), apply<h, 0>, measure<x>, measure_probabilities<1>);
constexpr auto kept_scheduled = scheduled<kept>();
static_assert(kept_scheduled.amplitude_input && kept_scheduled.parameters == 6 &&
              kept_scheduled.strings == kept.strings && kept_scheduled.probabilities == kept.probabilities &&
              kept_scheduled.gates == kept.gates);
constexpr auto deep = circuit<8>(encode<ry>, repeat<15>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
static_assert(scheduled<deep>().depth() <= deep.depth());
}  // namespace

TEST_CASE("scheduled: random circuits keep their unitary and get no deeper, and a second pass makes none deeper") {
    std::size_t shallower = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        INFO("seed " << seed);
        const runtime_circuit circuit = reference::random_circuit(seed, {.most_gates = 40});
        const runtime_circuit once = scheduled(circuit);
        CHECK(difference(circuit, once) < 1e-12);
        CHECK(once.gates.size() == circuit.gates.size());
        CHECK(std::is_permutation(once.gates.begin(), once.gates.end(), circuit.gates.begin()));
        CHECK(depth_of(once) <= depth_of(circuit));
        CHECK(depth_of(scheduled(once)) <= depth_of(once));
        shallower += depth_of(once) < depth_of(circuit) ? 1 : 0;
    }
    CHECK(shallower > 50);
}

TEST_CASE("scheduled: two gates of any kinds change places only where they commute") {
    // A gate that the second may pass stands first; a third wire keeps the first busy, so that passing pays.
    std::size_t passed = 0;
    for (std::size_t first = 0; first < operation_count; ++first)
        for (std::size_t second = 0; second < operation_count; ++second) {
            const gate kinds[] = {{static_cast<operation>(first), {0, 1, 2}, {0.3, 0.7, 1.1}, 0},
                                  {static_cast<operation>(second), {1, 2, 0}, {0.4, 0.9, 1.3}, 0}};
            if (is_user_matrix(kinds[0].kind) || is_user_matrix(kinds[1].kind)) continue;
            runtime_circuit circuit(4);
            circuit.gates = {{h, {0}, {}, 0}, {cnot, {0, 3}, {}, 0}, {h, {0}, {}, 0}, kinds[0], kinds[1]};
            const runtime_circuit after = scheduled(circuit);
            INFO(std::string(name_of(kinds[0].kind)) << " " << name_of(kinds[1].kind));
            CHECK(difference(circuit, after) < 1e-12);
            passed += after.gates == circuit.gates ? 0 : 1;
        }
    CHECK(passed > 100);
}

TEST_CASE("scheduled: the table and the circuit read at run time agree") {
    constexpr auto table = scheduled<deep>();
    CHECK(std::equal(table.gates.begin(), table.gates.end(), scheduled(runtime_circuit(deep)).gates.begin()));
    const auto at_run_time = scheduled(runtime_circuit(all_pairs));
    constexpr auto pairs_table = scheduled<all_pairs>();
    CHECK(std::equal(pairs_table.gates.begin(), pairs_table.gates.end(), at_run_time.gates.begin()));
}
