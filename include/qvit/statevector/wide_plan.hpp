// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_layout.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_select.hpp>
#include <qvit/statevector/wide_stage.hpp>
#include <qvit/statevector/wide_step.hpp>

namespace qvit::inline QVIT_ABI {

/// How a run is cut: tiles of 2^tile_bits amplitudes are worked on in cache, made of chunks of 2^chunk_bits contiguous
/// ones. The defaults suit 1 MB and more of second-level cache. Any values work: they are raised to what registers
/// need, and chunks are at most a run of amplitudes (wide_layout.hpp).
struct wide_options {
    std::size_t chunk_bits = 8;
    std::size_t tile_bits = 16;
    std::size_t threads = 1;
};

/// What a plan is for: gates on one state, or on two at once, with the overlaps that gradients need.
enum class wide_run : std::uint8_t { forward, adjoint_real, adjoint_complex };

/// One pass over memory: all stages on one tile after the other. Tile wires are the chunk's, then `high`.
template <std::floating_point R>
struct wide_pass {
    std::vector<std::uint8_t> high;
    std::vector<wide_stage<R>> stages;
};

namespace detail {

/// The members of a set of wires, and others from `first` on until there are `count`, all below `end`; sorted.
inline std::vector<std::uint8_t> filled(std::uint64_t wires, std::size_t count, std::size_t first, std::size_t end) {
    std::size_t present = static_cast<std::size_t>(std::popcount(wires));
    for (std::size_t wire = first; present < count && wire < end; ++wire)
        if (((wires >> wire) & 1U) == 0) {
            wires |= std::uint64_t{1} << wire;
            ++present;
        }
    std::vector<std::uint8_t> result;
    for (; wires != 0; wires &= wires - 1) result.push_back(static_cast<std::uint8_t>(std::countr_zero(wires)));
    return result;
}

/// The gates of the next stage, and its kind. Real gates act on 16 registers of either part; where that takes fewer
/// gates, all gates on 8 complex ones. An adjoint run has two states: half as many registers of each.
template <class R>
wide_selection select_stage(const std::vector<const wide_primitive*>& gates, wide_run run, wide_stage<R>& stage) {
    constexpr std::uint64_t lane_wires = (std::uint64_t{1} << wide_lane_bits<R>)-1;
    if (run != wide_run::forward) {
        stage.adjoint = true;
        stage.complex = run == wide_run::adjoint_complex;
        stage.registers = wide_adjoint_bits<false>;
        if (stage.complex) stage.registers = wide_adjoint_bits<true>;
        return select_gates(gates, lane_wires, stage.registers, false);
    }
    stage.registers = wide_register_bits<false>;
    wide_selection real = select_gates(gates, lane_wires, stage.registers, true);
    if (real.left.empty()) return real;
    wide_selection any = select_gates(gates, lane_wires, wide_register_bits<true>, false);
    if (any.taken.size() <= real.taken.size()) return real;
    stage.complex =
        std::any_of(any.taken.begin(), any.taken.end(), [](const wide_primitive* g) { return !g->matrix.is_real(); });
    if (stage.complex) stage.registers = wide_register_bits<true>;
    return any;
}

/// The stages of a pass, for gates in the tile's wires.
template <class R>
std::vector<wide_stage<R>> plan_stages(const std::vector<wide_primitive>& in_order, std::size_t tile_bits,
                                       wide_run run) {
    std::vector<const wide_primitive*> gates = pointers_to(in_order);
    constexpr std::uint64_t lane_wires = (std::uint64_t{1} << wide_lane_bits<R>)-1;
    std::vector<wide_stage<R>> stages;
    while (!gates.empty()) {
        wide_stage<R> stage;
        wide_selection chosen = select_stage(gates, run, stage);
        std::vector<std::uint8_t> positions =
            filled(chosen.wires & ~lane_wires, stage.registers, wide_lane_bits<R>, tile_bits);
        // A wire that lanes flip comes last: wide_shears.hpp exchanges lanes of registers that differ in the last one.
        std::stable_partition(positions.begin(), positions.end(), [&](std::uint8_t wire) {
            return std::none_of(chosen.taken.begin(), chosen.taken.end(), [&](const wide_primitive* g) {
                return g->target == wire && (g->controls & lane_wires) != 0 && g->is_flip();
            });
        });
        std::copy(positions.begin(), positions.end(), stage.positions.begin());
        stage.take(chosen.taken);
        stages.push_back(std::move(stage));
        gates = std::move(chosen.left);
    }
    return stages;
}

/// A stage that puts lanes in order does so for an earlier one, too, if nothing in between looks at lanes. Of a ring's,
/// the first also turns the lanes, and has no time for it.
template <class R>
void leave_lanes(std::vector<wide_pass<R>>& passes) {
    wide_stage<R>* earlier = nullptr;
    for (wide_pass<R>& pass : passes)
        for (wide_stage<R>& stage : pass.stages) {
            const bool on_lanes = stage.steps_on_lanes();
            if (!on_lanes && !stage.permutation.exchanges && !stage.permutation.reorders) continue;
            if (earlier != nullptr && !on_lanes && stage.permutation.reorders)
                earlier->permutation.leave_lanes_to(stage.permutation);
            earlier = stage.permutation.reorders ? &stage : nullptr;
        }
}

/// Makes rotations shears; one stage multiplies all amplitudes by the product of their cosines. It comes as late as
/// numbers allow: each takes a multiplication per amplitude. In an adjoint run what is summed are products of two.
template <class R>
void carry_scales(std::vector<wide_pass<R>>& passes, wide_run run) {
    const R least = run == wide_run::forward ? R(1e-18) : R(1e-6);
    const wide_stage<R>* last = nullptr;
    for (const wide_pass<R>& pass : passes)
        for (const wide_stage<R>& stage : pass.stages)
            if (stage.can_scale()) last = &stage;
    R carried(1);
    for (wide_pass<R>& pass : passes)
        for (wide_stage<R>& stage : pass.stages) {
            const bool deliver = &stage == last || std::fabs(carried) < least;
            carried = stage.shear(carried, deliver);
        }
}

/// A gate with its wires numbered by their place in the tile, -1 for those outside.
inline wide_primitive in_tile(const wide_primitive& g, const std::array<std::int8_t, 64>& place) {
    wide_primitive result = g;
    result.target = static_cast<std::uint32_t>(place[g.target]);
    result.controls = result.values = 0;
    for (std::uint64_t rest = g.controls; rest != 0; rest &= rest - 1) {
        const auto wire = static_cast<std::size_t>(std::countr_zero(rest));
        const bool inside = place[wire] >= 0;
        const std::uint64_t bit = std::uint64_t{1} << (inside ? static_cast<std::size_t>(place[wire]) : wire);
        const bool value = ((g.values >> wire) & 1U) != 0;
        (inside ? result.controls : result.outer_controls) |= bit;
        if (value) (inside ? result.values : result.outer_values) |= bit;
    }
    return result;
}
}  // namespace detail

/// A run of the wide engine: the passes over memory that apply some gates to a register of `width` wires, lanes
/// included. Costs no pass over amplitudes, and less than a microsecond per gate for a few layers; for thousands of
/// gates some ten, as every pass looks at all that are left.
///
/// Wires below chunk_bits are in every tile; each pass adds the next wires that gates ask for. Controls cost nothing
/// wherever they are: outside of a tile they are constants.
template <std::floating_point R>
struct wide_plan {
    std::size_t width = 0;
    std::size_t chunk_bits = 0;
    std::size_t tile_bits = 0;
    std::vector<wide_pass<R>> passes;

    wide_plan(std::vector<wide_primitive> gates, std::size_t wires, const wide_options& options,
              wide_run run = wide_run::forward)
        : width(wires) {
        constexpr std::size_t lane_bits = wide_lane_bits<R>;
        chunk_bits = std::min({width, wide_run_bits, std::max(options.chunk_bits, lane_bits)});
        tile_bits = std::min(width, std::max({options.tile_bits, chunk_bits + 1, lane_bits + 4}));
        gates = detail::merge_gates(gates, run != wide_run::forward);
        std::vector<std::vector<const wide_primitive*>> parts{detail::pointers_to(gates)};
        passes = plan_passes(parts, tile_bits, run);
        // Where a run takes longer than to plan it: block by block, and a tile twice as large, which may save a pass.
        if (width < worth_planning) return;
        const auto consider = [&](std::size_t bits) {
            std::vector<wide_pass<R>> other = plan_passes(parts, bits, run);
            if (cost_of(other, bits) >= cost_of(passes, tile_bits)) return;
            passes = std::move(other);
            tile_bits = bits;
        };
        const std::size_t bits = tile_bits;
        const bool may_grow = width >= bits + 8;
        if (may_grow && passes.size() > 1) consider(bits + 1);
        parts = detail::blocks_of(std::move(parts[0]));
        if (parts.size() < 2) return;
        consider(bits);
        if (may_grow) consider(bits + 1);
    }

  private:
    static constexpr std::size_t worth_planning = 16;

    static double cost_of(const std::vector<wide_pass<R>>& passes, std::size_t tile_bits) {
        double result = 0;
        for (const wide_pass<R>& pass : passes) {
            result += 0.6;  // beyond the time of its stages: from and to memory
            for (const wide_stage<R>& stage : pass.stages)
                result += stage.cost() * (1 + 0.01 * static_cast<double>(tile_bits));
        }
        return result;
    }

    /// Each part after the one before it.
    std::vector<wide_pass<R>> plan_passes(const std::vector<std::vector<const wide_primitive*>>& parts,
                                          std::size_t bits, wide_run run) const {
        const std::uint64_t chunk_wires = (std::uint64_t{1} << chunk_bits) - 1;
        std::vector<wide_pass<R>> result;
        for (std::vector<const wide_primitive*> gates : parts)
            while (!gates.empty()) {
                detail::wide_selection chosen = detail::select_gates(gates, chunk_wires, bits - chunk_bits, false);
                wide_pass<R> pass;
                pass.high = detail::filled(chosen.wires & ~chunk_wires, bits - chunk_bits, chunk_bits, width);
                std::array<std::int8_t, 64> place{};
                for (std::size_t wire = 0; wire < 64; ++wire)
                    place[wire] = wire < chunk_bits ? static_cast<std::int8_t>(wire) : std::int8_t{-1};
                for (std::size_t i = 0; i < pass.high.size(); ++i)
                    place[pass.high[i]] = static_cast<std::int8_t>(chunk_bits + i);
                std::vector<wide_primitive> taken;
                taken.reserve(chosen.taken.size());
                for (const wide_primitive* g : chosen.taken) taken.push_back(detail::in_tile(*g, place));
                pass.stages = detail::plan_stages<R>(taken, bits, run);
                result.push_back(std::move(pass));
                gates = std::move(chosen.left);
            }
        if (run == wide_run::forward) detail::leave_lanes(result);
        detail::carry_scales(result, run);
        return result;
    }
};

}  // namespace qvit::inline QVIT_ABI
