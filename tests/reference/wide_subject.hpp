// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/statevector/wide_gradient.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <reference/dense_circuit.hpp>
#include <reference/engine_subject.hpp>

/// Run-time circuits on the wide engine as subjects of the laws: one sample after the other.
namespace reference {

template <class R>
engine_subject wide_subject(const std::string& name, const qvit::runtime_circuit& circuit,
                            const qvit::wide_options& options = {}) {
    auto run = [circuit, options](const batch& b) {
        batch_result result;
        result.weight_gradient.assign(circuit.parameters, b.initial_gradient);
        for (std::size_t s = 0; s < b.samples; ++s) {
            std::string why;
            const auto one =
                qvit::value_and_gradient<R>(circuit, b.inputs.data() + s * circuit.inputs, b.weights.data(),
                                            b.upstream.data() + s * circuit.outputs, options, &why);
            if (!one) throw std::runtime_error(why);
            result.outputs.insert(result.outputs.end(), one->outputs.begin(), one->outputs.end());
            for (const double g : one->input_gradient) result.input_gradient.push_back(g + b.initial_gradient);
            for (std::size_t i = 0; i < circuit.parameters; ++i) result.weight_gradient[i] += one->weight_gradient[i];
        }
        return result;
    };
    return {name, dense(circuit), std::is_same_v<R, double>, 1, run};
}

}  // namespace reference
