// SPDX-License-Identifier: Apache-2.0
// Gradients from evaluations alone, against the derivatives of the dense oracle.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/evaluator_gradient.hpp>
#include <qvit/statevector/exact_expectations.hpp>
#include <qvit/statevector/finite_difference.hpp>
#include <qvit/statevector/gradcheck.hpp>
#include <qvit/statevector/gradient_method.hpp>
#include <qvit/statevector/noisy_expectations.hpp>
#include <qvit/statevector/parameter_shift.hpp>
#include <qvit/statevector/parameter_shift_rule.hpp>
#include <qvit/statevector/shot_expectations.hpp>
#include <qvit/statevector/weighted_readout.hpp>
#include <qvit/statevector/why_not_runnable.hpp>
#include <qvit/statevector/wide_statevector_engine.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/random_circuit.hpp>

#include "wide_instances.hpp"

using namespace qvit;
using reference::close;
using reference::largest_difference;

namespace {
using numbers = std::vector<double>;

static_assert(expectation_method<exact_expectations> && expectation_method<shot_expectations> &&
              expectation_method<noisy_expectations>);
static_assert(parameter_shift_rule(ry).size() == 2 && parameter_shift_rule(cp).size() == 2 &&
              parameter_shift_rule(crz).size() == 4 && parameter_shift_rule(rbs).size() == 4 &&
              parameter_shift_rule(h).empty());

numbers draw(std::size_t count, std::uint64_t seed) {
    numbers result(count);
    random_stream random(seed, 5);
    for (double& value : result) value = random.uniform(-3, 3);
    return result;
}

constexpr auto layered = circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(ring)), measure<z>);

/// <Z_0>, <X_1> and <Y_0 Y_1> after one gate on entangled wires 0, 1, 2 whose angles are weights.
runtime_circuit one_gate(operation kind) {
    runtime_circuit c =
        circuit<3>(apply<rx>(0.7), apply<ry>(-0.4), apply<cz, 0, 1>, apply<cz, 1, 2>, measure<z, 0>, measure<x, 1>);
    gate g{kind, {0, 1, 2}, {}, 0};
    for (std::size_t i = 0; i < angles_of(kind); ++i) g.angles[i] = weight(i);
    c.parameters = angles_of(kind);
    c.gates.push_back(g);
    pauli_string<64> both;
    both.set(0, y);
    both.set(1, y);
    c.terms.push_back({2, 2, 1});
    c.strings.push_back(both);
    c.outputs = 3;
    return c;
}
}  // namespace

TEST_CASE("gradient methods: every gate with angles has a rule that is exact") {
    std::size_t gates = 0;
    for (std::size_t k = 0; k < operation_count; ++k) {
        const auto kind = static_cast<operation>(k);
        const auto rule = parameter_shift_rule(kind);
        CHECK((rule.size() == 0) == (angles_of(kind) == 0));
        if (rule.empty()) continue;
        ++gates;
        INFO(name_of(kind));
        const runtime_circuit c = one_gate(kind);
        const numbers upstream{1, -0.5, 2};
        for (std::uint64_t seed = 0; seed < 5; ++seed) {
            const numbers w = draw(c.parameters, seed);
            const auto exact = reference::gradient(reference::dense(c), nullptr, w.data(), upstream.data());
            const auto shifted = parameter_shift(c, {}, w, upstream);
            REQUIRE(shifted);
            CHECK(reference::largest_magnitude(exact.weights) > 1e-3);
            CHECK(largest_difference(shifted->weights, exact.weights) < 1e-13);
        }
    }
    CHECK(gates == 14);
    // A frequency of 1/2 is there: two terms would be wrong for a controlled rotation.
    const runtime_circuit c = one_gate(crx);
    const numbers w{0.3};
    const numbers upstream{1, -0.5, 2};
    double two_terms = 0;
    for (const double sign : {1.0, -1.0}) {
        const auto found = exact_expectations{}(c, {}, numbers{0.3 + sign * pi / 2});
        REQUIRE(found);
        for (std::size_t o = 0; o < 3; ++o) two_terms += sign / 2 * upstream[o] * found->values[o];
    }
    CHECK(std::fabs(two_terms - parameter_shift(c, {}, w, upstream)->weights[0]) > 1e-3);
}

TEST_CASE("gradient methods: parameter shift and finite difference agree with the oracle on random circuits") {
    double largest = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        INFO("seed " << seed);
        const runtime_circuit c = reference::random_circuit(seed);
        const auto oracle = reference::dense(c);
        const numbers x = draw(c.inputs, 3 * seed);
        const numbers w = draw(c.parameters, 3 * seed + 1);
        const numbers upstream = draw(c.outputs, 3 * seed + 2);
        std::string why;
        const auto outputs = exact_expectations{}(c, x, w, &why);
        INFO(why);
        REQUIRE(outputs);
        CHECK(largest_difference(outputs->values, reference::outputs(oracle, x.data(), w.data())) < 1e-12);
        CHECK(outputs->standard_errors == numbers(c.outputs));
        const auto exact = reference::gradient(oracle, x.data(), w.data(), upstream.data());
        const auto shifted = parameter_shift(c, x, w, upstream, exact_expectations{}, &why);
        REQUIRE(shifted);
        CHECK(largest_difference(shifted->inputs, exact.inputs) < 1e-11);
        CHECK(largest_difference(shifted->weights, exact.weights) < 1e-11);
        CHECK(shifted->weight_errors == numbers(c.parameters));
        const auto numeric = finite_difference(c, x, w, upstream);
        REQUIRE(numeric);
        CHECK(largest_difference(numeric->inputs, exact.inputs) < 1e-7);
        CHECK(largest_difference(numeric->weights, exact.weights) < 1e-9);
        const auto adjoint = gradient_by(gradient_method::adjoint, c, x, w, upstream, &why);
        REQUIRE(adjoint);
        CHECK(largest_difference(adjoint->inputs, exact.inputs) < 1e-11);
        CHECK(largest_difference(adjoint->weights, exact.weights) < 1e-11);
        CHECK(adjoint->input_errors == numbers(c.inputs));
        CHECK(adjoint->weight_errors == numbers(c.parameters));
        CHECK(gradient_by(gradient_method::parameter_shift, c, x, w, upstream)->weights == shifted->weights);
        CHECK(gradient_by(gradient_method::finite_difference, c, x, w, upstream)->weights == numeric->weights);
        largest = std::max(largest, reference::largest_magnitude(exact.weights));
    }
    CHECK(largest > 1);
}

TEST_CASE("gradient methods: shared weights, scales, offsets and products of inputs follow the chain rule") {
    // One wire, RY angles add: f = cos(3 w + x y + x^2 + 1) in all.
    const auto c = circuit<1>(apply<ry>(weight(0)), apply<ry>(2 * weight(0) + 1), apply<ry>(input(0) * input(1)),
                              apply<ry>(input(0) * input(0)), measure<z>);
    const numbers x{0.4, -0.9};
    const numbers w{0.25};
    const numbers upstream{1.5};
    const double slope = -1.5 * std::sin(3 * w[0] + x[0] * x[1] + x[0] * x[0] + 1);
    const auto found = parameter_shift(c, x, w, upstream);
    REQUIRE(found);
    CHECK(close(found->weights[0], 3 * slope, 1e-14, 0));
    CHECK(close(found->inputs[0], (x[1] + 2 * x[0]) * slope, 1e-14, 0));
    CHECK(close(found->inputs[1], x[0] * slope, 1e-14, 0));
}

TEST_CASE("gradient methods: the number of evaluations is as documented") {
    std::size_t evaluations = 0;
    const auto counted = [&evaluations](const runtime_circuit& c, std::span<const double> x, std::span<const double> w,
                                        std::string* why, std::size_t evaluation) {
        CHECK(evaluation == evaluations++);
        return exact_expectations{}(c, x, w, why);
    };
    const auto c =
        circuit<2>(encode<ry>, rotate<crx, 0, 1>, apply<rz, 0>(0.5), apply<ry, 0>(0.0 * weight(0)), measure<z>);
    const numbers x{0.1, 0.2};
    const numbers w{0.3};
    const numbers upstream{1, 1};
    REQUIRE(parameter_shift(c, x, w, upstream, counted));
    CHECK(evaluations == 2 * 2 + 4);
    evaluations = 0;
    REQUIRE(finite_difference(c, x, w, upstream, counted));
    CHECK(evaluations == 4 * 3);
    runtime_circuit amplitudes(2);
    amplitudes.amplitude_input = true;
    amplitudes.inputs = 4;
    amplitudes.measure_all_z();
    evaluations = 0;
    REQUIRE(parameter_shift(amplitudes, numbers{1, 2, 3, 4}, {}, upstream, counted));
    CHECK(evaluations == 8 + 1);
}

TEST_CASE("gradient methods: errors of independent evaluations add up") {
    // <Z> = cos(3 w + 2 x y), each evaluation said to be uncertain by 0.1.
    const auto uncertain = [](const runtime_circuit& c, std::span<const double> x, std::span<const double> w,
                              std::string* why, std::size_t) {
        auto found = exact_expectations{}(c, x, w, why);
        found->standard_errors = {0.1};
        return found;
    };
    const auto c = circuit<1>(apply<ry>(weight(0)), apply<ry>(2 * weight(0)), apply<ry>(2 * (input(0) * input(1))),
                              apply<ry>(input(1) * input(1)), measure<z>);
    const numbers x{0.5, -3};
    const auto shifted = parameter_shift(c, x, numbers{0.2}, numbers{1}, uncertain);
    const double of_an_angle = 0.1 * std::sqrt(0.5);
    CHECK(close(shifted->weight_errors[0], of_an_angle * std::sqrt(1.0 + 4), 1e-13, 0));
    CHECK(close(shifted->input_errors[0], of_an_angle * 6, 1e-13, 0));
    CHECK(close(shifted->input_errors[1], of_an_angle * std::sqrt(1.0 + 36), 1e-13, 0));
    const auto numeric = finite_difference(c, x, numbers{0.2}, numbers{1}, uncertain, nullptr, 1e-2);
    CHECK(close(numeric->weight_errors[0], 0.1 * std::sqrt(130.0) / 12 / 1e-2, 1e-13, 0));
    CHECK(close(std::sqrt(130.0) / 12, 0.95, 1e-3, 0));
    CHECK(close(numeric->weights[0], shifted->weights[0], 0, 1e-5));
}

TEST_CASE("gradient methods: the weighted readout is one output, of the strings that count") {
    const runtime_circuit c =
        circuit<2>(encode<ry>, apply<cnot, 0, 1>, measure<z>, measure<operation::x, 0>, measure_probabilities<1>);
    const numbers upstream{2, 0, -1, 0.5, 3};
    const runtime_circuit sum = weighted_readout(c, upstream);
    CHECK(sum.outputs == 1);
    CHECK(sum.probabilities.empty());
    CHECK(sum.strings.size() == 4);  // Z_0, X_0, and the identity and Z_1 of the probabilities, not the output <Z_1>
    const numbers x{0.3, 1.9};
    const auto all = exact_expectations{}(c, x, {});
    double expected = 0;
    for (std::size_t o = 0; o < 5; ++o) expected += upstream[o] * all->values[o];
    CHECK(close(exact_expectations{}(sum, x, {})->values[0], expected, 1e-14, 0));
}

TEST_CASE("gradient methods: amplitudes that a shift makes zero") {
    runtime_circuit c(1);
    c.amplitude_input = true;
    c.inputs = 2;
    c.gates.push_back({ry, {0}, {angle(0.6)}, 0});
    c.measure_all_z();
    const numbers x{2, 0};
    const numbers upstream{1};
    const auto found = parameter_shift(c, x, {}, upstream);
    REQUIRE(found);
    const auto exact = reference::gradient(reference::dense(c), x.data(), nullptr, upstream.data());
    CHECK(largest_difference(found->inputs, exact.inputs) < 1e-15);
    CHECK(std::fabs(exact.inputs[1]) > 0.1);
}

TEST_CASE("gradcheck: what evaluators compute, by every engine") {
    CHECK(gradcheck<layered>().ok);
    CHECK(gradcheck<layered>().report == gradcheck<layered, best_engine<layered>()>().report);
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
        CHECK(gradcheck<layered, engine::closed_form>(seed).ok);
        CHECK(gradcheck<layered, engine::light_cone>(seed).ok);
        CHECK(gradcheck<layered, engine::lane_statevector>(seed).ok);
        CHECK(gradcheck<layered, engine::wide_statevector>(seed).ok);
    }
    // Another circuit's gradient is not this one's.
    static constexpr auto other = circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(chain)), measure<z>);
    CHECK_FALSE(gradcheck(runtime_circuit(layered), evaluator_gradient<other>{}).ok);
}

TEST_CASE("gradcheck: right gradients pass and a wrong one is named") {
    const gradcheck_result right = gradcheck(layered);
    CHECK(right.ok);
    CHECK(right.largest_difference < 1e-9);
    CHECK(right.report.find("(ok)") != std::string::npos);
    for (std::uint64_t seed = 0; seed < 20; ++seed)
        for (const auto method : {gradient_method::adjoint, gradient_method::parameter_shift}) {
            const gradcheck_result found = gradcheck(reference::random_circuit(seed), method, seed);
            INFO(found.report);
            CHECK(found.ok);
        }
    CHECK(gradcheck(layered, gradient_method::finite_difference).largest_difference == 0);
    const gradcheck_result steep = gradcheck(circuit<1>(apply<ry>(100 * weight(0)), measure<z>));
    CHECK(steep.ok);
    CHECK(steep.largest_difference < 1e-8);
    CHECK(right.report != gradcheck(layered, gradient_method::adjoint, 1).report);  // another point
    CHECK(right.report == gradcheck(layered).report);
    bool in_range = true;
    const auto look = [&in_range](const runtime_circuit& c, std::span<const double> x, std::span<const double> w,
                                  std::span<const double> upstream) {
        for (const auto& angles : {x, w})
            for (const double angle : angles) in_range = in_range && std::fabs(angle) <= pi;
        for (const double factor : upstream) in_range = in_range && factor >= 0.5 && factor <= 1.5;
        return parameter_shift(c, x, w, upstream);
    };
    CHECK(gradcheck(layered, look).ok);
    CHECK(in_range);

    const auto wrong_by = [](double error, bool of_weight) {
        return [error, of_weight](const runtime_circuit& c, std::span<const double> x, std::span<const double> w,
                                  std::span<const double> upstream) {
            auto gradient = parameter_shift(c, x, w, upstream);
            (of_weight ? gradient->weights[5] : gradient->inputs[2]) += error;
            return gradient;
        };
    };
    const gradcheck_result weight_wrong = gradcheck(layered, wrong_by(1e-6, true));
    CHECK_FALSE(weight_wrong.ok);
    CHECK(close(weight_wrong.largest_difference, 1e-6, 0.6, 0));
    CHECK(weight_wrong.report.find("weight 5:") != std::string::npos);
    CHECK(weight_wrong.report.find("(not ok)") != std::string::npos);
    CHECK(gradcheck(layered, wrong_by(1e-8, true)).ok);
    const gradcheck_result not_a_number = gradcheck(layered, wrong_by(std::numeric_limits<double>::quiet_NaN(), false));
    CHECK_FALSE(not_a_number.ok);
    CHECK(not_a_number.report.find("input 2:") != std::string::npos);

    const auto too_short = [](const runtime_circuit&, std::span<const double>, std::span<const double>,
                              std::span<const double>) { return circuit_gradient{}; };
    CHECK(gradcheck(layered, too_short).report ==
          "[qvit::gradcheck] the circuit has 4 inputs and 8 weights, the gradient 0 and 0");
    runtime_circuit broken = layered;
    broken.gates[0].wires[0] = 9;
    CHECK_FALSE(gradcheck(broken).ok);
    CHECK(gradcheck(broken).report == "[qvit::runtime_circuit] gate 0 (ry): wire 9 is outside a register of 4 wires");
    CHECK(gradcheck(circuit<1>(apply<h>, measure<z>)).report == "[qvit::gradcheck] nothing to differentiate by");
}

TEST_CASE("gradient methods: what cannot be run is refused with one message") {
    const numbers x(4);
    const numbers w(8);
    const numbers upstream(4, 1.0);
    std::string why;
    const auto refusal = [&](const runtime_circuit& c, const numbers& inputs, const numbers& weights,
                             const numbers& factors) {
        why.clear();
        CHECK_FALSE(parameter_shift(c, inputs, weights, factors, exact_expectations{}, &why));
        const std::string by_shift = why;
        why.clear();
        CHECK_FALSE(finite_difference(c, inputs, weights, factors, exact_expectations{}, &why));
        CHECK(why == by_shift);
        why.clear();
        CHECK_FALSE(gradient_by(gradient_method::adjoint, c, inputs, weights, factors, &why));
        CHECK((why == by_shift || (c.amplitude_input && why.find("amplitudes") != std::string::npos)));
        why = by_shift;
        CHECK_FALSE(parameter_shift(c, inputs, weights, factors));  // nobody asks why
        return why.substr(0, 24) == "[qvit::runtime_circuit] " ? why.substr(24) : "no prefix: " + why;
    };
    const runtime_circuit good = layered;
    CHECK(refusal(good, numbers(3), w, upstream) == "the circuit has 4 inputs, 3 given");
    CHECK(refusal(good, x, numbers(9), upstream) == "the circuit has 8 weights, 9 given");
    CHECK(refusal(good, x, w, numbers(1)) == "upstream: the circuit has 4 outputs, 1 given");
    CHECK(refusal(good, {0, 0, INFINITY, 0}, w, upstream) == "input 2 is not a finite number");
    const auto broken = [&](auto&& change) {
        runtime_circuit c = good;
        change(c);
        return refusal(c, numbers(c.inputs), numbers(c.parameters), numbers(c.outputs));
    };
    CHECK(broken([](auto& c) { c.width = 65; }) == "a circuit has 1 to 64 wires, this one 65");
    CHECK(broken([](auto& c) { c.gates[8].wires[1] = c.gates[8].wires[0]; }) == "gate 8 (cx): names wire 0 twice");
    CHECK(broken([](auto& c) { c.gates[2].angles[0] = input(4); }) == "gate 2 (ry): reads input 4 of 4");
    CHECK(broken([](auto& c) { c.gates[2].angles[0] = input(1) * input(7); }) == "gate 2 (ry): reads input 7 of 4");
    CHECK(broken([](auto& c) { c.gates[2].angles[0] = weight(8); }) == "gate 2 (ry): reads weight 8 of 8");
    CHECK(broken([](auto& c) { c.gates[2].angles[0] = INFINITY; }) ==
          "gate 2 (ry): an angle's factor or offset is not a finite number");
    CHECK(broken([](auto& c) { c.terms[1].coefficient = NAN; }) == "a coefficient of output 1 is not a finite number");
    CHECK(broken([](auto& c) { c.gates[0].kind = unitary1; }) ==
          "gate 0 (unitary1): matrix 0 is not one of the circuit's 0");
    CHECK(broken([](auto& c) {
              c.gates[0].kind = unitary1;
              c.matrices.push_back({2, {}});
          }) == "gate 0 (unitary1): its matrix is for 2 wires, the gate has 1");
    CHECK(broken([](auto& c) {
              c.gates[0].kind = unitary1;
              c.matrices.push_back({1, {}});
          }) == "gate 0 (unitary1): its matrix is not unitary to 1e-10");
    CHECK(broken([](auto& c) { c.strings[1].set(5, operation::x); }) ==
          "a measured string acts on wire 5, outside a register of 4 wires");
    CHECK(broken([](auto& c) { c.terms[0].output = 4; }) == "output 4 is not one of the circuit's 4");
    CHECK(broken([](auto& c) { c.terms[0].string = 4; }) == "string 4 is not one of the circuit's 4");
    CHECK(broken([](auto& c) { c.amplitude_input = true; }) == "amplitudes of 4 wires are more than 4 inputs");
    CHECK(broken([](auto& c) {
              c.amplitude_input = true;
              c.inputs = 16;
          }) == "the input amplitudes have norm 0 or too large a norm");
    CHECK(broken([](auto& c) { c.probabilities.push_back({0, 0, 11}); }) == "probabilities of 11 wires, at most 10");
    CHECK(broken([](auto& c) { c.probabilities.push_back({0, 0, 3}); }) == "output 7 is not one of the circuit's 4");
    CHECK(broken([](auto& c) { c.probabilities.push_back({0, 1, 2}); }) == "string 4 is not one of the circuit's 4");
    CHECK(broken([](auto& c) {
              c.probabilities.push_back({0, 0, 2});
          }) == "string 0 is not the product of Zs that its probability block needs");
    // A register that no memory holds.
    runtime_circuit wide(60);
    wide.measure_all_z();
    CHECK_FALSE(exact_expectations{}(wide, {}, {}, &why));
    CHECK(why.find("[qvit::wide_statevector] 60 wires") == 0);
    runtime_circuit block = circuit<2>(apply<h>, measure_probabilities<>);
    CHECK(why_not_runnable(block, {}, {}).empty());
    block.strings[3].set(0, id);
    CHECK(why_not_runnable(block, {}, {}).find("string 3 is not the product") != std::string::npos);
}
