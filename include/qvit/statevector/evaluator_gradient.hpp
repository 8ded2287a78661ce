// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include <qvit/circuit/engine.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/statevector/circuit_gradient.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/gradcheck.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit's gradient as its evaluator computes it in double, in the form that gradcheck takes: of a constant of at
/// most 64 wires, by the engine that the compiler picks or the one that is named. Cost: forward and backward once.
///
///     gradcheck(runtime_circuit(projection), evaluator_gradient<projection, engine::lane_statevector>{}).ok
template <const auto& Circuit, engine Engine = best_engine<Circuit>()>
struct evaluator_gradient {
    std::optional<circuit_gradient> operator()(const runtime_circuit&, std::span<const double> inputs,
                                               std::span<const double> weights,
                                               std::span<const double> upstream) const {
        using run_type = evaluator<Circuit, double, Engine>;
        const run_type run(weights.data());
        std::vector<double> outputs(Circuit.outputs);
        std::vector<double> saved(run_type::saved_per_token + 1);
        circuit_gradient result;
        for (std::vector<double>* of_inputs : {&result.inputs, &result.input_errors}) of_inputs->resize(Circuit.inputs);
        for (std::vector<double>* of_weights : {&result.weights, &result.weight_errors})
            of_weights->resize(Circuit.parameters);
        typename run_type::gradient_sum sum;
        run.forward(inputs.data(), outputs.data(), saved.data());
        run.backward(saved.data(), upstream.data(), result.inputs.data(), sum);
        run.add_weight_gradient(sum, result.weights.data());
        return result;
    }
};

/// gradcheck of what evaluators and models compute: the engine's own gradient against finite differences, which run on
/// one register of the circuit's width.
///
///     assert(gradcheck<projection>().ok);
template <const auto& Circuit, engine Engine = best_engine<Circuit>()>
requires is_circuit<Circuit> gradcheck_result gradcheck(std::uint64_t seed = 0) {
    static_assert(wide_statevector_holds<Circuit.width, wide_statevector_max_width>,
                  "[qvit::gradcheck] finite differences need a register, and no memory holds one of this many wires.");
    if constexpr (Circuit.width <= wide_statevector_max_width)
        return gradcheck(runtime_circuit(Circuit), evaluator_gradient<Circuit, Engine>{}, seed);
}

}  // namespace qvit::inline QVIT_ABI
