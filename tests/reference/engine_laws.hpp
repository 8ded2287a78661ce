// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/engine_subject.hpp>

/// What has to hold for every circuit on every engine over every scalar type. Each law is one function of a subject.
namespace reference {

/// Largest |a - b| / max(1, max|b|). Outputs are of order 1, so that is a scale even for those that vanish.
inline double scaled_difference(const std::vector<double>& a, const std::vector<double>& b) {
    return largest_difference(a, b) / std::max(1.0, largest_magnitude(b));
}
inline double tolerance_of(const engine_subject& s) { return s.is_double ? 2e-14 * 8 : 1e-5; }

/// Angles in two turns either way, except that samples 0 to 5 sit at and near the angles where sines or cosines vanish.
/// Every number is a float, so that float engines see the same inputs.
inline batch random_batch(const dense_circuit& circuit, std::size_t samples, std::uint32_t seed = 1) {
    qvit::random_stream draw(seed, 1000);
    auto number = [&](double low, double high) {
        return static_cast<double>(static_cast<float>(draw.uniform(low, high)));
    };
    batch b;
    b.samples = samples;
    for (std::size_t i = 0; i < circuit.parameters; ++i) b.weights.push_back(number(-4, 4));
    const double pi = std::acos(-1.0);
    const double special[6] = {pi, -pi / 2, 0, -pi, pi - 1e-3, pi + 1e-6};
    for (std::size_t s = 0; s < samples; ++s)
        for (std::size_t i = 0; i < circuit.inputs; ++i)
            b.inputs.push_back(s < 6 ? static_cast<double>(static_cast<float>(special[s])) : number(-2 * pi, 2 * pi));
    for (std::size_t i = 0; i < samples * circuit.observables.size(); ++i) b.upstream.push_back(number(-1, 1));
    return b;
}

/// The same batch by the oracle; gradients by parameter shift.
inline batch_result oracle(const dense_circuit& circuit, const batch& b) {
    batch_result result;
    result.weight_gradient.assign(circuit.parameters, 0);
    for (std::size_t s = 0; s < b.samples; ++s) {
        const double* inputs = b.inputs.data() + s * circuit.inputs;
        const auto values = outputs(circuit, inputs, b.weights.data());
        const auto shifted =
            parameter_shift(circuit, inputs, b.weights.data(), b.upstream.data() + s * circuit.observables.size());
        result.outputs.insert(result.outputs.end(), values.begin(), values.end());
        result.input_gradient.insert(result.input_gradient.end(), shifted.inputs.begin(), shifted.inputs.end());
        for (std::size_t i = 0; i < circuit.parameters; ++i) result.weight_gradient[i] += shifted.weights[i];
    }
    return result;
}

/// Sample `index` of a batch, alone.
inline batch one_sample(const dense_circuit& circuit, const batch& b, std::size_t index) {
    auto row = [index](const std::vector<double>& rows, std::size_t columns) {
        const auto first = rows.begin() + static_cast<std::ptrdiff_t>(index * columns);
        return std::vector<double>(first, first + static_cast<std::ptrdiff_t>(columns));
    };
    batch one = b;
    one.samples = 1;
    one.inputs = row(b.inputs, circuit.inputs);
    one.upstream = row(b.upstream, circuit.observables.size());
    return one;
}

inline void check_near(const batch_result& a, const batch_result& b, double tolerance) {
    CHECK(scaled_difference(a.outputs, b.outputs) <= tolerance);
    CHECK(scaled_difference(a.input_gradient, b.input_gradient) <= tolerance);
    CHECK(scaled_difference(a.weight_gradient, b.weight_gradient) <= tolerance);
}

/// Outputs are the oracle's expectation values; gradients are those of the parameter-shift rule. The weights' angles
/// are set to pi, too, where half-angle cosines vanish.
inline void law_agrees_with_oracle(const engine_subject& subject) {
    batch b = random_batch(subject.circuit, subject.lanes + 7);
    check_near(subject.run(b), oracle(subject.circuit, b), tolerance_of(subject));
    std::fill(b.weights.begin(), b.weights.end(), static_cast<double>(static_cast<float>(std::acos(-1.0))));
    check_near(subject.run(b), oracle(subject.circuit, b), tolerance_of(subject));
}

/// Gradients are central differences of the engine's own outputs (double only: in float the difference is noise).
inline void law_gradient_is_finite_difference(const engine_subject& subject) {
    if (!subject.is_double) return;
    constexpr double step = 1e-5;
    constexpr double tolerance = 2e-9;
    const batch b = random_batch(subject.circuit, 9, 2);
    const batch_result exact = subject.run(b);
    const std::size_t outputs = subject.circuit.observables.size();
    auto change_of_samples = [&](const batch& up, const batch& down) {
        const auto high = subject.run(up).outputs;
        const auto low = subject.run(down).outputs;
        std::vector<double> change(b.samples);
        for (std::size_t i = 0; i < high.size(); ++i)
            change[i / outputs] += b.upstream[i] * (high[i] - low[i]) / (2 * step);
        return change;
    };
    std::vector<double> input_gradient(exact.input_gradient.size());
    for (std::size_t i = 0; i < subject.circuit.inputs; ++i) {
        batch up = b;
        batch down = b;
        for (std::size_t s = 0; s < b.samples; ++s) {
            up.inputs[s * subject.circuit.inputs + i] += step;
            down.inputs[s * subject.circuit.inputs + i] -= step;
        }
        const auto change = change_of_samples(up, down);
        for (std::size_t s = 0; s < b.samples; ++s) input_gradient[s * subject.circuit.inputs + i] = change[s];
    }
    std::vector<double> weight_gradient(subject.circuit.parameters);
    for (std::size_t i = 0; i < subject.circuit.parameters; ++i) {
        batch up = b;
        batch down = b;
        up.weights[i] += step;
        down.weights[i] -= step;
        for (const double change : change_of_samples(up, down)) weight_gradient[i] += change;
    }
    CHECK(scaled_difference(exact.input_gradient, input_gradient) <= tolerance);
    CHECK(scaled_difference(exact.weight_gradient, weight_gradient) <= tolerance);
}

/// A batch gives what its samples give one at a time, in any lane and beside any neighbours; gradients of weights add
/// up. A lane whose upstream gradient is zero adds exactly nothing.
inline void law_batch_is_loop(const engine_subject& subject) {
    const batch b = random_batch(subject.circuit, subject.lanes + 3, 3);
    const batch_result together = subject.run(b);
    CHECK(together.idle_gradient == 0.0);
    batch_result loop;
    loop.weight_gradient.assign(subject.circuit.parameters, 0);
    for (std::size_t s = 0; s < b.samples; ++s) {
        batch alone = one_sample(subject.circuit, b, s);
        alone.idle_input = s % 2 == 0 ? 30 : -0.1;
        const batch_result one = subject.run(alone);
        CHECK(one.idle_gradient == 0.0);
        loop.outputs.insert(loop.outputs.end(), one.outputs.begin(), one.outputs.end());
        loop.input_gradient.insert(loop.input_gradient.end(), one.input_gradient.begin(), one.input_gradient.end());
        for (std::size_t i = 0; i < one.weight_gradient.size(); ++i) loop.weight_gradient[i] += one.weight_gradient[i];
    }
    check_near(together, loop, tolerance_of(subject));
}

/// Gradients are added to what is there.
inline void law_gradients_accumulate(const engine_subject& subject) {
    batch b = random_batch(subject.circuit, 7, 4);
    batch_result expected = subject.run(b);
    b.initial_gradient = 3;
    for (double& g : expected.input_gradient) g += 3;
    for (double& g : expected.weight_gradient) g += 3;
    check_near(subject.run(b), expected, tolerance_of(subject));
}

/// No upstream gradient, no gradient; twice the upstream gradient, twice the gradient.
inline void law_backward_is_linear(const engine_subject& subject) {
    batch b = random_batch(subject.circuit, 9, 5);
    batch_result expected = subject.run(b);
    for (double& g : expected.input_gradient) g *= 2;
    for (double& g : expected.weight_gradient) g *= 2;
    for (double& g : b.upstream) g *= 2;
    check_near(subject.run(b), expected, tolerance_of(subject));
    std::fill(b.upstream.begin(), b.upstream.end(), 0.0);
    const batch_result none = subject.run(b);
    CHECK(largest_magnitude(none.input_gradient) == 0.0);
    CHECK(largest_magnitude(none.weight_gradient) == 0.0);
}

inline void check_all_laws(const std::vector<engine_subject>& subjects) {
    for (const engine_subject& subject : subjects) {
        INFO(subject.name);
        law_agrees_with_oracle(subject);
        law_gradient_is_finite_difference(subject);
        law_batch_is_loop(subject);
        law_gradients_accumulate(subject);
        law_backward_is_linear(subject);
    }
}

/// Both engines where the closed form exists, else the statevector alone.
template <const auto& Circuit, class S>
void add_engines(std::vector<engine_subject>& subjects, const char* name) {
    subjects.push_back(subject<Circuit, S, qvit::engine::lane_statevector>(name));
    if constexpr (qvit::closed_form<Circuit>.feasible)
        subjects.push_back(subject<Circuit, S, qvit::engine::closed_form>(name));
}

}  // namespace reference
