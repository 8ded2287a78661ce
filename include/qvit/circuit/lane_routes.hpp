// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// A stage's shape on its way between two places, and what else decides its instructions: whether its amplitudes are
/// looked up one by one where they are read (`gathers`) and written (`scatters`).
///
/// What is not scattered goes to group base ^ l 2^(bits - axes), and `moved` has the axes in which the base may be odd.
struct route_shape {
    stage_shape shape{};
    bool gathers = false;
    bool scatters = false;
    std::uint8_t moved = 0;
    friend constexpr bool operator==(const route_shape&, const route_shape&) = default;
};

/// Where a stage reads and writes, by bit of its group's number; see make_lane_places.
struct lane_route {
    std::uint16_t shape = 0;
    std::uint32_t in = 0;                                 ///< first place it reads from, where it gathers
    std::uint32_t out = 0;                                ///< first place it writes to
    std::uint32_t from[lane_statevector_max_width] = {};  ///< bases where it gathers; else group after group
    std::uint32_t to[lane_statevector_max_width] = {};    ///< bases
    std::uint32_t turns[most_stage_steps] = {};           ///< by rotation: whose sign it turns round
};

/// How many places a group of such a shape needs to know where it writes.
constexpr std::size_t places_out(const route_shape& r) {
    return std::size_t{1} << (r.scatters ? r.shape.axes : static_cast<unsigned>(std::popcount(r.moved)));
}

/// Routes of a lane_program's stages, from `first` on, from one copy of the state to another and back.
///
/// To look up where every amplitude stands takes two instructions for four multiply-adds. Behind a stage the state is
/// therefore laid out as the next one reads it: its groups one after the other. The coordinates of that layout are the
/// next stage's axes (lowest), then what completes a basis, then this stage's axes (highest), so that what it writes
/// has fixed distances, too. Only axes that the two have in common prevent that. The first stage gathers from the
/// program's own layout; the last one scatters to it, or leaves the state where `end` says. Cost: O(stages * bits^2)
/// while compiling.
template <std::size_t Stages>
struct lane_routes {
    bool used = false;
    std::size_t first = Stages;
    std::size_t places = 0;
    std::array<lane_route, Stages + 1> stage{};
    static_vector<route_shape, Stages> shapes{};
    std::uint32_t end[lane_statevector_max_width] = {};  ///< where the last stage leaves amplitude 2^b, by b

    /// Where it leaves any amplitude.
    constexpr std::uint32_t end_of(std::uint32_t amplitude) const {
        std::uint32_t result = 0;
        for (std::size_t b = 0; (amplitude >> b) != 0; ++b)
            if ((amplitude >> b) & 1) result ^= end[b];
        return result;
    }
};

namespace detail {
/// A reached_basis of amplitudes' indices.
class index_basis {
    using set = bit_set<lane_statevector_max_width>;
    reached_basis<lane_statevector_max_width> basis_{};
    static constexpr set set_of(std::uint32_t v) {
        set result;
        result.words[0] = v;
        return result;
    }

  public:
    constexpr std::size_t size() const { return basis_.size(); }
    constexpr std::uint32_t operator[](std::size_t i) const { return static_cast<std::uint32_t>(basis_[i].words[0]); }
    constexpr void add(std::uint32_t v) {
        set rest;
        const std::uint32_t sum = basis_.coordinates(set_of(v), rest);
        basis_.add(set_of(v), rest, sum);
    }
    /// Of a vector that is a sum of the basis.
    constexpr std::uint32_t coordinates(std::uint32_t v) const {
        set rest;
        return basis_.coordinates(set_of(v), rest);
    }
};

/// A basis whose lowest coordinates are a stage's axes and whose highest are those of the stage before it; fewer than
/// `bits` vectors where these have a sum in common.
constexpr index_basis layout_between(const lane_stage& before, const lane_stage& after, std::size_t bits) {
    echelon independent;  // the middle has to be independent of the highest, which come later
    index_basis result;
    for (std::size_t k = 0; k < after.axes; ++k) independent.add(after.offset[std::size_t{1} << k]);
    for (std::size_t k = 0; k < before.axes; ++k)
        if (!independent.add(before.offset[std::size_t{1} << k])) return result;
    for (std::size_t k = 0; k < after.axes; ++k) result.add(after.offset[std::size_t{1} << k]);
    for (std::size_t k = 0; k + after.axes < bits; ++k)
        if (independent.add(after.base[k])) result.add(after.base[k]);
    for (std::size_t k = 0; k < before.axes; ++k) result.add(before.offset[std::size_t{1} << k]);
    return result;
}
}  // namespace detail

/// The routes of a lane_program whose state takes `bytes`: none where two of that would not fit into a cache of 32 KB,
/// or where fewer than half of the stages would have one.
/// `any_end`: whoever reads the final state looks up where its amplitudes are anyway.
template <std::size_t Stages>
constexpr lane_routes<Stages> make_lane_routes(const auto& lane, std::size_t bytes, bool any_end) {
    lane_routes<Stages> result{};
    const std::size_t bits = lane.bits;
    if (bytes > 16384) return result;
    std::size_t whole = Stages;  // from here on, all stages run on all amplitudes
    while (whole > 0 && lane.stages[whole - 1].axes != 0 && lane.stages[whole - 1].bits == bits) --whole;
    std::size_t first = Stages == whole ? Stages : Stages - 1;
    while (first > whole && detail::layout_between(lane.stages[first - 1], lane.stages[first], bits).size() == bits)
        --first;
    if (Stages - first < 2 || 2 * (Stages - first) < Stages - whole) return result;
    result.used = true;
    result.first = first;
    detail::index_basis layout;  // before stage i
    for (std::size_t i = first; i < Stages; ++i) {
        const lane_stage& stage = lane.stages[i];
        lane_route& route = result.stage[i];
        const std::size_t groups = bits - stage.axes;
        const bool gathers = i == first;

        route_shape shape{lane.shapes[stage.shape], gathers, i + 1 == Stages && !any_end, 0};
        std::uint32_t base[lane_statevector_max_width] = {};
        for (std::size_t b = 0; b < groups; ++b) base[b] = gathers ? stage.base[b] : layout[stage.axes + b];
        for (std::size_t k = 0; k < shape.shape.steps; ++k) {
            for (std::size_t b = 0; b < groups; ++b)
                if (parity(lane.steps[stage.first + k].pauli.row & base[b])) route.turns[k] |= std::uint32_t{1} << b;
            shape.shape.at[k].varies = route.turns[k] != 0;
        }
        lane_stage next = stage;  // behind the last one: the same bases, no axes
        next.axes = 0;
        if (i + 1 < Stages) next = lane.stages[i + 1];
        layout = detail::layout_between(stage, next, bits);
        for (std::size_t b = 0; b < groups; ++b) {
            route.from[b] = base[b];
            route.to[b] = shape.scatters ? base[b] : layout.coordinates(base[b]);
            if (!shape.scatters) shape.moved = static_cast<std::uint8_t>(shape.moved | (route.to[b] >> groups));
        }
        route.in = static_cast<std::uint32_t>(result.places);
        if (gathers) result.places += std::size_t{1} << bits;
        route.out = static_cast<std::uint32_t>(result.places);
        result.places += places_out(shape) << groups;

        std::size_t number = 0;
        while (number < result.shapes.size() && !(result.shapes[number] == shape)) ++number;
        if (number == result.shapes.size()) result.shapes.push_back(shape);
        route.shape = static_cast<std::uint16_t>(number);
    }
    for (std::size_t b = 0; b < bits; ++b) {
        const std::uint32_t amplitude = std::uint32_t{1} << b;
        result.end[b] = any_end ? layout.coordinates(amplitude) : amplitude;
    }
    return result;
}

}  // namespace qvit::inline QVIT_ABI
