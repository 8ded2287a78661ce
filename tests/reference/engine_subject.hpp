// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include <reference/dense_simulator.hpp>

namespace reference {

/// What to run a circuit on: `samples` rows of inputs and of upstream gradients, all in double.
struct batch {
    std::size_t samples = 0;
    std::vector<double> weights;
    std::vector<double> inputs;    ///< samples x inputs
    std::vector<double> upstream;  ///< samples x outputs
    double idle_input = 0.7;       ///< inputs of lanes without a sample; their upstream gradient is zero
    double initial_gradient = 0;   ///< what gradients hold before the backward pass
};

struct batch_result {
    std::vector<double> outputs;          ///< samples x outputs
    std::vector<double> input_gradient;   ///< samples x inputs
    std::vector<double> weight_gradient;  ///< summed over samples
    double idle_gradient = 0;             ///< largest |input gradient - initial_gradient| of lanes without a sample
};

/// One circuit on one engine over one scalar type, type-erased, so that the laws are compiled once and a subject costs
/// the compiler little more than its engine. evaluator_subject.hpp and runtime_subject.hpp make them.
struct engine_subject {
    std::string name;
    dense_circuit circuit;
    bool is_double = false;
    std::size_t lanes = 1;
    /// Runs a batch, samples spread over lanes.
    std::function<batch_result(const batch&)> run;
};

/// A batch by the oracle.
inline batch_result oracle(const dense_circuit& circuit, const batch& b) {
    batch_result result;
    result.weight_gradient.assign(circuit.parameters, b.initial_gradient);
    for (std::size_t s = 0; s < b.samples; ++s) {
        const double* inputs = b.inputs.data() + s * circuit.inputs;
        const auto values = outputs(circuit, inputs, b.weights.data());
        const auto exact = gradient(circuit, inputs, b.weights.data(), b.upstream.data() + s * circuit.outputs);
        result.outputs.insert(result.outputs.end(), values.begin(), values.end());
        for (const double g : exact.inputs) result.input_gradient.push_back(g + b.initial_gradient);
        for (std::size_t i = 0; i < circuit.parameters; ++i) result.weight_gradient[i] += exact.weights[i];
    }
    return result;
}

/// The oracle as a subject: what every law has to find nothing wrong with.
inline engine_subject oracle_subject(std::string name, const dense_circuit& circuit) {
    return {std::move(name), circuit, true, 1, [circuit](const batch& b) { return oracle(circuit, b); }};
}

}  // namespace reference
