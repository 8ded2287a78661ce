// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lane_routes.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// The k-th place that a group needs, from its base.
constexpr std::uint32_t place_out(const route_shape& r, const lane_stage& stage, std::size_t k) {
    if (r.scatters) return stage.offset[k];
    std::uint32_t result = 0;
    for (std::size_t axis = 0; axis < r.shape.axes; ++axis)
        if ((r.moved >> axis) & 1) {
            if (k & 1) result |= std::uint32_t{1} << (stage.bits - r.shape.axes + axis);
            k >>= 1;
        }
    return result;
}
}  // namespace detail

/// places[...] = where each group's amplitudes stand, in bytes, for all routes: an exclusive or for every load and
/// store is what the processor's front end has no room for beside the multiply-adds. `Count` is the routes' `places`.
template <std::size_t Count>
constexpr std::array<std::uint32_t, Count + 1> make_lane_places(const auto& lane, const auto& routes,
                                                                std::size_t amplitude_bytes) {
    std::array<std::uint32_t, Count + 1> result{};
    const auto bytes = static_cast<std::uint32_t>(amplitude_bytes);
    for (std::size_t i = routes.first; i < lane.stages.size(); ++i) {
        const lane_stage& stage = lane.stages[i];
        const lane_route& route = routes.stage[i];
        const route_shape& shape = routes.shapes[route.shape];
        const std::size_t size = std::size_t{1} << stage.axes;
        const std::size_t apart = places_out(shape);
        for (std::size_t group = 0; group < (std::size_t{1} << lane.bits) / size; ++group) {
            std::uint32_t from = 0, to = 0;
            for (std::size_t b = 0; (group >> b) != 0; ++b)
                if ((group >> b) & 1) {
                    from ^= route.from[b];
                    to ^= route.to[b];
                }
            for (std::size_t l = 0; l < size && shape.gathers; ++l)
                result[route.in + group * size + l] = (from ^ stage.offset[l]) * bytes;
            for (std::size_t k = 0; k < apart; ++k)
                result[route.out + group * apart + k] = (to ^ detail::place_out(shape, stage, k)) * bytes;
        }
    }
    return result;
}

}  // namespace qvit::inline QVIT_ABI
