// SPDX-License-Identifier: Apache-2.0
// What the laws do not reach: renormalisation, kept and undone states, angles at half turns in deep circuits, forward
// alone, and that deep circuits share their instructions.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/runtime_evaluator.hpp>
#include <reference/evaluator_subject.hpp>

namespace {
using namespace reference;
using namespace qvit;

template <std::size_t Wires, std::size_t Layers>
constexpr auto ring_of = circuit<Wires>(encode<ry>, repeat<Layers>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
/// Complex amplitudes, and rotations that do not commute.
template <std::size_t Wires, std::size_t Layers>
constexpr auto mixed_of = circuit<Wires>(encode<rx>, repeat<Layers>(rotate<ry>, rotate<rz>, entangle<cz>(ring)),
                                         measure<z>, measure<x>);
/// Data in every layer.
template <std::size_t Wires, std::size_t Layers>
constexpr auto reuploading_of = circuit<Wires>(repeat<Layers>(encode<ry>, rotate<rx>, entangle<cnot>(chain)),
                                               measure<z>);

template <const auto& Circuit>
constexpr std::size_t renormalisations() {
    std::size_t total = 0;
    for (const lane_stage& stage : whole_layout<Circuit>::template lane<0>().stages) total += stage.renormalise ? 1 : 0;
    return total;
}
template <const auto& Circuit>
using runner =
    lane_runner<whole_layout<Circuit>::template lane<0>(), whole_layout<Circuit>::template diagonal<0>(), double>;

/// The oracle's outputs and gradients, for weights at random, near half turns and at whole ones.
template <const auto& Circuit, class S>
void check(const std::string& name, double tolerance) {
    const engine_subject s = subject<Circuit, S, engine::lane_statevector>(name);
    INFO(s.name);
    batch b = random_batch(s.circuit, s.lanes + 1);
    check_near(s.run(b), oracle(s.circuit, b), tolerance);
    const double pi = std::acos(-1.0);
    std::size_t k = 0;
    for (double& weight : b.weights) {
        const double angles[] = {pi, -pi, 2 * pi, pi - 1e-4, pi + 1e-4, pi / 2, 3 * pi, 0.3, -2 * pi + 1e-5, 1.5};
        weight = as_float(angles[k++ * 7 % std::size(angles)]);
    }
    check_near(s.run(b), oracle(s.circuit, b), tolerance);
    std::fill(b.weights.begin(), b.weights.end(), as_float(pi / 2));  // every cosine at its smallest
    check_near(s.run(b), oracle(s.circuit, b), tolerance);
}

constexpr const auto& deep = ring_of<4, 40>;
constexpr const auto& deep_wide = ring_of<6, 20>;
constexpr const auto& deep_complex = mixed_of<3, 20>;
static_assert(renormalisations<deep>() >= 2 && renormalisations<deep_wide>() >= 2);
static_assert(renormalisations<deep_complex>() >= 2);

// Both ways of the schedule, and both kinds of pass.
static_assert(runner<deep>::schedule.keeps && runner<ring_of<8, 4>>::schedule.keeps);
static_assert(!runner<ring_of<8, 6>>::schedule.keeps && !runner<deep_wide>::schedule.keeps);
static_assert(runner<ring_of<8, 4>>::schedule.product == 8 && runner<ring_of<8, 4>>::schedule.kept_amplitudes == 1024);
static_assert(std::count(runner<ring_of<8, 4>>::schedule.pass.begin() + 8,
                         runner<ring_of<8, 4>>::schedule.pass.begin() + 14, stage_pass::lambda_then_gradient) == 3);

// One layer on 8 wires is two stages; 16 layers share the kernels of a few.
constexpr const auto& sixteen_layers = whole_layout<ring_of<8, 16>>::lane<0>();
static_assert(sixteen_layers.stages.size() == 8 + 15 * 2);
static_assert(sixteen_layers.shapes.size() <= 1);
}  // namespace

TEST_CASE("lane engine: more than 100 uniform rotations, in double") {
    check<deep, double>("ring_of<4, 40>", 1e-12);
    check<deep_wide, double>("ring_of<6, 20>", 1e-12);
    check<deep_complex, double>("mixed_of<3, 20>", 1e-12);
}
TEST_CASE("lane engine: more than 100 uniform rotations, in float") {
    check<deep, float>("ring_of<4, 40>", 3e-5);
    check<deep, lanes<float>>("ring_of<4, 40>", 3e-5);
    check<deep_wide, lanes<float>>("ring_of<6, 20>", 3e-5);
    check<deep_complex, lanes<float>>("mixed_of<3, 20>", 3e-5);
}
TEST_CASE("lane engine: states kept, and states undone") {
    check<ring_of<8, 4>, double>("ring_of<8, 4>", 1e-12);
    check<ring_of<8, 6>, double>("ring_of<8, 6>", 1e-12);
    check<reuploading_of<4, 3>, double>("reuploading_of<4, 3>", 1e-12);
    check<reuploading_of<6, 4>, double>("reuploading_of<6, 4>", 1e-12);
    check<mixed_of<5, 2>, double>("mixed_of<5, 2>", 1e-12);
}

namespace {
/// forward without `saved` gives the same outputs, to the last bit.
template <const auto& Circuit, class S, engine Engine>
void check_forward_alone() {
    using R = real_of<S>;
    using run_type = evaluator<Circuit, S, Engine>;
    std::vector<R> weights(Circuit.parameters + 1, R(0.4));
    std::vector<S> inputs(Circuit.inputs), saved(run_type::saved_per_token + 1);
    std::vector<S> outputs(Circuit.outputs), alone(Circuit.outputs, S(R(7)));
    for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i] = S(static_cast<R>(i) * R(0.3) - R(0.5));
    const run_type run(weights.data());
    run.forward(inputs.data(), outputs.data(), saved.data());
    run.forward(inputs.data(), alone.data(), nullptr);
    for (std::size_t o = 0; o < outputs.size(); ++o) CHECK(simd::sum(alone[o]) == simd::sum(outputs[o]));
    CHECK(simd::sum(outputs[0]) != R(0));
}
}  // namespace

TEST_CASE("engines: forward alone, with nothing saved") {
    check_forward_alone<ring_of<4, 1>, lanes<float>, engine::closed_form>();
    check_forward_alone<ring_of<4, 1>, double, engine::closed_form>();
    check_forward_alone<ring_of<40, 1>, lanes<float>, engine::closed_form>();  // in chunks of 32 factors
    check_forward_alone<ring_of<40, 1>, float, engine::closed_form>();
    check_forward_alone<ring_of<4, 2>, lanes<float>, engine::lane_statevector>();
    check_forward_alone<ring_of<4, 2>, double, engine::light_cone>();
    check_forward_alone<ring_of<8, 2>, lanes<double>, engine::lane_statevector>();
    check_forward_alone<ring_of<8, 4>, lanes<float>, engine::lane_statevector>();
    check_forward_alone<mixed_of<6, 3>, lanes<float>, engine::lane_statevector>();
    check_forward_alone<ring_of<8, 6>, double, engine::lane_statevector>();
    check_forward_alone<mixed_of<3, 2>, lanes<float>, engine::lane_statevector>();
    check_forward_alone<deep, double, engine::lane_statevector>();

    auto run = runtime_evaluator<double>::make(mixed_of<3, 2>);
    REQUIRE(run.has_value());
    const std::vector<double> weights(run->parameters(), 0.4), inputs(run->inputs(), 0.7);
    std::vector<double> outputs(run->outputs()), alone(run->outputs()), saved(run->saved_per_token());
    run->set_weights(weights.data());
    run->forward(inputs.data(), outputs.data(), saved.data());
    run->forward(inputs.data(), alone.data(), nullptr);
    CHECK(alone == outputs);
    CHECK(outputs[0] != 0);
}

TEST_CASE("runtime_evaluator: more rotations than it can number are refused") {
    runtime_circuit c(2);
    c.measure_all_z();
    c.parameters = 1;
    for (int i = 0; i < 20000; ++i) {
        c.gates.push_back({ry, {0}, {weight(0)}, 0});
        c.gates.push_back({rz, {0}, {weight(0)}, 0});
    }
    std::string why;
    CHECK_FALSE(runtime_evaluator<double>::make(c, &why));
    CHECK(why ==
          "[qvit::runtime_evaluator] at most 32767 rotations fit, the circuit's gates become up to 40000; use "
          "wide_statevector");
}

TEST_CASE("runtime_evaluator: sizes are looked at before anything is made") {
    const auto refusal = [](const runtime_circuit& c) {
        std::string why;
        CHECK_FALSE(runtime_evaluator<double>::make(c, &why));
        return why;
    };
    runtime_circuit c(11);
    c.measure_all_z();
    c.amplitude_input = true;
    c.inputs = 2048;
    CHECK(
        refusal(c) ==
        "[qvit::runtime_evaluator] the circuit entangles more than 10 wires, too many for a statevector on lanes; use "
        "wide_statevector");
    c.gates.push_back({operation::x, {12}, {}, 0});  // a circuit too wide is looked at all the same
    CHECK(refusal(c) == "[qvit::runtime_circuit] gate 0 (x): wire 12 is outside a register of 11 wires");
    c.gates.clear();
    c.amplitude_input = false;
    c.inputs = std::size_t{1} << 40;
    CHECK(refusal(c) ==
          "[qvit::runtime_evaluator] at most 1048576 inputs and as many weights, the circuit has 1099511627776 and 0");
}
