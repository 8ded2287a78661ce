// SPDX-License-Identifier: Apache-2.0
// Noise by trajectories, against density matrices: fixed seeds, bounds of 5 standard errors.
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/exact_expectations.hpp>
#include <qvit/statevector/finite_difference.hpp>
#include <qvit/statevector/noise_model.hpp>
#include <qvit/statevector/noisy_expectations.hpp>
#include <qvit/statevector/noisy_trajectory.hpp>
#include <qvit/statevector/parameter_shift.hpp>
#include <qvit/statevector/wide_statevector.hpp>
#include <reference/close.hpp>
#include <reference/density_matrix.hpp>
#include <reference/random_circuit.hpp>
#include <reference/random_numbers.hpp>

#include "wide_instances.hpp"

using namespace qvit;
using reference::close;
using reference::largest_difference;
using reference::random_numbers;

namespace {
using numbers = std::vector<double>;

/// The outputs under the noise as its documentation says, by density matrices.
numbers oracle(const runtime_circuit& c, const noise_model& noise, const numbers& x, const numbers& w) {
    const auto dense = reference::dense(c);
    const auto rho = reference::run_noisy(dense, x.data(), w.data(), [&noise](const gate& g) {
        std::vector<reference::placed_channel> channels;
        if (wires_of(g.kind) == 2)
            channels.push_back(
                {reference::depolarising_two_wires(noise.depolarising_two_wires), reference::wires_of(g)});
        for (const std::size_t wire : reference::wires_of(g)) {
            channels.push_back({reference::depolarising(wires_of(g.kind) == 1 ? noise.depolarising_one_wire
                                                                              : noise.depolarising_more_wires),
                                {wire}});
            channels.push_back({reference::bit_flip(noise.bit_flip), {wire}});
            channels.push_back({reference::phase_flip(noise.phase_flip), {wire}});
            channels.push_back({reference::amplitude_damping(noise.amplitude_damping), {wire}});
        }
        return channels;
    });
    return reference::expectations(dense, rho, {noise.readout.read_1_of_0, noise.readout.read_0_of_1});
}

/// The largest |value - truth| in standard errors; 1e-12 is rounding.
double distance(const circuit_estimate& found, const numbers& truth) {
    double largest = found.values.size() == truth.size() ? 0 : std::numeric_limits<double>::infinity();
    for (std::size_t o = 0; o < truth.size(); ++o)
        largest = std::fmax(largest, std::fabs(found.values[o] - truth[o]) / (found.standard_errors[o] + 1e-12));
    return largest;
}

constexpr auto layered = circuit<3>(encode<ry>, repeat<2>(rotate<rx>, entangle<cnot>(ring)), rotate<crz, 2, 0>,
                                    measure<z>, measure<x, 1>, measure<y, 0>, measure_probabilities<0, 1>);
}  // namespace

TEST_CASE("noise: the mean over trajectories is the density matrix's, each channel and all together") {
    const runtime_circuit c = layered;
    const numbers x = random_numbers(c.inputs, 1);
    const numbers w = random_numbers(c.parameters, 2);
    const numbers clean = oracle(c, {}, x, w);
    const noise_model models[] = {
        {.depolarising_one_wire = 0.1},
        {.depolarising_more_wires = 0.1},
        {.depolarising_two_wires = 0.15},
        {.bit_flip = 0.1},
        {.phase_flip = 0.1},
        {.amplitude_damping = 0.15},
        {.depolarising_one_wire = 0.05,
         .depolarising_more_wires = 0.08,
         .depolarising_two_wires = 0.05,
         .bit_flip = 0.03,
         .phase_flip = 0.04,
         .amplitude_damping = 0.06,
         .readout = {0.02, 0.07}},
    };
    std::uint64_t seed = 0;
    for (const noise_model& noise : models) {
        INFO("model " << seed);
        const numbers truth = oracle(c, noise, x, w);
        const auto exact_readout = noisy_expectations{.noise = noise, .trajectories = 4000, .seed = seed}(c, x, w);
        REQUIRE(exact_readout);
        CHECK(distance(*exact_readout, truth) < 5);
        CHECK(distance(*exact_readout, clean) > 8);  // the noise is noticed
        const auto sampled =
            noisy_expectations{.noise = noise, .trajectories = 4000, .shots = 2, .seed = seed}(c, x, w);
        REQUIRE(sampled);
        CHECK(distance(*sampled, truth) < 5);
        CHECK(distance(*sampled, clean) > 5);
        for (std::size_t o = 0; o < c.outputs; ++o)
            CHECK(exact_readout->standard_errors[o] < sampled->standard_errors[o]);
        ++seed;
    }
}

TEST_CASE("noise: a wrong probability is detected") {
    const auto c = circuit<1>(apply<operation::x>, apply<id>, apply<id>, measure<z>);
    for (const noise_model& noise : {noise_model{.depolarising_one_wire = 0.1}, noise_model{.bit_flip = 0.1},
                                     noise_model{.amplitude_damping = 0.1}}) {
        const auto found = noisy_expectations{.noise = noise, .trajectories = 20000, .seed = 5}(c, {}, {});
        CHECK(distance(*found, oracle(c, noise, {}, {})) < 5);
        noise_model wrong = noise;
        for (double* p : {&wrong.depolarising_one_wire, &wrong.bit_flip, &wrong.amplitude_damping}) *p *= 1.15;
        CHECK(distance(*found, oracle(c, wrong, {}, {})) > 5);
    }
}

TEST_CASE("noise: random circuits of all gates under all channels") {
    double squares = 0;
    std::size_t compared = 0;
    const reference::random_circuit_options small{.most_width = 3, .most_gates = 10};
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        INFO("seed " << seed);
        const runtime_circuit c = reference::random_circuit(seed, small);
        const numbers x = random_numbers(c.inputs, 2 * seed);
        const numbers w = random_numbers(c.parameters, 2 * seed + 1);
        const noise_model noise{.depolarising_one_wire = 0.1,
                                .depolarising_more_wires = 0.15,
                                .depolarising_two_wires = 0.1,
                                .bit_flip = 0.05,
                                .phase_flip = 0.1,
                                .amplitude_damping = seed % 2 == 0 ? 0.2 : 0.0,
                                .readout = {0.1, 0.05}};
        const numbers truth = oracle(c, noise, x, w);
        std::string why;
        const auto found = noisy_expectations{.noise = noise, .trajectories = 1500, .seed = seed}(c, x, w, &why);
        INFO(why);
        REQUIRE(found);
        CHECK(distance(*found, truth) < 5);
        for (std::size_t o = 0; o < c.outputs; ++o)
            if (found->standard_errors[o] > 3e-3) {
                squares += std::pow((found->values[o] - truth[o]) / found->standard_errors[o], 2);
                ++compared;
            }
    }
    CHECK(compared > 80);
    // Outputs of one circuit are correlated: a wider bound than 5 sqrt(2 / n).
    CHECK(close(squares / static_cast<double>(compared), 1, 0, 8 * std::sqrt(2.0 / static_cast<double>(compared))));
}

TEST_CASE("noise: the limits") {
    const runtime_circuit c = layered;
    const numbers x = random_numbers(c.inputs, 3);
    const numbers w = random_numbers(c.parameters, 4);
    const auto exact = exact_expectations{}(c, x, w);
    // No noise: exact, from one run.
    const auto clean = noisy_expectations{.trajectories = 1}(c, x, w);
    CHECK(largest_difference(clean->values, exact->values) < 1e-14);
    CHECK(clean->standard_errors == numbers(c.outputs));

    const auto all = circuit<1>(apply<ry>(0.7), apply<rz>(0.4), measure<operation::x>, measure<y>, measure<z>);
    // Depolarising with 3/4 leaves the mixed state.
    const auto mixed =
        noisy_expectations{.noise = {.depolarising_one_wire = 0.75}, .trajectories = 5000, .seed = 1}(all, {}, {});
    CHECK(distance(*mixed, numbers(3)) < 5);
    CHECK(mixed->standard_errors[2] < 0.02);
    // Damping with 1 ends in |0>, whatever was drawn; flips with certainty are gates.
    const auto damped =
        noisy_expectations{.noise = {.amplitude_damping = 1}, .trajectories = 50, .seed = 1}(all, {}, {});
    CHECK(largest_difference(damped->values, numbers{0, 0, 1}) < 1e-14);
    CHECK(damped->standard_errors[2] < 1e-14);
    const auto flipped = noisy_expectations{.noise = {.bit_flip = 1}, .trajectories = 5}(
        circuit<1>(apply<ry>(0.7), measure<operation::x>, measure<y>, measure<z>), {}, {});
    CHECK(largest_difference(flipped->values, numbers{std::sin(0.7), 0, -std::cos(0.7)}) < 1e-14);
    const auto phased = noisy_expectations{.noise = {.phase_flip = 1}, .trajectories = 5}(
        circuit<1>(apply<ry>(0.7), measure<operation::x>, measure<y>, measure<z>), {}, {});
    CHECK(largest_difference(phased->values, numbers{-std::sin(0.7), 0, std::cos(0.7)}) < 1e-14);
}

TEST_CASE("noise: a gate of two wires is depolarised on both, one of one wire with its own probability") {
    const noise_model noise{.depolarising_one_wire = 0, .depolarising_more_wires = 0.75};
    const auto c = circuit<3>(apply<operation::x>, apply<cz, 0, 1>, measure<z>);
    const auto found = noisy_expectations{.noise = noise, .trajectories = 4000, .seed = 2}(c, {}, {});
    CHECK(std::fabs(found->values[0]) < 5 * found->standard_errors[0]);
    CHECK(std::fabs(found->values[1]) < 5 * found->standard_errors[1]);
    CHECK(found->values[2] == -1);
    // The two errors are independent: <Z_0 Z_1> would be 1 if they were one.
    runtime_circuit both = c;
    both.strings[0].set(1, z);
    const auto pair = noisy_expectations{.noise = noise, .trajectories = 4000, .seed = 2}(both, {}, {});
    CHECK(std::fabs(pair->values[0]) < 5 * pair->standard_errors[0]);
}

TEST_CASE("noise: a trajectory is a state of norm 1, real where the circuit is") {
    const runtime_circuit c = circuit<3>(encode<ry>, rotate<ry>, entangle<cnot>(ring), rotate<cry, 0, 2>, measure<z>);
    const numbers angles = random_numbers(4, 12);
    auto state = wide_statevector<double>::make(3, true);
    const noise_model noise{.depolarising_one_wire = 0.5,
                            .depolarising_more_wires = 0.5,
                            .bit_flip = 0.5,
                            .phase_flip = 0.5,
                            .amplitude_damping = 0.5};
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        CHECK(run_noisy_trajectory(*state, c, angles.data(), angles.data(), noise, random_stream(seed)));
        CHECK(close(state->norm_squared(), 1, 1e-13, 0));
    }
    const runtime_circuit complex = circuit<3>(apply<s>, measure<z>);
    CHECK_FALSE(run_noisy_trajectory(*state, complex, nullptr, nullptr, noise, random_stream(0)));
}

TEST_CASE("noise: readout errors are averaged over exactly, and sampled with shots") {
    double largest = 0;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        INFO("seed " << seed);
        const runtime_circuit c = reference::random_circuit(seed);
        const numbers x = random_numbers(c.inputs, 2 * seed);
        const numbers w = random_numbers(c.parameters, 2 * seed + 1);
        const noise_model noise{.readout = {0.03 * static_cast<double>(seed % 5), 0.11}};
        const auto found = noisy_expectations{.noise = noise, .trajectories = 1}(c, x, w);
        REQUIRE(found);
        const numbers truth = oracle(c, noise, x, w);
        CHECK(largest_difference(found->values, truth) < 1e-12);
        CHECK(found->standard_errors == numbers(c.outputs));
        largest = std::fmax(largest, largest_difference(truth, exact_expectations{}(c, x, w)->values));
    }
    CHECK(largest > 0.1);

    const runtime_circuit c = layered;
    const numbers x = random_numbers(c.inputs, 6);
    const numbers w = random_numbers(c.parameters, 7);
    const noise_model noise{.readout = {0.05, 0.2}};
    const numbers truth = oracle(c, noise, x, w);
    const auto found = noisy_expectations{.noise = noise, .trajectories = 20, .shots = 2000, .seed = 4}(c, x, w);
    CHECK(distance(*found, truth) < 5);
    CHECK(distance(*found, exact_expectations{}(c, x, w)->values) > 8);
    // Read always wrongly: every sign turns, with any number of shots.
    const auto turned = circuit<2>(apply<operation::x, 0>, measure<z>);
    for (const std::size_t shots : {0U, 7U})
        CHECK(noisy_expectations{.noise = {.readout = {1, 1}}, .trajectories = 3, .shots = shots}(turned, {}, {})
                  ->values == numbers{1, -1});
    // Half wrong both ways: nothing is left.
    const auto lost = noisy_expectations{.noise = {.readout = {0.5, 0.5}}}(c, x, w);
    CHECK(largest_difference(lost->values, numbers{0, 0, 0, 0, 0, 0.25, 0.25, 0.25, 0.25}) < 1e-15);
}

TEST_CASE("noise: the same bits for the same seed and evaluation, other trajectories otherwise") {
    const runtime_circuit c = layered;
    const numbers x = random_numbers(c.inputs, 1);
    const numbers w = random_numbers(c.parameters, 2);
    for (const std::size_t shots : {0U, 3U}) {
        noisy_expectations method{
            .noise = {.depolarising_one_wire = 0.1, .amplitude_damping = 0.1}, .trajectories = 40, .shots = shots};
        const auto first = method(c, x, w);
        CHECK(first->values == method(c, x, w)->values);
        CHECK(first->standard_errors == method(c, x, w)->standard_errors);
        CHECK(first->values != method(c, x, w, nullptr, 1)->values);
        method.seed = 1;
        CHECK(first->values != method(c, x, w)->values);
    }
    const auto one = noisy_expectations{.noise = {.bit_flip = 0.1}, .trajectories = 1}(c, x, w);
    CHECK(one->standard_errors == numbers(c.outputs, std::numeric_limits<double>::infinity()));
}

TEST_CASE("noise: the same bits for any number of threads, more than there are trajectories too") {
    const runtime_circuit c = layered;
    const numbers x = random_numbers(c.inputs, 1);
    const numbers w = random_numbers(c.parameters, 2);
    for (const std::size_t shots : {0U, 3U})
        for (const std::size_t trajectories : {1U, 3U, 150U}) {
            noisy_expectations method{.noise = {.depolarising_one_wire = 0.1, .amplitude_damping = 0.1},
                                      .trajectories = trajectories,
                                      .shots = shots,
                                      .seed = 5};
            const auto alone = method(c, x, w);
            for (const std::size_t threads : {0U, 2U, 3U, 7U}) {
                method.threads = threads;
                const auto shared = method(c, x, w);
                CHECK(shared->values == alone->values);
                CHECK(shared->standard_errors == alone->standard_errors);
            }
        }
    const runtime_circuit amplitudes = circuit<2>(encode_amplitudes, rotate<ry>, measure<z>);
    std::string why;
    CHECK(!noisy_expectations{.noise = {.bit_flip = 0.1}, .threads = 2}(amplitudes, numbers(4), numbers(2), &why));
    CHECK(why.find("norm 0") != std::string::npos);
}

TEST_CASE("noise: parameter shift gives the gradient of the noisy outputs") {
    const runtime_circuit c = layered;
    const numbers x = random_numbers(c.inputs, 31);
    const numbers w = random_numbers(c.parameters, 32);
    const numbers upstream{1, -0.5, 2, 0.3, 1.1, 1, 0, 0, -2};
    const noisy_expectations readout_only{.noise = {.readout = {0.05, 0.2}}};
    const auto shifted = parameter_shift(c, x, w, upstream, readout_only);
    const auto numeric = finite_difference(c, x, w, upstream, readout_only);
    REQUIRE(shifted);
    CHECK(largest_difference(shifted->inputs, numeric->inputs) < 1e-9);
    CHECK(largest_difference(shifted->weights, numeric->weights) < 1e-9);
    CHECK(largest_difference(shifted->weights, parameter_shift(c, x, w, upstream)->weights) > 0.1);

    const noise_model noise{.depolarising_one_wire = 0.05, .depolarising_more_wires = 0.05, .amplitude_damping = 0.1};
    const auto noisy =
        parameter_shift(c, x, w, upstream, noisy_expectations{.noise = noise, .trajectories = 1000, .seed = 1});
    REQUIRE(noisy);
    const auto loss = [&](const numbers& weights) {
        const numbers outputs = oracle(c, noise, x, weights);
        double sum = 0;
        for (std::size_t o = 0; o < outputs.size(); ++o) sum += upstream[o] * outputs[o];
        return sum;
    };
    for (std::size_t i = 0; i < w.size(); ++i) {
        numbers above = w;
        numbers below = w;
        above[i] += 1e-4;
        below[i] -= 1e-4;
        const double truth = (loss(above) - loss(below)) / 2e-4;
        CHECK(std::fabs(noisy->weights[i] - truth) < 5 * noisy->weight_errors[i]);
        CHECK(noisy->weight_errors[i] < 0.1);
    }
}

TEST_CASE("noise: what is no probability is refused, with the number") {
    const runtime_circuit c = layered;
    const numbers x(c.inputs);
    const numbers w(c.parameters);
    const auto refusal = [&](const noise_model& noise, std::size_t trajectories = 10) {
        std::string why;
        CHECK_FALSE(noisy_expectations{.noise = noise, .trajectories = trajectories}(c, x, w, &why));
        return why;
    };
    CHECK(refusal({.depolarising_one_wire = -0.1}) ==
          "[qvit::noise_model] depolarising_one_wire is a probability, 0 to 1; -0.100000 given");
    CHECK(refusal({.depolarising_more_wires = 1.5}) ==
          "[qvit::noise_model] depolarising_more_wires is a probability, 0 to 1; 1.500000 given");
    CHECK(refusal({.depolarising_two_wires = 16.0 / 15}).find("depolarising_two_wires is a probability") !=
          std::string::npos);
    CHECK(refusal({.bit_flip = 2}).find("bit_flip") != std::string::npos);
    CHECK(refusal({.phase_flip = std::nan("")}).find("phase_flip is a probability, 0 to 1; nan") != std::string::npos);
    CHECK(refusal({.amplitude_damping = 1 + 1e-6}).find("amplitude_damping") != std::string::npos);
    CHECK(refusal({.readout = {-1, 0}}).find("readout.read_1_of_0") != std::string::npos);
    CHECK(refusal({.readout = {0, 7}}).find("readout.read_0_of_1") != std::string::npos);
    CHECK(refusal({}, 0) == "[qvit::noisy_expectations] at least 1 trajectory is needed, 0 given");
    std::string why;
    CHECK_FALSE(noisy_expectations{}(c, numbers(1), w, &why));
    CHECK(why == "[qvit::runtime_circuit] the circuit has 3 inputs, 1 given");
}
