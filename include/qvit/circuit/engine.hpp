// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/closed_form.hpp>
#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

/// The exact ways to evaluate a circuit. `closed_form`: products of cosines found by compile-time propagation of the
/// observables. `lane_statevector`: all 2^n amplitudes, one sample per SIMD lane.
enum class engine { closed_form, lane_statevector };

constexpr const char* name_of(engine e) { return e == engine::closed_form ? "closed form" : "lane statevector"; }

/// Widest circuit the lane statevector takes: 2^10 amplitudes on 16 lanes are 64 KiB.
inline constexpr std::size_t lane_statevector_max_width = 10;

/// Counted cost of the lane statevector, forward, per token: multiply-adds on amplitudes (complex ones count four).
template <const auto& Circuit>
constexpr std::size_t lane_statevector_cost() {
    const std::size_t amplitudes = std::size_t{1} << (Circuit.width < 40 ? Circuit.width : 40);
    const std::size_t arithmetic = Circuit.is_real() ? 1 : 4;
    std::size_t passes = 2;  // the product state, and the squares of the amplitudes
    for (std::size_t i = 0; i < merged<Circuit>.gate_count; ++i)
        if (wires_of(merged<Circuit>.gates[i].kind) == 1) passes += 2;
    const std::size_t first_layer = 2 * Circuit.width;  // merged into the product state
    passes -= passes > first_layer + 2 ? first_layer : 0;
    return amplitudes * (passes * arithmetic + (Circuit.outputs + 1) / 2);
}

/// The engine with the lowest counted cost; what every layer uses unless told otherwise.
///
///     static_assert(best_engine<projection>() == engine::closed_form);
template <const auto& Circuit>
requires is_circuit<Circuit>
constexpr engine best_engine() {
    if constexpr (!closed_form<Circuit>.feasible) {
        return engine::lane_statevector;
    } else if constexpr (Circuit.width > lane_statevector_max_width) {
        return engine::closed_form;
    } else {
        return closed_form<Circuit>.multiply_adds() <= lane_statevector_cost<Circuit>() ? engine::closed_form
                                                                                        : engine::lane_statevector;
    }
}

}  // namespace qvit::inline QVIT_ABI
