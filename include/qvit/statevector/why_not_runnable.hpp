// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/unitary.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
inline std::string count_of(std::size_t count, const char* thing) {
    return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

/// What is wrong with gate number `number`, or nothing.
inline std::string why_not_gate(const runtime_circuit& circuit, std::size_t number) {
    const gate& g = circuit.gates[number];
    const std::string where = "gate " + std::to_string(number) + " (" + name_of(g.kind) + "): ";
    for (std::size_t i = 0; i < wires_of(g.kind); ++i) {
        if (g.wires[i] >= circuit.width)
            return where + "wire " + std::to_string(g.wires[i]) + " is outside a register of " +
                   count_of(circuit.width, "wire");
        for (std::size_t j = 0; j < i; ++j)
            if (g.wires[i] == g.wires[j]) return where + "names wire " + std::to_string(g.wires[i]) + " twice";
    }
    if (is_user_matrix(g.kind)) {
        if (g.matrix >= circuit.matrices.size())
            return where + "matrix " + std::to_string(g.matrix) + " is not one of the circuit's " +
                   std::to_string(circuit.matrices.size());
        const unitary_matrix& m = circuit.matrices[g.matrix];
        if (m.wires != wires_of(g.kind))
            return where + "its matrix is for " + count_of(m.wires, "wire") + ", the gate has " +
                   std::to_string(wires_of(g.kind));
        if (!m.is_unitary()) return where + "its matrix is not unitary to 1e-10";
    }
    for (std::size_t i = 0; i < angles_of(g.kind); ++i) {
        const angle& a = g.angles[i];
        if (!std::isfinite(a.scale) || !std::isfinite(a.offset))
            return where + "an angle's factor or offset is not a finite number";
        const std::size_t last = a.source == angle_source::data_product && a.second > a.index ? a.second : a.index;
        if (a.reads_data() && last >= circuit.inputs)
            return where + "reads input " + std::to_string(last) + " of " + std::to_string(circuit.inputs);
        if (a.reads_weight() && a.index >= circuit.parameters)
            return where + "reads weight " + std::to_string(a.index) + " of " + std::to_string(circuit.parameters);
    }
    return {};
}

/// What is wrong with what the circuit measures, or nothing.
inline std::string why_not_measured(const runtime_circuit& circuit) {
    const auto of_the_circuit = [](std::size_t number, const char* thing, std::size_t count) {
        return std::string(thing) + " " + std::to_string(number) + " is not one of the circuit's " +
               std::to_string(count);
    };
    for (const auto& string : circuit.strings)
        for (std::size_t wire = circuit.width; wire < runtime_circuit::max_width; ++wire)
            if (string.acts_on(wire))
                return "a measured string acts on wire " + std::to_string(wire) + ", outside a register of " +
                       count_of(circuit.width, "wire");
    for (const readout_term& term : circuit.terms) {
        if (!std::isfinite(term.coefficient))
            return "a coefficient of output " + std::to_string(term.output) + " is not a finite number";
        if (term.output >= circuit.outputs) return of_the_circuit(term.output, "output", circuit.outputs);
        if (term.string >= circuit.strings.size()) return of_the_circuit(term.string, "string", circuit.strings.size());
    }
    for (const probability_block& block : circuit.probabilities) {
        if (block.wires > max_probability_wires)
            return "probabilities of " + count_of(block.wires, "wire") + ", at most " +
                   std::to_string(max_probability_wires);
        const std::size_t last = (std::size_t{1} << block.wires) - 1;
        if (block.first_output + last >= circuit.outputs)
            return of_the_circuit(block.first_output + last, "output", circuit.outputs);
        if (block.first_string + last >= circuit.strings.size())
            return of_the_circuit(block.first_string + last, "string", circuit.strings.size());
        for (std::size_t bits = 0; bits <= last; ++bits) {
            // String `bits` is that of the lowest bit times that of the others; a single bit's is one Z.
            const auto& string = circuit.strings[block.first_string + bits];
            const auto& rest = circuit.strings[block.first_string + (bits & (bits - 1))];
            const auto& lowest = circuit.strings[block.first_string + (bits & (~bits + 1))];
            const bool single = (bits & (bits - 1)) == 0;
            const bool right = single ? string.z.count() == (bits == 0 ? 0 : 1)
                                      : string.z == (rest.z | lowest.z) && !rest.z.includes(lowest.z);
            if (!right || !string.x.empty() || string.negative)
                return "string " + std::to_string(block.first_string + bits) +
                       " is not the product of Zs that its probability block needs";
        }
    }
    return {};
}

inline std::string why_not_numbers(std::span<const double> given, std::size_t expected, const char* thing) {
    if (given.size() != expected)
        return "the circuit has " + count_of(expected, thing) + ", " + std::to_string(given.size()) + " given";
    for (std::size_t i = 0; i < given.size(); ++i)
        if (!std::isfinite(given[i])) return std::string(thing) + " " + std::to_string(i) + " is not a finite number";
    return {};
}
}  // namespace detail

/// Empty where a circuit made at run time is one that can be run, else the first thing that is wrong: one line, with
/// what was expected and what was found. Linear in the circuit's size.
///
///     why_not_well_formed(c)   // "[qvit::runtime_circuit] gate 8 (cx): names wire 0 twice"
inline std::string why_not_well_formed(const runtime_circuit& circuit) {
    std::string found;
    if (circuit.width == 0 || circuit.width > runtime_circuit::max_width)
        found = "a circuit has 1 to 64 wires, this one " + std::to_string(circuit.width);
    if (found.empty() && circuit.amplitude_input &&
        (circuit.width >= 48 || circuit.inputs < std::size_t{1} << circuit.width))
        found = "amplitudes of " + detail::count_of(circuit.width, "wire") + " are more than " +
                detail::count_of(circuit.inputs, "input");
    for (std::size_t i = 0; found.empty() && i < circuit.gates.size(); ++i) found = detail::why_not_gate(circuit, i);
    if (found.empty()) found = detail::why_not_measured(circuit);
    return found.empty() ? found : "[qvit::runtime_circuit] " + found;
}

/// Empty where the circuit is well formed and these are its inputs and weights, else the first thing that is wrong.
///
///     why_not_runnable(c, x, w)   // "[qvit::runtime_circuit] the circuit has 4 inputs, 3 given"
inline std::string why_not_runnable(const runtime_circuit& circuit, std::span<const double> inputs,
                                    std::span<const double> weights) {
    std::string found = why_not_well_formed(circuit);
    if (!found.empty()) return found;
    found = detail::why_not_numbers(inputs, circuit.inputs, "input");
    if (found.empty()) found = detail::why_not_numbers(weights, circuit.parameters, "weight");
    return found.empty() ? found : "[qvit::runtime_circuit] " + found;
}

/// The same, and that `upstream` has one finite number per output.
inline std::string why_not_differentiable(const runtime_circuit& circuit, std::span<const double> inputs,
                                          std::span<const double> weights, std::span<const double> upstream) {
    std::string found = why_not_runnable(circuit, inputs, weights);
    if (!found.empty()) return found;
    found = detail::why_not_numbers(upstream, circuit.outputs, "output");
    return found.empty() ? found : "[qvit::runtime_circuit] upstream: " + found;
}

}  // namespace qvit::inline QVIT_ABI
