// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/table.hpp>
#include <reference/gate_matrix.hpp>

namespace reference {

/// A signed product of Paulis, one per wire; id where it does nothing.
struct dense_string {
    std::vector<qvit::operation> at;
    bool negative = false;
};

/// A circuit of either kind with all its sizes as run-time values: what the oracle reads.
struct dense_circuit {
    std::size_t width = 0;
    std::size_t inputs = 0;
    std::size_t parameters = 0;
    std::size_t outputs = 0;
    bool amplitude_input = false;
    std::vector<qvit::gate> gates;
    std::vector<dense_string> strings;
    std::vector<qvit::readout_term> terms;
    std::vector<qvit::probability_block> probabilities;
    std::vector<matrix> matrices;
};

/// `circuit` is a circuit_table or a runtime_circuit.
template <class Circuit>
dense_circuit dense_of(const Circuit& circuit, std::size_t width) {
    dense_circuit result;
    result.width = width;
    result.inputs = circuit.inputs;
    result.parameters = circuit.parameters;
    result.outputs = circuit.outputs;
    result.amplitude_input = circuit.amplitude_input;
    result.gates.assign(circuit.gates.begin(), circuit.gates.end());
    result.terms.assign(circuit.terms.begin(), circuit.terms.end());
    result.probabilities.assign(circuit.probabilities.begin(), circuit.probabilities.end());
    for (const auto& string : circuit.strings) {
        dense_string product{std::vector<qvit::operation>(width, qvit::operation::id), string.negative};
        for (std::size_t wire = 0; wire < width; ++wire) {
            if (string.x.contains(wire)) product.at[wire] = qvit::operation::x;
            if (string.z.contains(wire))
                product.at[wire] = string.x.contains(wire) ? qvit::operation::y : qvit::operation::z;
        }
        result.strings.push_back(product);
    }
    for (const auto& given : circuit.matrices) {
        matrix m(std::size_t{1} << given.wires);
        for (std::size_t row = 0; row < m.dimension; ++row)
            for (std::size_t column = 0; column < m.dimension; ++column)
                m(row, column) = {given.entry[row][column].re, given.entry[row][column].im};
        result.matrices.push_back(m);
    }
    return result;
}
template <std::size_t Width, qvit::circuit_sizes Sizes>
dense_circuit dense(const qvit::circuit_table<Width, Sizes>& table) {
    return dense_of(table, Width);
}
inline dense_circuit dense(const qvit::runtime_circuit& circuit) { return dense_of(circuit, circuit.width); }

}  // namespace reference
