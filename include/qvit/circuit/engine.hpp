// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/circuit/lane_layout.hpp>
#include <qvit/circuit/stays_real.hpp>
#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

/// The exact ways to evaluate a circuit. On lanes of samples, `closed_form`: products of cosines found by compile-time
/// propagation of the observables; `light_cone`: the amplitudes that each output depends on; `lane_statevector`: all
/// amplitudes at once. `wide_statevector`: one sample after the other, its amplitudes on the lanes, for circuits that
/// are too wide for the others.
enum class engine { closed_form, light_cone, lane_statevector, wide_statevector };

constexpr const char* name_of(engine e) {
    switch (e) {
        case engine::closed_form:
            return "closed form";
        case engine::light_cone:
            return "light cone";
        case engine::lane_statevector:
            return "lane statevector";
        case engine::wide_statevector:
            break;
    }
    return "wide statevector";
}

/// What an engine cannot do costs this much.
inline constexpr std::size_t infeasible_cost = static_cast<std::size_t>(-1);

/// Multiply-adds of a lane_program, forward, per token.
constexpr std::size_t lane_program_cost(const auto& lane) {
    std::size_t total = 4;  // reads and writes that are not amplitudes
    const std::size_t reals = lane.real ? 1 : 2;
    for (const auto& step : lane.steps)
        total += (std::size_t{1} << step.bits) * reals * (step.uniform || step.grows ? 1 : 2);
    bool diagonal = false;
    for (const auto& o : lane.observables) {
        if (is_diagonal(o))
            diagonal = true;
        else if (!o.vanishes)
            total += (std::size_t{2} << lane.bits) * reals;
    }
    return total + (diagonal ? (std::size_t{3} << lane.bits) + (std::size_t{1} << lane.bits) * reals : 0);
}

/// Multiply-adds of one register: two per real of an amplitude and gate that is more than a permutation, one per
/// measured string.
template <const auto& Circuit>
constexpr std::size_t wide_statevector_cost() {
    if (Circuit.width > wide_statevector_max_width) return infeasible_cost;
    std::size_t passes = Circuit.strings.size();
    for (const gate& g : Circuit.gates)
        passes +=
            g.kind == id || g.kind == x || g.kind == cnot || g.kind == swap || g.kind == ccx || g.kind == cswap ? 0 : 2;
    const std::size_t reals = (stays_real(Circuit) ? std::size_t{1} : std::size_t{2}) << Circuit.width;
    return passes < (infeasible_cost - 1) / reals ? passes * reals : infeasible_cost - 1;
}

namespace detail {
/// Whether all outputs have one light cone that leaves no rotation out.
template <const auto& Circuit>
constexpr bool is_one_cone() {
    const auto& cones = light_cones<Circuit>.cones;
    return cones.size() == 1 && cones[0].count() == program<Circuit>.rotations.size();
}
}  // namespace detail

/// Counted cost of an engine for a circuit: multiply-adds per token, forward, sines and cosines aside;
/// `infeasible_cost` where the engine cannot run it. On lanes a multiply-add is for as many tokens as there are lanes,
/// on one register for as many amplitudes, so that counts compare, but what moves amplitudes between lanes, and the
/// planning of passes, is not in them.
template <const auto& Circuit, engine Engine>
constexpr std::size_t engine_cost() {
    if constexpr (Engine == engine::closed_form) {
        return closed_form<Circuit>.feasible ? closed_form<Circuit>.multiply_adds() : infeasible_cost;
    } else if constexpr (Engine == engine::wide_statevector) {
        return wide_statevector_cost<Circuit>();
    } else if constexpr (Engine == engine::light_cone && detail::is_one_cone<Circuit>()) {
        return engine_cost<Circuit, engine::lane_statevector>();  // nothing is laid out again
    } else {
        using layout =
            std::conditional_t<Engine == engine::light_cone, light_cone_layout<Circuit>, whole_layout<Circuit>>;
        if constexpr (!layout::feasible) {
            return infeasible_cost;
        } else {
            std::size_t total = 0;
            unroll<layout::parts>([&](auto part) { total += lane_program_cost(layout::template lane<part()>()); });
            return total;
        }
    }
}

/// The engine with the lowest counted cost; what every layer uses unless told otherwise. A closed form of up to eight
/// multiply-adds per rotation and output is taken at once: finding light cones of wide circuits takes long to compile.
/// One register at a time is what remains where no engine takes lanes of samples.
///
///     static_assert(best_engine<projection>() == engine::closed_form);
template <const auto& Circuit>
requires is_circuit<Circuit>
constexpr engine best_engine() {
    constexpr std::size_t closed = engine_cost<Circuit, engine::closed_form>();
    if constexpr (closed <= 8 * (program<Circuit>.rotations.size() + Circuit.strings.size())) {
        return engine::closed_form;
    } else {
        constexpr std::size_t lane = engine_cost<Circuit, engine::lane_statevector>();
        constexpr std::size_t cone = engine_cost<Circuit, engine::light_cone>();
        if (closed == infeasible_cost && lane == infeasible_cost && cone == infeasible_cost)
            return engine::wide_statevector;
        if (closed <= lane && closed <= cone) return engine::closed_form;
        return cone < lane ? engine::light_cone : engine::lane_statevector;
    }
}

}  // namespace qvit::inline QVIT_ABI
