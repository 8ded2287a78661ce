// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/engine_subject.hpp>
#include <reference/random_batch.hpp>

/// What has to hold for every circuit on every engine over every scalar type. Each law is one function of a subject.
namespace reference {

/// Largest |a - b| / max(1, max|b|). Outputs are of order 1, so that is a scale even for those that vanish.
inline double scaled_difference(const std::vector<double>& a, const std::vector<double>& b) {
    return largest_difference(a, b) / std::max(1.0, largest_magnitude(b));
}
inline double tolerance_of(const engine_subject& s) { return s.is_double ? 2e-13 : 1e-5; }

inline void check_near(const batch_result& a, const batch_result& b, double tolerance) {
    CHECK(scaled_difference(a.outputs, b.outputs) <= tolerance);
    CHECK(scaled_difference(a.input_gradient, b.input_gradient) <= tolerance);
    CHECK(scaled_difference(a.weight_gradient, b.weight_gradient) <= tolerance);
}

/// Outputs and gradients are the oracle's, for random weights and for weights at the special angles.
inline void law_agrees_with_oracle(const engine_subject& subject) {
    batch b = random_batch(subject.circuit, std::max<std::size_t>(subject.lanes + 3, 12));
    check_near(subject.run(b), oracle(subject.circuit, b), tolerance_of(subject));
    if (subject.circuit.parameters == 0) return;
    b = random_batch(subject.circuit, 3, 6);
    for (const double angle : {qvit::pi, 0.0, qvit::pi / 2}) {
        std::fill(b.weights.begin(), b.weights.end(), as_float(angle));
        check_near(subject.run(b), oracle(subject.circuit, b), tolerance_of(subject));
    }
    qvit::random_stream draw(8, 1000);
    for (int i = 0; i < 4; ++i) {
        for (double& weight : b.weights) weight = as_float(special_angles[draw.below(std::size(special_angles))]);
        check_near(subject.run(b), oracle(subject.circuit, b), tolerance_of(subject));
    }
}

/// Gradients are central differences of fourth order of the engine's own outputs (double only: in float the difference
/// is noise).
inline void law_gradient_is_finite_difference(const engine_subject& subject) {
    if (!subject.is_double) return;
    constexpr double step = 3e-4;
    constexpr double tolerance = 2e-9;
    const batch b = random_batch(subject.circuit, 11, 2);
    const batch_result exact = subject.run(b);
    /// df/dt of every sample, where move(batch, by) moves t.
    auto slopes = [&](auto&& move) {
        std::vector<double> slope(b.samples);
        for (const auto& [by, factor] : {std::pair{1, 8.0}, {-1, -8.0}, {2, -1.0}, {-2, 1.0}}) {
            batch moved = b;
            move(moved, by * step);
            const auto values = subject.run(moved).outputs;
            for (std::size_t i = 0; i < values.size(); ++i)
                slope[i / subject.circuit.outputs] += b.upstream[i] * factor * values[i] / (12 * step);
        }
        return slope;
    };
    std::vector<double> input_gradient(exact.input_gradient.size());
    for (std::size_t i = 0; i < subject.circuit.inputs; ++i) {
        const auto slope = slopes([&](batch& moved, double by) {
            for (std::size_t s = 0; s < b.samples; ++s) moved.inputs[s * subject.circuit.inputs + i] += by;
        });
        for (std::size_t s = 0; s < b.samples; ++s) input_gradient[s * subject.circuit.inputs + i] = slope[s];
    }
    std::vector<double> weight_gradient(subject.circuit.parameters);
    for (std::size_t i = 0; i < subject.circuit.parameters; ++i)
        for (const double slope : slopes([&](batch&moved, double by) { moved.weights[i] += by; }))
            weight_gradient[i] += slope;
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

/// No upstream gradient, no gradient; twice the upstream gradient, twice the gradient; and the gradient of a sum of two
/// is the sum of their gradients.
inline void law_backward_is_linear(const engine_subject& subject) {
    batch b = random_batch(subject.circuit, 9, 5);
    batch_result expected = subject.run(b);
    batch other = b;
    other.upstream = random_batch(subject.circuit, 9, 55).upstream;
    const batch_result second = subject.run(other);
    auto combine = [](std::vector<double>& a, const std::vector<double>& c) {
        for (std::size_t i = 0; i < a.size(); ++i) a[i] = 2 * a[i] + c[i];
    };
    combine(expected.input_gradient, second.input_gradient);
    combine(expected.weight_gradient, second.weight_gradient);
    combine(b.upstream, other.upstream);
    check_near(subject.run(b), expected, tolerance_of(subject));
    std::fill(b.upstream.begin(), b.upstream.end(), 0.0);
    const batch_result none = subject.run(b);
    CHECK(largest_magnitude(none.input_gradient) == 0.0);
    CHECK(largest_magnitude(none.weight_gradient) == 0.0);
}

/// The state keeps its norm: no output exceeds the sum of its terms' |coefficients|, and the probabilities of a block
/// are none below 0 and 1 together, where no sum adds to the same outputs.
inline void law_state_has_norm_one(const engine_subject& subject) {
    const dense_circuit& circuit = subject.circuit;
    std::vector<double> bound(circuit.outputs);
    for (const qvit::readout_term& term : circuit.terms) bound[term.output] += std::abs(term.coefficient);
    for (const qvit::probability_block& block : circuit.probabilities)
        for (std::size_t i = 0; i < (std::size_t{1} << block.wires); ++i) bound[block.first_output + i] += 1;
    const batch b = random_batch(circuit, 13, 7);
    const auto outputs = subject.run(b).outputs;
    const double tolerance = tolerance_of(subject);
    REQUIRE(outputs.size() == b.samples * circuit.outputs);
    double excess = 0;
    for (std::size_t i = 0; i < outputs.size(); ++i)
        excess = std::max(excess, std::abs(outputs[i]) - bound[i % circuit.outputs]);
    CHECK(excess <= tolerance * std::max(1.0, largest_magnitude(bound)));
    for (std::size_t s = 0; s < b.samples; ++s)
        for (const qvit::probability_block& block : circuit.probabilities) {
            const bool shared = std::any_of(circuit.terms.begin(), circuit.terms.end(), [&](const auto& term) {
                return term.output >= block.first_output &&
                       term.output < block.first_output + (std::size_t{1} << block.wires);
            });
            if (shared) continue;
            const double* p = outputs.data() + s * circuit.outputs + block.first_output;
            double sum = 0;
            for (std::size_t i = 0; i < (std::size_t{1} << block.wires); ++i) {
                CHECK(p[i] >= -tolerance);
                sum += p[i];
            }
            CHECK(close(sum, 1, 0, tolerance));
        }
}

/// Two full turns of one number change nothing where every angle that reads it has a whole-numbered factor.
inline void law_two_turns_change_nothing(const engine_subject& subject) {
    if (!subject.is_double || subject.circuit.amplitude_input) return;
    auto is_periodic = [&](qvit::angle_source source, std::size_t index) {
        for (const qvit::gate& g : subject.circuit.gates)
            for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) {
                const qvit::angle& a = g.angles[i];
                const bool product = a.source == qvit::angle_source::data_product;
                if (source == qvit::angle_source::data && product && (a.index == index || a.second == index))
                    return false;
                if (a.source == source && a.index == index && a.scale != std::round(a.scale)) return false;
            }
        return true;
    };
    const batch b = random_batch(subject.circuit, 10, 8);
    batch turned = b;
    for (std::size_t i = 0; i < turned.inputs.size(); ++i)
        if (is_periodic(qvit::angle_source::data, i % subject.circuit.inputs)) turned.inputs[i] += 4 * qvit::pi;
    for (std::size_t i = 0; i < turned.weights.size(); ++i)
        if (is_periodic(qvit::angle_source::weight, i)) turned.weights[i] -= 4 * qvit::pi;
    check_near(subject.run(turned), subject.run(b), 10 * tolerance_of(subject));
}

/// A circuit and its inverse: every output 1, every gradient 0, at all angles.
inline void law_echo(const engine_subject& subject, std::size_t samples) {
    INFO(subject.name);
    const batch b = random_batch(subject.circuit, samples, 9);
    const batch_result result = subject.run(b);
    const double tolerance = 3 * tolerance_of(subject);
    CHECK(scaled_difference(result.outputs, std::vector<double>(b.samples * subject.circuit.outputs, 1.0)) <=
          tolerance);
    CHECK(largest_magnitude(result.input_gradient) <= tolerance * 4);
    CHECK(largest_magnitude(result.weight_gradient) <= tolerance * 4 * static_cast<double>(b.samples));
}

inline void check_all_laws(const engine_subject& subject) {
    INFO(subject.name);
    law_agrees_with_oracle(subject);
    law_gradient_is_finite_difference(subject);
    law_batch_is_loop(subject);
    law_gradients_accumulate(subject);
    law_backward_is_linear(subject);
    law_state_has_norm_one(subject);
    law_two_turns_change_nothing(subject);
}
inline void check_all_laws(const std::vector<engine_subject>& subjects) {
    for (const engine_subject& subject : subjects) check_all_laws(subject);
}

/// Every subject gives what the first gives; all are of one circuit.
inline void check_engines_agree(const std::vector<engine_subject>& subjects) {
    for (std::size_t i = 1; i < subjects.size(); ++i) {
        INFO(subjects[0].name, " and ", subjects[i].name);
        const batch b = random_batch(subjects[i].circuit, 2 * subjects[i].lanes + 9, 10);
        check_near(subjects[i].run(b), subjects[0].run(b),
                   2 * std::max(tolerance_of(subjects[0]), tolerance_of(subjects[i])));
    }
}

}  // namespace reference
