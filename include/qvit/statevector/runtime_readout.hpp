// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/statevector/readout.hpp>

namespace qvit::inline QVIT_ABI {

/// gather_outputs and scatter_gradient for one sample of a circuit known at run time, with memory of their own: outputs
/// from the strings' expectation values, and the strings' gradients from the outputs'. Cost: as theirs.
///
///     std::vector<double> outputs = gather_outputs(circuit, strings);
inline std::vector<double> gather_outputs(const runtime_circuit& circuit, const std::vector<double>& strings) {
    std::vector<double> outputs(circuit.outputs);
    std::vector<double> scratch(readout_scratch(circuit));
    gather_outputs(circuit, circuit.outputs, strings.data(), outputs.data(), scratch.data());
    return outputs;
}
inline std::vector<double> scatter_gradient(const runtime_circuit& circuit, const double* output_gradient) {
    std::vector<double> strings(circuit.strings.size());
    std::vector<double> scratch(readout_scratch(circuit));
    scatter_gradient(circuit, strings.size(), output_gradient, strings.data(), scratch.data());
    return strings;
}

}  // namespace qvit::inline QVIT_ABI
