// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit known only at run time, e.g. read from a file: circuit_table's members with run-time sizes, at most 64
/// wires. Converts from any circuit_table of at most 64 wires.
///
///     runtime_circuit c = projection;
///     c.gates.push_back({ry, {0}, {weight(0)}});
struct runtime_circuit {
    static constexpr std::size_t max_width = 64;
    std::size_t width = 1;
    std::size_t inputs = 0;
    std::size_t parameters = 0;
    std::size_t outputs = 0;
    bool amplitude_input = false;
    std::vector<gate> gates;
    std::vector<pauli_string<max_width>> strings;
    std::vector<readout_term> terms;
    std::vector<probability_block> probabilities;
    std::vector<unitary_matrix> matrices;

    runtime_circuit() = default;
    explicit runtime_circuit(std::size_t wires) : width(wires) {}
    template <std::size_t Width, circuit_sizes Sizes>
    requires(Width <= max_width) runtime_circuit(const circuit_table<Width, Sizes>& table)
        : width(Width),
          inputs(table.inputs),
          parameters(table.parameters),
          outputs(table.outputs),
          amplitude_input(table.amplitude_input),
          gates(table.gates.begin(), table.gates.end()),
          terms(table.terms.begin(), table.terms.end()),
          probabilities(table.probabilities.begin(), table.probabilities.end()),
          matrices(table.matrices.begin(), table.matrices.end()) {
        for (const auto& string : table.strings) {
            pauli_string<max_width> wide;
            for (std::size_t wire = 0; wire < Width; ++wire) wide.set(wire, string.at(wire));
            wide.negative = string.negative;
            strings.push_back(wide);
        }
    }

    /// Adds the output <Z_wire> of every wire.
    void measure_all_z() {
        for (std::size_t wire = 0; wire < width; ++wire) {
            pauli_string<max_width> string;
            string.set(wire, operation::z);
            terms.push_back({static_cast<std::uint16_t>(outputs++), static_cast<std::uint16_t>(strings.size()), 1});
            strings.push_back(string);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
