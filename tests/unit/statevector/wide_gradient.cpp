// SPDX-License-Identifier: Apache-2.0
// Outputs and adjoint gradients of the wide engine against the dense oracle's.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_gradient.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/random_circuit.hpp>

#include "wide_instances.hpp"

using qvit::random_stream;
using qvit::wide_options;

namespace {

constexpr std::array<wide_options, 3> cuts{{{0, 0, 1}, {5, 9, 1}, {8, 16, 1}}};

/// max|a - b| over max(1, |b|): outputs and gradients of these circuits are of the order of 1.
double error(const std::vector<double>& a, const std::vector<double>& b) {
    return reference::largest_difference(a, b) / std::max(1.0, reference::largest_magnitude(b));
}

TEST_CASE_TEMPLATE("wide gradient: random circuits agree with the oracle, whatever the tiles and threads", R, float,
                   double) {
    constexpr double tolerance = sizeof(R) == 4 ? 2e-5 : 1e-12;
    for (std::uint64_t seed = 1; seed <= 204; ++seed) {
        INFO("seed ", seed);
        reference::random_circuit_options options{.least_width = 1,
                                                  .most_width = seed % 4 == 0 ? 10U : 6U,
                                                  .most_gates = 40,
                                                  .amplitude_input = seed % 4 != 0};
        if (seed > 200) {  // more amplitudes than stand one after the other in memory
            options.least_width = 13;
            options.most_width = 14;
        }
        const qvit::runtime_circuit circuit = reference::random_circuit(seed, options);
        random_stream draw(seed, 4);
        std::vector<double> inputs(circuit.inputs);
        std::vector<double> weights(circuit.parameters);
        std::vector<double> upstream(circuit.outputs);
        for (std::vector<double>* list : {&inputs, &weights, &upstream})
            for (double& x : *list) x = draw.uniform(-2, 2);
        const reference::dense_circuit dense = reference::dense(circuit);
        const auto outputs = reference::outputs(dense, inputs.data(), weights.data());
        const auto expected = reference::gradient(dense, inputs.data(), weights.data(), upstream.data());
        for (const wide_options& cut : cuts) {
            const auto found =
                qvit::value_and_gradient<R>(circuit, inputs.data(), weights.data(), upstream.data(), cut);
            REQUIRE(found);
            CHECK(error(found->outputs, outputs) < tolerance);
            CHECK(error(found->input_gradient, expected.inputs) < tolerance);
            CHECK(error(found->weight_gradient, expected.weights) < tolerance);
            for (std::size_t threads = 2; threads <= 3; ++threads) {
                const auto other = qvit::value_and_gradient<R>(circuit, inputs.data(), weights.data(), upstream.data(),
                                                               {cut.chunk_bits, cut.tile_bits, threads});
                REQUIRE(other);
                CHECK(other->outputs == found->outputs);
                CHECK(other->input_gradient == found->input_gradient);
                CHECK(other->weight_gradient == found->weight_gradient);
            }
        }
    }
}

TEST_CASE("wide gradient: every gate with angles, each angle a weight, on every pair of wires") {
    constexpr std::size_t width = 9;
    for (std::size_t k = 0; k < qvit::operation_count; ++k) {
        const auto kind = static_cast<qvit::operation>(k);
        if (qvit::angles_of(kind) == 0) continue;
        INFO(qvit::name_of(kind));
        double worst = 0;
        for (std::uint16_t a = 0; a < width; ++a)
            for (std::uint16_t b = 0; b < width; ++b) {
                if (a == b || (qvit::wires_of(kind) == 1 && b != (a + 1) % width)) continue;
                qvit::runtime_circuit circuit(width);
                circuit.parameters = 3;
                for (std::uint16_t wire = 0; wire < width; ++wire)
                    circuit.gates.push_back({qvit::ry, {wire}, {qvit::angle(0.3 + 0.2 * wire)}, 0});
                circuit.gates.push_back({qvit::cnot, {b, a}, {}, 0});
                circuit.gates.push_back(
                    {kind, {a, b}, {2 * qvit::weight(0), qvit::weight(1), qvit::weight(2) + 0.5}, 0});
                circuit.gates.push_back({qvit::h, {a}, {}, 0});
                circuit.gates.push_back({qvit::cz, {a, b}, {}, 0});
                circuit.measure_all_z();
                qvit::pauli_string<64> string;
                string.set(a, qvit::y);
                string.set(b, qvit::x);
                circuit.terms.push_back({0, static_cast<std::uint16_t>(circuit.strings.size()), -0.7});
                circuit.strings.push_back(string);
                const std::array<double, 3> weights{0.4, -1.1, 0.8};
                const std::array<double, width> upstream{1, -0.5, 0.25, 2, -1, 0.75, 0.1, -0.3, 1.5};
                const auto expected =
                    reference::gradient(reference::dense(circuit), nullptr, weights.data(), upstream.data());
                const auto found = qvit::value_and_gradient<double>(circuit, nullptr, weights.data(), upstream.data(),
                                                                    wide_options{0, 0, 1});
                REQUIRE(found);
                worst = std::max(worst, error(found->weight_gradient, expected.weights));
                CHECK(reference::largest_magnitude(expected.weights) > 1e-6);
            }
        CHECK(worst < 1e-12);
    }
}

TEST_CASE("wide gradient: an angle whose value makes the gate diagonal keeps its gradient") {
    // RY(0) is the identity, but its derivative does not commute with the CNOTs around it.
    qvit::runtime_circuit circuit(2);
    circuit.parameters = 1;
    circuit.gates = {{qvit::ry, {0}, {qvit::angle(0.7)}, 0},
                     {qvit::cnot, {0, 1}, {}, 0},
                     {qvit::ry, {0}, {qvit::weight(0)}, 0},
                     {qvit::cnot, {0, 1}, {}, 0}};
    circuit.measure_all_z();
    const double zero = 0;
    const std::array<double, 2> upstream{1, 3};
    const auto expected = reference::gradient(reference::dense(circuit), nullptr, &zero, upstream.data());
    const auto found = qvit::value_and_gradient<double>(circuit, nullptr, &zero, upstream.data());
    REQUIRE(found);
    CHECK(error(found->weight_gradient, expected.weights) < 1e-14);
}

TEST_CASE("wide gradient: all probabilities of 12 wires, more than a chunk of the sums") {
    constexpr std::size_t width = 12;
    qvit::runtime_circuit circuit(width);
    circuit.parameters = width;
    for (std::uint16_t wire = 0; wire < width; ++wire) {
        circuit.gates.push_back({qvit::rx, {wire}, {qvit::weight(wire)}, 0});
        if (wire > 0) circuit.gates.push_back({qvit::cnot, {static_cast<std::uint16_t>(wire - 1), wire}, {}, 0});
    }
    circuit.probabilities.push_back({0, 0, width});
    circuit.outputs = std::size_t{1} << width;
    for (std::size_t bits = 0; bits < circuit.outputs; ++bits) {
        qvit::pauli_string<64> string;
        string.z.words[0] = bits;
        circuit.strings.push_back(string);
    }
    random_stream draw(3);
    std::vector<double> weights(circuit.parameters);
    std::vector<double> upstream(circuit.outputs);
    for (double& x : weights) x = draw.uniform(-2, 2);
    for (double& x : upstream) x = draw.uniform(-2, 2);
    const auto found = qvit::value_and_gradient<double>(circuit, nullptr, weights.data(), upstream.data());
    REQUIRE(found);
    const reference::dense_circuit dense = reference::dense(circuit);
    const reference::state psi = reference::run(dense, nullptr, weights.data());
    std::vector<double> expected;
    for (const reference::complex& amplitude : psi) expected.push_back(std::norm(amplitude));
    CHECK(reference::largest_difference(found->outputs, expected) < 1e-14);
    for (std::size_t w = 0; w < width; w += 3) {
        const auto at = [&](double shift) {
            std::vector<double> moved = weights;
            moved[w] += shift;
            const reference::state end = reference::run(dense, nullptr, moved.data());
            double sum = 0;
            for (std::size_t i = 0; i < end.size(); ++i) sum += upstream[i] * std::norm(end[i]);
            return sum;
        };
        const double quarter = qvit::pi / 2;
        CHECK(reference::close(found->weight_gradient[w], (at(quarter) - at(-quarter)) / 2, 1e-10, 1e-12));
    }
}

TEST_CASE("wide gradient: what cannot be run says why") {
    qvit::runtime_circuit circuit(50);
    circuit.measure_all_z();
    std::string why;
    const std::vector<double> upstream(50, 1.0);
    CHECK_FALSE(qvit::value_and_gradient<float>(circuit, nullptr, nullptr, upstream.data(), {}, &why));
    CHECK(why.find("50 wires are too many") != std::string::npos);
    circuit = qvit::runtime_circuit(1);
    circuit.amplitude_input = true;
    circuit.inputs = 2;
    circuit.measure_all_z();
    const std::array<double, 2> zeros{};
    CHECK_FALSE(qvit::value_and_gradient<float>(circuit, zeros.data(), nullptr, upstream.data(), {}, &why));
    CHECK(why.find("input amplitudes") != std::string::npos);
}

// Such stages have loops of their own (wide_adjoint_shears.hpp); flips are undone before, as amplitudes are loaded.
TEST_CASE_TEMPLATE("wide gradient: a rotation of every wire, then a few flips, for every kind of such a stage", R,
                   float, double) {
    constexpr std::size_t wires = 11;
    constexpr std::size_t lane_count = qvit::lane_count<qvit::lanes<R>>;
    std::array<std::array<std::size_t, 4>, 3> seen{};  // by which wires are turned, and what happens to lanes
    for (std::uint32_t round = 0; round < 200; ++round) {
        INFO("round ", round);
        random_stream draw(43, 1, round);
        qvit::runtime_circuit circuit(wires);
        const auto wire = [](std::size_t i) { return static_cast<std::uint16_t>(i % wires); };
        // Wires that nothing turns can control flips of lanes from outside of a stage's registers.
        const std::size_t still = round % 2 == 0 ? wires : 4 * draw.below(3);
        for (std::size_t layer = 0; layer < (round % 3 == 0 ? 2 : 1); ++layer) {
            for (std::size_t i = 0; i < wires; ++i)
                if (i / 4 * 4 != still)
                    circuit.gates.push_back({qvit::ry, {wire(i)}, {qvit::weight(circuit.parameters++)}, 0});
            for (std::size_t flips = 1 + draw.below(4); flips-- > 0;) {
                const std::size_t control = draw.below(wires);
                const std::size_t step = draw.below(2) == 0 ? 1 : 1 + draw.below(wires - 1);
                circuit.gates.push_back({qvit::cnot, {wire(control), wire(control + step)}, {}, 0});
            }
        }
        circuit.measure_all_z();
        std::vector<double> weights(circuit.parameters);
        std::vector<double> upstream(circuit.outputs);
        for (double& x : weights) x = draw.uniform(-1.4, 1.4);
        for (double& x : upstream) x = draw.uniform(-2, 2);
        const reference::dense_circuit dense = reference::dense(circuit);
        const auto expected = reference::gradient(dense, nullptr, weights.data(), upstream.data());
        const auto backward = qvit::detail::undone(circuit, qvit::primitives_of(circuit, nullptr, weights.data()));
        for (const wide_options& cut : cuts) {
            const auto found = qvit::value_and_gradient<R>(circuit, nullptr, weights.data(), upstream.data(), cut);
            REQUIRE(found);
            CHECK(error(found->weight_gradient, expected.weights) < (sizeof(R) == 4 ? 2e-5 : 1e-12));
            for (const auto& pass : qvit::wide_plan<R>(backward, wires, cut, qvit::wide_run::adjoint_real).passes)
                for (const auto& stage : pass.stages) {
                    const qvit::wide_permutation& p = stage.permutation;
                    ++seen[static_cast<std::size_t>(stage.shears)][p.exchanges ? 2 : p.reorders ? 1 : 0];
                    for (const auto& c : p.conditionals)
                        seen[static_cast<std::size_t>(stage.shears)][3] += p.lanes_of(c.image) != 0;
                }
        }
    }
    if (lane_count < 4) return;  // too few for every kind to occur
    for (std::size_t kind = 0; kind < seen.size(); ++kind)
        for (std::size_t moves = 0; moves < seen[kind].size(); ++moves) {
            INFO("kind ", kind, ", moves ", moves);
            CHECK(seen[kind][moves] > 0);
        }
}

TEST_CASE_TEMPLATE("wide gradient: deep runs, whose cosines multiply to less than a float holds", R, float, double) {
    constexpr std::size_t wires = 9;
    constexpr std::size_t layers = 40;  // 360 rotations by nearly a quarter turn: cosines of 1e-54 together
    for (const bool complex : {false, true}) {
        qvit::runtime_circuit circuit(wires);
        const auto wire = [](std::size_t i) { return static_cast<std::uint16_t>(i % wires); };
        for (std::size_t layer = 0; layer < layers; ++layer) {
            for (std::size_t i = 0; i < wires; ++i)
                circuit.gates.push_back({qvit::ry, {wire(i)}, {qvit::weight(circuit.parameters++)}, 0});
            for (std::size_t i = 0; i < wires; ++i)
                circuit.gates.push_back({qvit::cnot, {wire(i), wire(i + 1)}, {}, 0});
            if (complex) circuit.gates.push_back({qvit::rz, {wire(layer)}, {qvit::weight(circuit.parameters++)}, 0});
        }
        circuit.measure_all_z();
        random_stream draw(42);
        std::vector<double> weights(circuit.parameters);
        std::vector<double> upstream(circuit.outputs);
        for (double& x : weights) x = draw.uniform(1.5, 1.57);
        for (double& x : upstream) x = draw.uniform(-2, 2);
        const reference::dense_circuit dense = reference::dense(circuit);
        const auto expected = reference::gradient(dense, nullptr, weights.data(), upstream.data());
        for (const wide_options& cut : cuts) {
            const auto found = qvit::value_and_gradient<R>(circuit, nullptr, weights.data(), upstream.data(), cut);
            REQUIRE(found);
            CHECK(error(found->weight_gradient, expected.weights) < (sizeof(R) == 4 ? 2e-5 : 1e-12));
        }
    }
}

TEST_CASE("wide gradient: two layers on so many wires that plans are compared, against finite differences") {
    constexpr std::size_t wires = 16;
    for (const bool complex : {false, true}) {
        qvit::runtime_circuit circuit(wires);
        const auto wire = [](std::size_t i) { return static_cast<std::uint16_t>(i % wires); };
        for (std::size_t layer = 0; layer < 2; ++layer) {
            for (std::size_t i = 0; i < wires; ++i)
                circuit.gates.push_back({qvit::ry, {wire(i)}, {qvit::weight(circuit.parameters++)}, 0});
            for (std::size_t i = 0; i < wires && complex; ++i)
                circuit.gates.push_back({qvit::rz, {wire(i)}, {qvit::weight(circuit.parameters++)}, 0});
            for (std::size_t i = 0; i < wires; ++i)
                circuit.gates.push_back({qvit::cnot, {wire(i), wire(i + 1)}, {}, 0});
        }
        circuit.measure_all_z();
        random_stream draw(41, complex ? 1 : 0);
        std::vector<double> weights(circuit.parameters);
        std::vector<double> upstream(circuit.outputs);
        for (std::vector<double>* list : {&weights, &upstream})
            for (double& x : *list) x = draw.uniform(-2, 2);
        const auto found = qvit::value_and_gradient<double>(circuit, nullptr, weights.data(), upstream.data());
        REQUIRE(found);
        const auto value = [&](std::size_t k, double shift) {
            std::vector<double> shifted = weights;
            shifted[k] += shift;
            const auto at = qvit::value_and_gradient<double>(circuit, nullptr, shifted.data(), upstream.data());
            double sum = 0;
            for (std::size_t o = 0; o < circuit.outputs; ++o) sum += upstream[o] * at->outputs[o];
            return sum;
        };
        for (std::size_t k = 0; k < circuit.parameters; k += 5) {
            const double expected = (value(k, 1e-4) - value(k, -1e-4)) / 2e-4;
            CHECK(std::abs(found->weight_gradient[k] - expected) < 1e-6);
        }
    }
}

}  // namespace
