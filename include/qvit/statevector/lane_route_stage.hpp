// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <qvit/circuit/lane_places.hpp>
#include <qvit/circuit/lane_routes.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/lane_angles.hpp>
#include <qvit/statevector/lane_group.hpp>
#include <qvit/statevector/lane_growth.hpp>
#include <qvit/statevector/lane_kernels.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// A group read in order.
template <class A>
struct places_in_order {
    std::size_t first;
    QVIT_INLINE std::size_t operator[](std::size_t l) const { return first + l * sizeof(A); }
};

/// Amplitude l at l * Stride, but for the axes in Moved: what these add is in a table of 2^popcount(Moved) entries.
template <unsigned Moved, std::size_t Stride, class A>
struct places_apart {
    static constexpr auto entry = [] {
        std::array<std::uint8_t, std::size_t{1} << most_stage_axes> result{};
        for (unsigned l = 0; l < result.size(); ++l)
            for (unsigned axis = 1, bit = 1; axis < result.size(); axis *= 2)
                if (Moved & axis) {
                    if (l & axis) result[l] = static_cast<std::uint8_t>(result[l] | bit);
                    bit *= 2;
                }
        return result;
    }();

    const std::uint32_t* at;
    QVIT_INLINE std::size_t operator[](std::size_t l) const {
        return at[entry[l]] + (l & ~std::size_t{Moved}) * Stride * sizeof(A);
    }
};
}  // namespace detail

/// to = the rotations of a stage, in order, applied to from, along its route; `to` is not `from`. See lane_routes.
///
/// Multiply-adds as run_stage's. What is neither gathered nor scattered is addressed by a constant from one or a few
/// registers.
template <route_shape Route, std::size_t Bits, class A>
void route_stage(const lane_route& route, const std::uint32_t* places, const lane_stage& stage, const lane_step* steps,
                 const lane_angles<typename amplitude<A>::lanes_type>& angles, const A* from, A* to) {
    using S = typename amplitude<A>::lanes_type;
    constexpr stage_shape Shape = Route.shape;
    constexpr std::size_t size = std::size_t{1} << Shape.axes;
    constexpr std::size_t groups = (std::size_t{1} << Bits) / size;
    const detail::stage_angles<Shape, S> angle(stage, steps, angles, false, route.turns);
    const std::uint32_t* in = places + route.in;
    const std::uint32_t* out = places + route.out;
    for (std::size_t group = 0; group < groups; ++group) {
        A a[size];
        S s[Shape.steps];
        angle.sines_on_group(static_cast<std::uint32_t>(group), s);
        if constexpr (Route.gathers) {
            detail::load_group<size>(a, from, in);
            in += size;
        } else {
            detail::load_group<size>(a, from, detail::places_in_order<A>{group * size * sizeof(A)});
        }
        if constexpr (Route.scatters)
            detail::rotate_and_store<Shape, false>(a, angle.c, s, to, out);
        else
            detail::rotate_and_store<Shape, false>(a, angle.c, s, to,
                                                   detail::places_apart<Route.moved, groups, A>{out});
        out += places_out(Route);
    }
}

namespace detail {
template <const auto& Program, const auto& Routes, std::size_t AmplitudeBytes>
inline constexpr auto route_places = make_lane_places<Routes.places>(Program, Routes, AmplitudeBytes);

template <class A>
using route_kernel = void (*)(const lane_route&, const std::uint32_t*, const lane_stage&, const lane_step*,
                              const lane_angles<typename amplitude<A>::lanes_type>&, const A*, A*);
template <const auto& Program, const auto& Routes, class A>
inline constexpr auto route_kernels = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<route_kernel<A>, sizeof...(I)>{&route_stage<Routes.shapes[I], Program.bits, A>...};
}
(std::make_index_sequence<Routes.shapes.size()>{});
}  // namespace detail

/// psi <- all stages from Routes.first on; amplitudes end up where Routes.end_of says. `block_scale`: what the
/// renormalisations among them multiply by. Cost: multiply-adds as run_stage's; a second state on the stack.
template <const auto& Program, const auto& Routes, class A>
void run_on_routes(const lane_angles<typename amplitude<A>::lanes_type>& angles,
                   const real_of<typename amplitude<A>::lanes_type>* block_scale, A* psi) {
    constexpr std::size_t stages = Program.stages.size();
    constexpr std::size_t size = std::size_t{1} << Program.bits;
    A other[size];
    A* at = psi;
    if constexpr ((stages - Routes.first) % 2 == 1) {
        for (std::size_t k = 0; k < size; ++k) other[k] = psi[k];
        at = other;
    }
    for (std::size_t i = Routes.first; i < stages; ++i) {
        const lane_stage& stage = Program.stages[i];
        const lane_route& route = Routes.stage[i];
        A* const to = at == psi ? other : psi;
        detail::route_kernels<Program, Routes, A>[route.shape](route,
                                                               detail::route_places<Program, Routes, sizeof(A)>.data(),
                                                               stage, Program.steps.begin(), angles, at, to);
        if (stage.renormalise) rescale_state(*block_scale++, stage.bits, to);
        at = to;
    }
}

}  // namespace qvit::inline QVIT_ABI
