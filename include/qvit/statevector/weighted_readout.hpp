// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/statevector/runtime_readout.hpp>

namespace qvit::inline QVIT_ABI {

/// The circuit with one output in place of all: sum_o upstream[o] output[o], as a weighted sum of its strings. A
/// method that samples then knows the error of the sum, correlations between outputs included.
///
/// The circuit is runnable and `upstream` has a number per output. A string that no output needs is not measured.
///
///     const runtime_circuit loss = weighted_readout(c, upstream);   // loss.outputs == 1
inline runtime_circuit weighted_readout(runtime_circuit circuit, std::span<const double> upstream) {
    const std::vector<double> coefficients = scatter_gradient(circuit, upstream.data());
    std::vector<pauli_string<runtime_circuit::max_width>> strings;
    circuit.terms.clear();
    for (std::size_t i = 0; i < coefficients.size(); ++i) {
        if (coefficients[i] == 0) continue;
        circuit.terms.push_back({0, static_cast<std::uint16_t>(strings.size()), coefficients[i]});
        strings.push_back(circuit.strings[i]);
    }
    circuit.strings = std::move(strings);
    circuit.probabilities.clear();
    circuit.outputs = 1;
    return circuit;
}

}  // namespace qvit::inline QVIT_ABI
