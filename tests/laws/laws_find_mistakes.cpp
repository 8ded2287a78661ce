// SPDX-License-Identifier: Apache-2.0
// The laws fail where an engine is wrong: each case here is the oracle with one mistake, and is to fail.
#include <doctest/doctest.h>

#include <cstdint>
#include <functional>
#include <limits>
#include <utility>

#include <reference/gate_circuits.hpp>
#include <reference/random_laws.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;
using doctest::should_fail;

/// The oracle with a mistake in what it gives.
engine_subject wrong_result(const dense_circuit& circuit, std::function<void(const batch&, batch_result&)> spoil) {
    engine_subject subject = oracle_subject("wrong on purpose", circuit);
    subject.run = [circuit, spoil = std::move(spoil)](const batch& b) {
        batch_result result = oracle(circuit, b);
        spoil(b, result);
        return result;
    };
    return subject;
}
/// The oracle of a circuit with a mistake in it.
engine_subject wrong_circuit(const dense_circuit& circuit, const std::function<void(dense_circuit&)>& spoil) {
    engine_subject subject = oracle_subject("wrong on purpose", circuit);
    dense_circuit spoilt = circuit;
    spoil(spoilt);
    subject.run = [spoilt](const batch& b) { return oracle(spoilt, b); };
    return subject;
}

const dense_circuit gates = dense(every_gate);
}  // namespace

TEST_CASE("oracle law: a gate that is left out" * should_fail()) {
    law_agrees_with_oracle(wrong_circuit(gates, [](dense_circuit& c) { c.gates.erase(c.gates.begin() + 20); }));
}
TEST_CASE("oracle law: a control and a target that change places" * should_fail()) {
    law_agrees_with_oracle(
        wrong_circuit(gates, [](dense_circuit& c) { std::swap(c.gates[7].wires[0], c.gates[7].wires[1]); }));
}
TEST_CASE("oracle law: a string's sign" * should_fail()) {
    law_agrees_with_oracle(
        wrong_circuit(dense(signed_strings), [](dense_circuit& c) { c.strings[3].negative = false; }));
}
TEST_CASE("oracle law: an input gradient that is 1e-9 off" * should_fail()) {
    law_agrees_with_oracle(wrong_result(gates, [](const batch&, batch_result& r) { r.input_gradient[0] += 1e-9; }));
}
TEST_CASE("oracle law: a number that is not one, near a half turn" * should_fail()) {
    law_agrees_with_oracle(wrong_result(gates, [](const batch& b, batch_result& r) {
        if (b.weights[0] > 3.14 && b.weights[0] < 3.1416) r.outputs[0] = std::numeric_limits<double>::quiet_NaN();
    }));
}
TEST_CASE("finite difference: the gradient of a parameter-shift rule with two terms where four are needed" *
          should_fail()) {
    law_gradient_is_finite_difference(
        wrong_result(gates, [](const batch&, batch_result& r) { r.weight_gradient[4] *= 1 + 1e-6; }));
}
TEST_CASE("batch: a sample that reads its neighbour" * should_fail()) {
    law_batch_is_loop(wrong_result(gates, [](const batch& b, batch_result& r) {
        if (b.samples > 1) r.outputs[0] += 1e-6 * b.inputs.back();
    }));
}
TEST_CASE("batch: an idle lane that adds to a gradient" * should_fail()) {
    law_batch_is_loop(wrong_result(gates, [](const batch&, batch_result& r) { r.idle_gradient = 1e-30; }));
}
TEST_CASE("accumulation: a gradient that is written over" * should_fail()) {
    law_gradients_accumulate(wrong_result(gates, [](const batch& b, batch_result& r) {
        for (double& g : r.weight_gradient) g -= b.initial_gradient;
    }));
}
TEST_CASE("linearity: a gradient without an upstream gradient" * should_fail()) {
    law_backward_is_linear(wrong_result(gates, [](const batch&, batch_result& r) { r.weight_gradient[1] += 1e-15; }));
}
TEST_CASE("norm: a state that is too long" * should_fail()) {
    law_state_has_norm_one(wrong_result(dense(all_probabilities), [](const batch&, batch_result& r) {
        for (double& p : r.outputs) p *= 1 + 1e-9;
    }));
}
TEST_CASE("two turns: sines of a truncated angle" * should_fail()) {
    law_two_turns_change_nothing(
        wrong_result(gates, [](const batch& b, batch_result& r) { r.outputs[2] += b.inputs[0] > 7 ? 1e-9 : 0; }));
}
TEST_CASE("agreement: engines that differ" * should_fail()) {
    check_engines_agree({oracle_subject("oracle", gates),
                         wrong_result(gates, [](const batch&, batch_result& r) { r.weight_gradient.back() *= -1; })});
}

// Mistakes that the laws of random circuits find without the oracle.
namespace {
/// An engine that takes the derivative of Rot by its last angle for that by its first.
engine_subject swaps_angles_of_rot(const qvit::runtime_circuit& circuit) {
    qvit::runtime_circuit spoilt = circuit;
    for (qvit::gate& g : spoilt.gates)
        if (g.kind == qvit::rot) g.angles[2] = g.angles[0];
    return oracle_subject("wrong on purpose", dense(spoilt));
}
/// An engine that takes CNOTs the wrong way round where the control is the higher wire.
engine_subject orders_wires(const qvit::runtime_circuit& circuit) {
    qvit::runtime_circuit spoilt = circuit;
    for (qvit::gate& g : spoilt.gates)
        if (g.kind == qvit::cry && g.wires[0] > g.wires[1]) std::swap(g.wires[0], g.wires[1]);
    return oracle_subject("wrong on purpose", dense(spoilt));
}
engine_subject forgets_signs(const qvit::runtime_circuit& circuit) {
    qvit::runtime_circuit spoilt = circuit;
    for (auto& string : spoilt.strings) string.negative = false;
    return oracle_subject("wrong on purpose", dense(spoilt));
}
template <class Law>
void over_random_circuits(Law&& law) {
    for (std::uint64_t seed = 0; seed < 60; ++seed) law(random_circuit(seed, {.most_width = 3}));
}
}  // namespace

TEST_CASE("echo: a wrong angle" * should_fail()) {
    over_random_circuits([](const qvit::runtime_circuit& circuit) {
        if (!circuit.amplitude_input) law_echo(swaps_angles_of_rot(echo_of(circuit)), 10);
    });
}
TEST_CASE("renamed wires: an engine that orders wires" * should_fail()) {
    over_random_circuits(
        [](const qvit::runtime_circuit& circuit) { law_wires_can_be_renamed(orders_wires, circuit, 2); });
}
TEST_CASE("linearity in observables: a lost sign" * should_fail()) {
    over_random_circuits(
        [](const qvit::runtime_circuit& circuit) { law_linear_in_observables(forgets_signs, circuit, 2); });
}
TEST_CASE("random circuits: a lost sign" * should_fail()) { check_random_circuits(forgets_signs, 20); }
