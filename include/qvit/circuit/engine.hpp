// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/circuit/lane_layout.hpp>
#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

/// The exact ways to evaluate a circuit on lanes of samples. `closed_form`: products of cosines found by compile-time
/// propagation of the observables. `light_cone`: the amplitudes that each output depends on. `lane_statevector`: all
/// amplitudes at once. (One large circuit at a time runs on wide_statevector.)
enum class engine { closed_form, light_cone, lane_statevector };

constexpr const char* name_of(engine e) {
    switch (e) {
        case engine::closed_form:
            return "closed form";
        case engine::light_cone:
            return "light cone";
        case engine::lane_statevector:
            break;
    }
    return "lane statevector";
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

/// Counted cost of an engine for a circuit: multiply-adds per token, forward, sines and cosines aside;
/// `infeasible_cost` where the engine cannot run it.
template <const auto& Circuit, engine Engine>
constexpr std::size_t engine_cost() {
    if constexpr (Engine == engine::closed_form) {
        return closed_form<Circuit>.feasible ? closed_form<Circuit>.multiply_adds() : infeasible_cost;
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
        if (closed <= lane && closed <= cone && closed != infeasible_cost) return engine::closed_form;
        return cone < lane ? engine::light_cone : engine::lane_statevector;
    }
}

}  // namespace qvit::inline QVIT_ABI
