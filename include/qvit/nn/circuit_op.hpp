// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/statevector/evaluator.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit takes as many inputs as it encodes; a token has Features.
template <std::size_t Features, std::size_t CircuitInputs>
concept features_fit_circuit = (Features == CircuitInputs);

/// y[t] = expectation values of a circuit with inputs x[t] and shared weights: x is T x inputs, y is T x outputs.
///
/// Cost per token: see the engine; gradients of inputs and weights are exact.
template <const auto& Circuit, engine Engine = best_engine<Circuit>()>
struct circuit_op {
    static constexpr const char* name = Engine == engine::closed_form        ? "circuit (closed form)"
                                        : Engine == engine::light_cone       ? "circuit (light cone)"
                                        : Engine == engine::lane_statevector ? "circuit (statevector)"
                                                                             : "circuit (wide statevector)";

    static constexpr bool saves_on_request = true;

    template <std::size_t T, std::size_t I, std::size_t P>
    static constexpr shape<T, Circuit.outputs> output_shape(shape<T, I>, shape<P>) {
        static_assert(features_fit_circuit<I, Circuit.inputs>,
                      "[qvit::circuit_op] a token must have one feature per input of the circuit.");
        static_assert(P == Circuit.parameters,
                      "[qvit::circuit_op] theta must have one entry per weight of the circuit.");
        return {};
    }
    template <std::size_t T, std::size_t I, std::size_t P>
    static constexpr auto saved_shape(shape<T, I>, shape<P>) {
        return shape<T, run_type<float>::saved_per_token>{};
    }
    template <std::size_t T, std::size_t I, std::size_t P>
    static constexpr std::size_t multiply_adds(shape<T, I>, shape<P>) {
        return T * engine_cost<Circuit, Engine>();
    }

    template <class S, std::size_t T, std::size_t I>
    static void forward(auto y, S* saved, variable<S, shape<T, I>> x, auto theta) {
        const run_type<S> run(theta.value);
        for (std::size_t t = 0; t < T; ++t)
            run.forward(&x(t, 0), &y(t, 0), saved ? saved + t * run.saved_per_token : nullptr);
    }
    template <class S, std::size_t T, std::size_t I>
    static void backward(auto y, const S* saved, variable<S, shape<T, I>> x, auto theta) {
        const run_type<S> run(theta.value);
        typename run_type<S>::gradient_sum sum;
        for (std::size_t t = 0; t < T; ++t) run.backward(saved + t * run.saved_per_token, &y.d(t, 0), &x.d(t, 0), sum);
        run.add_weight_gradient(sum, theta.gradient);
    }

  private:
    template <class S>
    using run_type = evaluator<Circuit, S, Engine>;
};

}  // namespace qvit::inline QVIT_ABI
