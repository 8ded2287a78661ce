// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <reference/engine_laws.hpp>
#include <reference/inverse_circuit.hpp>
#include <reference/random_circuit.hpp>

/// Laws of an engine that takes run-time circuits, over random ones: `make(circuit)` gives the subject.
namespace reference {

using subject_maker = std::function<engine_subject(const qvit::runtime_circuit&)>;

/// Linearity in observables: every output is the weighted sum of its strings measured alone, the sign of a string is
/// that of its expectation value, and gradients follow.
inline void law_linear_in_observables(const subject_maker& make, const qvit::runtime_circuit& circuit,
                                      std::size_t samples) {
    qvit::runtime_circuit alone = circuit;
    alone.probabilities.clear();
    alone.terms.clear();
    alone.outputs = circuit.strings.size();
    for (std::size_t i = 0; i < alone.strings.size(); ++i) {
        alone.strings[i].negative = false;
        alone.terms.push_back({static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(i), 1});
    }
    const engine_subject together = make(circuit);
    const engine_subject parts = make(alone);
    const batch b = random_batch(together.circuit, samples, 21);
    batch by_string = b;
    by_string.upstream.assign(samples * alone.outputs, 0);
    // Output o = sum of matrix[o][s] <string s>.
    std::vector<std::vector<double>> coefficients(circuit.outputs, std::vector<double>(alone.outputs));
    auto sign = [&](std::size_t string) { return circuit.strings[string].negative ? -1.0 : 1.0; };
    for (const qvit::readout_term& term : circuit.terms)
        coefficients[term.output][term.string] += term.coefficient * sign(term.string);
    for (const qvit::probability_block& block : circuit.probabilities)
        for (std::size_t bits = 0; bits < (std::size_t{1} << block.wires); ++bits)
            for (std::size_t s = 0; s < (std::size_t{1} << block.wires); ++s)  // |bits> has <Z_s> = (-1)^|bits & s|
                coefficients[block.first_output + bits][block.first_string + s] +=
                    ((std::popcount(bits & s) & 1) != 0 ? -1.0 : 1.0) /
                    static_cast<double>(std::size_t{1} << block.wires);
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t o = 0; o < circuit.outputs; ++o)
            for (std::size_t s = 0; s < alone.outputs; ++s)
                by_string.upstream[sample * alone.outputs + s] +=
                    b.upstream[sample * circuit.outputs + o] * coefficients[o][s];
    const batch_result whole = together.run(b);
    batch_result sum = parts.run(by_string);
    const std::vector<double> strings = sum.outputs;
    sum.outputs.assign(samples * circuit.outputs, 0);
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t o = 0; o < circuit.outputs; ++o)
            for (std::size_t s = 0; s < alone.outputs; ++s)
                sum.outputs[sample * circuit.outputs + o] += coefficients[o][s] * strings[sample * alone.outputs + s];
    check_near(whole, sum, 4 * tolerance_of(together));
}

/// The state is pure and of norm 1: the squares of all 4^width expectation values add up to 2^width.
inline void law_state_is_pure(const subject_maker& make, const qvit::runtime_circuit& circuit, std::size_t samples) {
    if (circuit.width > 3) return;
    constexpr qvit::operation paulis[] = {qvit::id, qvit::x, qvit::y, qvit::z};
    qvit::runtime_circuit all = circuit;
    all.strings.clear();
    all.terms.clear();
    all.probabilities.clear();
    all.outputs = std::size_t{1} << (2 * circuit.width);
    for (std::size_t i = 0; i < all.outputs; ++i) {
        qvit::pauli_string<qvit::runtime_circuit::max_width> string;
        for (std::size_t wire = 0; wire < circuit.width; ++wire) string.set(wire, paulis[(i >> (2 * wire)) & 3]);
        all.strings.push_back(string);
        all.terms.push_back({static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(i), 1});
    }
    const engine_subject subject = make(all);
    const auto values = subject.run(random_batch(subject.circuit, samples, 24)).outputs;
    for (std::size_t sample = 0; sample < samples; ++sample) {
        double squares = 0;
        for (std::size_t i = 0; i < all.outputs; ++i)
            squares += values[sample * all.outputs + i] * values[sample * all.outputs + i];
        CHECK(close(squares, std::pow(2.0, circuit.width), 8 * tolerance_of(subject), 0));
    }
}

/// Wires have no order but their names: the circuit on renamed wires has the same outputs and gradients. Wire w becomes
/// width - 1 - w; amplitudes move with their bits, and so do the inputs that angles read among them.
inline void law_wires_can_be_renamed(const subject_maker& make, const qvit::runtime_circuit& circuit,
                                     std::size_t samples) {
    const std::size_t width = circuit.width;
    auto renamed_wire = [width](std::size_t wire) { return static_cast<std::uint16_t>(width - 1 - wire); };
    auto renamed_input = [&](std::size_t index) {  // of an amplitude; inputs behind them stay where they are
        if (!circuit.amplitude_input || index >> width != 0) return index;
        std::size_t result = 0;
        for (std::size_t wire = 0; wire < width; ++wire) result |= ((index >> wire) & 1) << (width - 1 - wire);
        return result;
    };
    qvit::runtime_circuit renamed = circuit;
    for (qvit::gate& g : renamed.gates) {
        for (std::size_t i = 0; i < qvit::wires_of(g.kind); ++i) g.wires[i] = renamed_wire(g.wires[i]);
        for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) {
            qvit::angle& a = g.angles[i];
            if (a.reads_data()) a = {a.source, renamed_input(a.index), renamed_input(a.second), a.scale, a.offset};
        }
    }
    for (std::size_t s = 0; s < circuit.strings.size(); ++s)
        for (std::size_t wire = 0; wire < width; ++wire)
            renamed.strings[s].set(renamed_wire(wire), circuit.strings[s].at(wire));
    const engine_subject before = make(circuit);
    const engine_subject after = make(renamed);
    const batch b = random_batch(before.circuit, samples, 22);
    batch moved = b;
    auto move_inputs = [&](std::vector<double>& to, const std::vector<double>& from) {
        for (std::size_t i = 0; i < from.size(); ++i)
            to[i / circuit.inputs * circuit.inputs + renamed_input(i % circuit.inputs)] = from[i];
    };
    move_inputs(moved.inputs, b.inputs);
    batch_result expected = before.run(b);
    const std::vector<double> input_gradient = expected.input_gradient;
    move_inputs(expected.input_gradient, input_gradient);
    check_near(after.run(moved), expected, 4 * tolerance_of(before));
}

/// One more wire, with gates on it that no output can see, changes nothing.
inline void law_dead_wire_changes_nothing(const subject_maker& make, const qvit::runtime_circuit& circuit,
                                          std::size_t samples) {
    if (circuit.amplitude_input) return;
    qvit::runtime_circuit wider = circuit;
    const auto wire = static_cast<std::uint16_t>(wider.width++);
    wider.gates.insert(wider.gates.begin(), qvit::gate{qvit::ry, {wire}, {qvit::angle(0.6)}, 0});
    wider.gates.push_back({qvit::cnot, {0, wire}, {}, 0});  // the target of a gate after everything else
    wider.gates.push_back({qvit::rx, {wire}, {qvit::angle(-1.1)}, 0});
    // A CNOT does not commute with X or Y on its control: only what reads its wire in Z stays.
    for (const auto& string : circuit.strings)
        if (string.at(0) == qvit::x || string.at(0) == qvit::y) return;
    const engine_subject narrow = make(circuit);
    const batch b = random_batch(narrow.circuit, samples, 23);
    check_near(make(wider).run(b), narrow.run(b), 4 * tolerance_of(narrow));
}

/// All laws over `count` random circuits; the slower ones on every eighth. `samples` per circuit, or one more than the
/// lanes where that is more.
inline void check_random_circuits(const subject_maker& make, std::size_t count,
                                  const random_circuit_options& options = {}, std::uint64_t first_seed = 1,
                                  std::size_t samples = 2) {
    for (std::uint64_t seed = first_seed; seed < first_seed + count; ++seed) {
        INFO("random circuit, seed ", seed);
        const qvit::runtime_circuit circuit = random_circuit(seed, options);
        const engine_subject subject = make(circuit);
        INFO(subject.name);
        const std::size_t rows = subject.lanes == 1 ? samples : std::max(samples, subject.lanes + 1);
        const batch b = random_batch(subject.circuit, rows, static_cast<std::uint32_t>(seed));
        check_near(subject.run(b), oracle(subject.circuit, b), 4 * tolerance_of(subject));
        if (!circuit.amplitude_input) law_echo(make(echo_of(circuit)), rows);
        law_state_is_pure(make, circuit, rows);
        law_linear_in_observables(make, circuit, rows);
        law_wires_can_be_renamed(make, circuit, rows);
        law_dead_wire_changes_nothing(make, circuit, rows);
        if (seed % 8 == 0) check_all_laws(subject);
    }
}

}  // namespace reference
