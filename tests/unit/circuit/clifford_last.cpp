// SPDX-License-Identifier: Apache-2.0
// Rotations pushed through Clifford gates: the same unitary, over random circuits and every pair of gates.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/clifford_last.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/scheduled.hpp>
#include <qvit/circuit/simplified.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/random_circuit.hpp>
#include <reference/random_numbers.hpp>

using namespace qvit;

namespace {
double difference(const runtime_circuit& a, const runtime_circuit& b) {
    const auto x = reference::random_numbers(a.inputs, 1);
    const auto w = reference::random_numbers(a.parameters, 2);
    const auto one = reference::unitary_of(reference::dense(a), x.data(), w.data());
    const auto other = reference::unitary_of(reference::dense(b), x.data(), w.data());
    double largest = 0;
    for (std::size_t i = 0; i < one.entries.size(); ++i) {
        const double error = std::abs(one.entries[i] - other.entries[i]);
        if (!(error <= largest)) largest = error;
    }
    return largest;
}
/// Pairs of a rotation somewhere behind a Clifford gate.
std::size_t disorder(const runtime_circuit& circuit) {
    std::size_t pairs = 0;
    std::size_t cliffords = 0;
    for (const gate& g : circuit.gates) {
        if (is_clifford(g.kind)) ++cliffords;
        if ((g.kind >= rx && g.kind <= rz) || (g.kind >= rxx && g.kind <= rzz)) pairs += cliffords;
    }
    return pairs;
}

template <const auto& Circuit, std::size_t N>
constexpr bool becomes(const gate (&expected)[N]) {
    constexpr auto pushed = clifford_last<Circuit>();
    return std::equal(pushed.gates.begin(), pushed.gates.end(), expected, expected + N);
}
constexpr gate on(operation kind, std::uint16_t a, std::uint16_t b = 0) { return {kind, {a, b}, {}, 0}; }
constexpr gate turn(operation kind, angle by, std::uint16_t a = 0, std::uint16_t b = 0) {
    return {kind, {a, b}, {by}, 0};
}
static_assert(is_clifford(h) && is_clifford(sxdg) && is_clifford(iswap) && is_clifford(cy) && !is_clifford(t) &&
              !is_clifford(ch) && !is_clifford(rx) && !is_clifford(ccx) && !is_clifford(unitary1));

constexpr auto behind_h = circuit<1>(apply<h>, apply<rx>(input(0)), apply<ry>(weight(0) + 0.5), measure<z>);
static_assert(becomes<behind_h>({turn(rz, input(0)), turn(ry, -(weight(0) + 0.5)), on(h, 0)}));
constexpr auto behind_cnot =
    circuit<2>(apply<cnot, 0, 1>, apply<rz, 1>(weight(0)), apply<rx, 0>(weight(1)), apply<rz, 0>(2.0), measure<z>);
static_assert(becomes<behind_cnot>({turn(rzz, weight(0), 0, 1), turn(rxx, weight(1), 0, 1), turn(rz, 2.0),
                                    on(cnot, 0, 1)}));
// RY on a control would be Y X: no gate of ours. Behind a second CNOT it is itself again.
constexpr auto there_and_back = circuit<2>(apply<cnot, 0, 1>, apply<cnot, 0, 1>, apply<ry, 0>(weight(0)), measure<z>);
static_assert(becomes<there_and_back>({turn(ry, weight(0)), on(cnot, 0, 1), on(cnot, 0, 1)}));
constexpr auto stays =
    circuit<2>(apply<cnot, 0, 1>, apply<ry, 0>(weight(0)), apply<t, 0>, apply<rx, 0>(1.0), measure<z>);
static_assert(becomes<stays>({on(cnot, 0, 1), turn(ry, weight(0)), on(t, 0), turn(rx, 1.0)}));
// What merges is behind Clifford gates: a pass of each kind leaves one rotation and no H.
constexpr auto sandwich = circuit<1>(apply<rz>(input(0)), apply<h>, apply<rx>(2 * input(0)), apply<h>, measure<z>);
constexpr auto pushed_sandwich = clifford_last<sandwich>();
constexpr auto merged_sandwich = simplified<pushed_sandwich>();
static_assert(merged_sandwich.gate_count == 1 && merged_sandwich.gates[0] == turn(rz, 3 * input(0)));
static_assert(simplified<sandwich>().gate_count == 4);
// Inputs, weights and what is measured keep their numbers.
constexpr auto kept =
    circuit<2>(encode_amplitudes, apply<s, 1>, apply<rx, 1>(weight(5)), measure<x>, measure_probabilities<1>);
constexpr auto kept_pushed = clifford_last<kept>();
static_assert(kept_pushed.amplitude_input && kept_pushed.parameters == 6 && kept_pushed.strings == kept.strings &&
              kept_pushed.probabilities == kept.probabilities && kept_pushed.gates[0] == turn(ry, -weight(5), 1));
constexpr auto roots = circuit<1>(apply<t>, apply<t>, apply<sdg>, measure<z>);
constexpr auto toffolis = circuit<3>(apply<ccx, 0, 1, 2>, apply<ccx, 1, 0, 2>, measure<z>);
static_assert(simplified<roots>().gate_count == 0 && simplified<toffolis>().gate_count == 0);
constexpr auto deep = circuit<8>(encode<ry>, repeat<15>(rotate<rx>, entangle<cz>(ring)), measure<z>);
constexpr auto deep_pushed = clifford_last<deep>();
static_assert(deep.gate_count == 248);
}  // namespace

TEST_CASE("clifford_last: random circuits keep their unitary, their gates in number and their numbers") {
    std::size_t moved = 0;
    for (std::uint64_t seed = 1; seed <= 500; ++seed) {
        INFO("seed " << seed);
        const runtime_circuit circuit = reference::random_circuit(seed, {.most_gates = 40});
        const runtime_circuit pushed = clifford_last(circuit);
        CHECK(difference(circuit, pushed) < 1e-12);
        CHECK(pushed.gates.size() == circuit.gates.size());
        CHECK(disorder(pushed) <= disorder(circuit));
        CHECK(pushed.strings == circuit.strings);
        moved += disorder(circuit) - disorder(pushed);
    }
    CHECK(moved > 500);
}

TEST_CASE("clifford_last: all passes after one another keep the unitary") {
    std::size_t fewer = 0;
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        INFO("seed " << seed);
        const runtime_circuit circuit = reference::random_circuit(seed, {.most_width = 3, .most_gates = 40});
        const runtime_circuit alone = simplified(circuit);
        const runtime_circuit all = scheduled(simplified(clifford_last(circuit)));
        CHECK(difference(circuit, all) < 1e-12);
        fewer += all.gates.size() < alone.gates.size() ? 1 : 0;
    }
    CHECK(fewer > 20);
}

TEST_CASE("clifford_last: every rotation behind every gate") {
    std::size_t passed = 0;
    for (std::size_t first = 0; first < operation_count; ++first)
        for (const operation second : {rx, ry, rz, rxx, ryy, rzz})
            for (const qvit::fixed_array<std::uint16_t, 3>& wires :
                 {qvit::fixed_array<std::uint16_t, 3>{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {2, 1, 0}}) {
                const auto kind = static_cast<operation>(first);
                if (is_user_matrix(kind)) continue;
                runtime_circuit circuit(3);
                circuit.gates = {{kind, {0, 1, 2}, {0.3, 0.7, 1.1}, 0}, {second, wires, {0.4}, 0}};
                const runtime_circuit after = clifford_last(circuit);
                INFO(std::string(name_of(kind)) << " " << name_of(second));
                CHECK(difference(circuit, after) < 1e-14);
                passed += after.gates == circuit.gates ? 0 : 1;
            }
    CHECK(passed > 100);
}

TEST_CASE("clifford_last: the table and the circuit read at run time agree") {
    const auto at_run_time = clifford_last(runtime_circuit(deep));
    CHECK(std::equal(deep_pushed.gates.begin(), deep_pushed.gates.end(), at_run_time.gates.begin()));
    CHECK(difference(deep, deep_pushed) < 1e-12);
}
