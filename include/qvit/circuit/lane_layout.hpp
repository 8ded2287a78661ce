// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include <qvit/circuit/lane_diagonal.hpp>
#include <qvit/circuit/light_cone.hpp>
#include <qvit/circuit/lower.hpp>
#include <qvit/circuit/make_lane_program.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
template <const auto& Circuit>
inline constexpr auto whole_lane_program =
    make_lane_program<lane_program<program<Circuit>.rotations.size(), Circuit.strings.size()>>(
        program<Circuit>, [](std::size_t) { return true; }, [](std::size_t) { return true; });

template <const auto& Circuit, std::size_t Cone>
inline constexpr auto cone_lane_program =
    make_lane_program<lane_program<light_cones<Circuit>.cones[Cone].count(), Circuit.strings.size()>>(
        program<Circuit>, [](std::size_t rotation) { return light_cones<Circuit>.cones[Cone].contains(rotation); },
        [](std::size_t string) { return light_cones<Circuit>.cone_of[string] == Cone; });

template <const auto& Program>
inline constexpr auto diagonal_of = [] {
    lane_diagonal<Program.bits, Program.observables.size()> diagonal{};
    make_lane_diagonal(Program, diagonal);
    return diagonal;
}();
}  // namespace detail

/// All outputs of a circuit on one statevector.
template <const auto& Circuit>
struct whole_layout {
    static constexpr std::size_t parts = 1;
    template <std::size_t>
    static constexpr const auto& lane() {
        return detail::whole_lane_program<Circuit>;
    }
    template <std::size_t>
    static constexpr const auto& diagonal() {
        return detail::diagonal_of<detail::whole_lane_program<Circuit>>;
    }
    static constexpr bool feasible = detail::whole_lane_program<Circuit>.feasible;
};

/// Every set of outputs with a light cone in common on a statevector of its own, as small as the cone is.
template <const auto& Circuit>
struct light_cone_layout {
    static constexpr std::size_t parts = light_cones<Circuit>.cones.size();
    template <std::size_t Part>
    static constexpr const auto& lane() {
        return detail::cone_lane_program<Circuit, Part>;
    }
    template <std::size_t Part>
    static constexpr const auto& diagonal() {
        return detail::diagonal_of<detail::cone_lane_program<Circuit, Part>>;
    }
    static constexpr bool feasible = []<std::size_t... Part>(std::index_sequence<Part...>) {
        return (detail::cone_lane_program<Circuit, Part>.feasible && ...);
    }
    (std::make_index_sequence<parts>{});
};

}  // namespace qvit::inline QVIT_ABI
