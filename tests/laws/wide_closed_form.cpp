// SPDX-License-Identifier: Apache-2.0
// Circuits far wider than any statevector, against the product formula of one RY + CNOT ring layer.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include <reference/evaluator_subject.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;

/// out_0 = c_1 ... c_{n-1}; out_j = c_0 ... c_j for j >= 1, with c_i = cos(x_i + theta_i); n >= 3.
bool ring_factor(std::size_t output, std::size_t wire) { return output == 0 ? wire != 0 : wire <= output; }
/// Without the last CNOT: out_j = c_0 ... c_j.
bool chain_factor(std::size_t output, std::size_t wire) { return wire <= output; }

batch_result by_formula(std::size_t width, const batch& b, bool (*has_factor)(std::size_t, std::size_t) = ring_factor) {
    batch_result result;
    result.weight_gradient.assign(width, 0);
    for (std::size_t s = 0; s < b.samples; ++s) {
        std::vector<double> angle(width);
        for (std::size_t i = 0; i < width; ++i) angle[i] = b.inputs[s * width + i] + b.weights[i];
        std::vector<double> gradient(width);
        for (std::size_t output = 0; output < width; ++output) {
            double value = 1;
            for (std::size_t i = 0; i < width; ++i) value *= has_factor(output, i) ? std::cos(angle[i]) : 1;
            result.outputs.push_back(value);
            for (std::size_t k = 0; k < width; ++k) {
                if (!has_factor(output, k)) continue;
                double derivative = -std::sin(angle[k]);
                for (std::size_t i = 0; i < width; ++i)
                    derivative *= i != k && has_factor(output, i) ? std::cos(angle[i]) : 1;
                gradient[k] += b.upstream[s * width + output] * derivative;
            }
        }
        for (std::size_t k = 0; k < width; ++k) result.weight_gradient[k] += gradient[k];
        result.input_gradient.insert(result.input_gradient.end(), gradient.begin(), gradient.end());
    }
    return result;
}

// The work is linear in the width: shared prefixes, no term twice. A formula without sharing would need n^2 / 2.
static_assert(closed_form<ry_ring<64, 1>>.feasible);
static_assert(closed_form<ry_ring<64, 1>>.multiply_adds() <= 2 * 64);
static_assert(closed_form<ry_ring<8, 1>>.multiply_adds() <= 2 * 8);
static_assert(best_engine<ry_ring<64, 1>>() == engine::closed_form);

// A width that is no multiple of a chunk of the sweep, and a formula with one row of products instead of two.
constexpr auto chain_of_37 = circuit<37>(encode<ry>, rotate<ry>, entangle<cnot>(chain), measure<z>);
static_assert(streamed_products<chain_of_37>::applies && streamed_products<ry_ring<64, 1>>::applies &&
              streamed_products<ry_ring<24, 1>>::applies && !streamed_products<ry_ring<8, 1>>::applies);

/// Few rotations, so that it compiles quickly: the observables are what is wide.
constexpr auto wider_than_a_word = circuit<70>(encode<ry, 0, 35, 69>, entangle<cnot>(ring), measure<z, 0, 35, 69>);

/// Angles small enough that the product of all cosines does not vanish.
batch small_angles(const dense_circuit& circuit, std::size_t samples) {
    batch b = random_batch(circuit, samples, 7);
    for (double& weight : b.weights) weight = static_cast<double>(static_cast<float>(weight / 16));
    for (double& input : b.inputs) input = static_cast<double>(static_cast<float>(input / 32));
    return b;
}
}  // namespace

TEST_CASE("64 wires, one layer: the product formula") {
    const engine_subject lanes_double = subject<ry_ring<64, 1>, lanes<double>, engine::closed_form>("ry_ring<64, 1>");
    batch b = small_angles(lanes_double.circuit, lanes_double.lanes + 3);
    CHECK(std::abs(by_formula(64, b).outputs[63]) > 1e-3);
    check_near(lanes_double.run(b), by_formula(64, b), 1e-12);
    // An angle of a quarter turn, where a gradient made by dividing by the cosine has no value.
    for (std::size_t s = 0; s < b.samples; ++s) b.inputs[s * 64 + 20] = std::acos(0.0) - b.weights[20];
    const batch_result quarter = by_formula(64, b);
    CHECK(std::abs(quarter.input_gradient[20]) > 1e-3);
    check_near(lanes_double.run(b), quarter, 1e-12);
    law_gradients_accumulate(lanes_double);
    law_batch_is_loop(lanes_double);
}

TEST_CASE("37 wires, a chain: the product formula") {
    const engine_subject engine = subject<chain_of_37, double, engine::closed_form>("chain_of_37");
    const batch b = small_angles(engine.circuit, 5);
    check_near(engine.run(b), by_formula(37, b, chain_factor), 1e-12);
    law_gradients_accumulate(engine);
}

TEST_CASE("24 wires, fewer than a chunk: the product formula") {
    const engine_subject engine = subject<ry_ring<24, 1>, lanes<double>, engine::closed_form>("ry_ring<24, 1>");
    const batch b = small_angles(engine.circuit, engine.lanes + 1);
    check_near(engine.run(b), by_formula(24, b), 1e-12);
    law_gradients_accumulate(engine);
}

TEST_CASE("70 wires: observables of more than one word") {
    const engine_subject wide = subject<wider_than_a_word, double, engine::closed_form>("wider_than_a_word");
    const batch b = random_batch(wide.circuit, 8);
    const batch_result result = wide.run(b);
    for (std::size_t s = 0; s < b.samples; ++s) {
        auto cosine = [&](std::size_t wire) { return std::cos(b.inputs[s * 70 + wire]); };
        auto sine = [&](std::size_t wire) { return std::sin(b.inputs[s * 70 + wire]); };
        const double* upstream = b.upstream.data() + s * 3;
        const double* output = result.outputs.data() + s * 3;
        const double* gradient = result.input_gradient.data() + s * 70;
        CHECK(close(output[0], cosine(35) * cosine(69), 0, 1e-14));
        CHECK(close(output[1], cosine(0) * cosine(35), 0, 1e-14));
        CHECK(close(output[2], cosine(0) * cosine(35) * cosine(69), 0, 1e-14));
        const double last = upstream[0] * cosine(35) + upstream[2] * cosine(0) * cosine(35);
        CHECK(close(gradient[69], -sine(69) * last, 0, 1e-14));
        CHECK(gradient[68] == 0.0);
    }
}

TEST_CASE("the product formula is the oracle's for a width that both can do") {
    const engine_subject narrow = subject<ry_ring<6, 1>, double, engine::closed_form>("ry_ring<6, 1>");
    const batch b = random_batch(narrow.circuit, 9);
    check_near(by_formula(6, b), oracle(narrow.circuit, b), 1e-13);
    check_near(narrow.run(b), oracle(narrow.circuit, b), 1e-13);
}
