// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/engine.hpp>
#include <qvit/statevector/closed_form_engine.hpp>
#include <qvit/statevector/lane_statevector_engine.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit of Width wires whose closed form has too many terms needs a lane statevector of at most Limit wires.
template <std::size_t Width, std::size_t Limit>
concept lane_statevector_holds = (Width <= Limit);

namespace detail {
template <const auto& Circuit, class S, engine Engine>
struct engine_type {
    static_assert(Engine != engine::closed_form || closed_form<Circuit>.feasible,
                  "[qvit::evaluator] this circuit's closed form has too many terms; use engine::lane_statevector.");
    using type = closed_form_engine<Circuit, S>;
};
template <const auto& Circuit, class S>
struct engine_type<Circuit, S, engine::lane_statevector> {
    static_assert(
        lane_statevector_holds<Circuit.width, lane_statevector_max_width>,
        "[qvit::evaluator] too many wires for a statevector on lanes, and the closed form has too many terms.");
    using type = lane_statevector_engine<Circuit, S>;
};
}  // namespace detail

/// The one door to a circuit's expectation values and gradients over scalars S (a real, or lanes<real>).
///
/// The engine is the cheapest by counted cost unless one is named. All engines agree to rounding.
///
///     evaluator<projection, lanes<float>> run(weights);
///     run.forward(inputs, outputs, saved);                          // one token of W images
///     run.backward(saved, output_gradient, input_gradient, sum);    // adds to input_gradient and sum
///     run.add_weight_gradient(sum, weight_gradient);                // once per pass
template <const auto& Circuit, class S, engine Engine = best_engine<Circuit>()>
requires is_circuit<Circuit>
using evaluator = typename detail::engine_type<Circuit, S, Engine>::type;

}  // namespace qvit::inline QVIT_ABI
