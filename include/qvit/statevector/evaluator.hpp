// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/circuit/engine.hpp>
#include <qvit/statevector/closed_form_engine.hpp>
#include <qvit/statevector/lane_statevector_engine.hpp>

namespace qvit::inline QVIT_ABI {

/// The outputs of a circuit may have at most Limit terms each to be evaluated by closed form.
template <std::size_t TermsOfAnOutput, std::size_t Limit>
concept closed_form_is_short = (TermsOfAnOutput <= Limit);
/// A statevector on lanes holds at most Limit wires.
template <std::size_t Width, std::size_t Limit>
concept lane_statevector_holds = (Width <= Limit);
/// One register holds at most Limit wires.
template <std::size_t Width, std::size_t Limit>
concept wide_statevector_holds = (Width <= Limit);

/// engine::wide_statevector; its header is for those only who need it: it takes its time to compile.
template <const auto& Circuit, class S>
class wide_statevector_engine;

/// The wide engine's header was included, where that engine is the one.
template <const auto& Circuit, class S, engine Engine>
concept engine_is_included = Engine != engine::wide_statevector || requires {
    sizeof(wide_statevector_engine<Circuit, S>);
};

namespace detail {
/// Stands in for an engine that cannot run a circuit, so that the mistake gives one message and no others.
template <const auto& Circuit, class S>
struct no_engine {
    static constexpr std::size_t saved_per_token = 0;
    struct gradient_sum {};
    explicit no_engine(const real_of<S>*) {}
    void forward(const S*, S*, S*) const {}
    void backward(const S*, const S*, S*, gradient_sum&) const {}
    void add_weight_gradient(const gradient_sum&, real_of<S>*) const {}
};

/// Terms of the longest output where an engine needs them: one more than there may be where there is no closed form.
template <const auto& Circuit, engine Engine>
constexpr std::size_t terms_needed() {
    if constexpr (Engine != engine::closed_form)
        return 0;
    else
        return closed_form<Circuit>.feasible ? closed_form<Circuit>.longest_output : closed_form_terms_per_output + 1;
}

template <const auto& Circuit, class S, engine Engine>
constexpr auto select_engine() {
    if constexpr (Engine == engine::closed_form) {
        if constexpr (closed_form<Circuit>.feasible)
            return std::type_identity<closed_form_engine<Circuit, S>>{};
        else
            return std::type_identity<no_engine<Circuit, S>>{};
    } else if constexpr (Engine == engine::wide_statevector) {
        if constexpr (Circuit.width <= wide_statevector_max_width && engine_is_included<Circuit, S, Engine>)
            return std::type_identity<wide_statevector_engine<Circuit, S>>{};
        else
            return std::type_identity<no_engine<Circuit, S>>{};
    } else {
        using layout =
            std::conditional_t<Engine == engine::light_cone, light_cone_layout<Circuit>, whole_layout<Circuit>>;
        if constexpr (layout::feasible)
            return std::type_identity<lane_statevector_engine<Circuit, S, layout>>{};
        else
            return std::type_identity<no_engine<Circuit, S>>{};
    }
}

/// How many wires the amplitudes of an engine need, at least: one more than there is room for where they do not fit.
template <const auto& Circuit, engine Engine>
constexpr std::size_t wires_needed() {
    if constexpr (Engine == engine::closed_form || Engine == engine::wide_statevector)
        return 0;
    else if constexpr (Engine == engine::light_cone)
        return light_cone_layout<Circuit>::feasible ? 0 : lane_statevector_max_width + 1;
    else
        return whole_layout<Circuit>::feasible ? 0 : Circuit.width;
}
}  // namespace detail

/// The one door to a circuit's expectation values and gradients over scalars S (a real, or lanes<real>).
///
/// The engine is the cheapest by counted cost unless one is named. All engines agree to rounding. Circuits that none on
/// lanes takes need <qvit/statevector/wide_statevector_engine.hpp> too.
///
///     evaluator<projection, lanes<float>> run(weights);
///     run.forward(inputs, outputs, saved);                          // one token of W images
///     run.backward(saved, output_gradient, input_gradient, sum);    // adds to input_gradient and sum
///     run.add_weight_gradient(sum, weight_gradient);                // once per pass
template <const auto& Circuit, class S, engine Engine = best_engine<Circuit>()>
struct evaluator : decltype(detail::select_engine<Circuit, S, Engine>())::type {
    static constexpr std::size_t terms = detail::terms_needed<Circuit, Engine>();
    static constexpr std::size_t wires = detail::wires_needed<Circuit, Engine>();
    static constexpr std::size_t register_wires = Engine == engine::wide_statevector ? Circuit.width : 0;
    static_assert(
        closed_form_is_short<terms, closed_form_terms_per_output>,
        "[qvit::evaluator] the circuit has no closed form, or one of too many terms; use engine::lane_statevector.");
    static_assert(lane_statevector_holds<wires, lane_statevector_max_width>,
                  "[qvit::evaluator] too many wires for a statevector on lanes, and no closed form that is short.");
    static_assert(wide_statevector_holds<register_wires, wide_statevector_max_width>,
                  "[qvit::evaluator] more wires than any memory holds, and no closed form that is short.");
    static_assert(register_wires > wide_statevector_max_width || engine_is_included<Circuit, S, Engine>,
                  "[qvit::evaluator] only one register at a time runs this circuit: include "
                  "<qvit/statevector/wide_statevector_engine.hpp>.");
    using engine_type = typename decltype(detail::select_engine<Circuit, S, Engine>())::type;
    using engine_type::engine_type;
};

}  // namespace qvit::inline QVIT_ABI
