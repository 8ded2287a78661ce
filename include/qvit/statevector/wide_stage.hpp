// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_fuse.hpp>
#include <qvit/statevector/wide_pair.hpp>
#include <qvit/statevector/wide_permutation.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_step.hpp>

namespace qvit::inline QVIT_ABI {

/// What a stage's steps are, where that is known for all groups of registers: no step is looked up then.
enum class wide_steps : std::uint8_t { any, register_shears, all_shears };

/// Gates that one sweep over a tile applies: it loads 2^4 (2^3 complex) registers which differ in the wires
/// `positions`, computes, and stores them.
template <std::floating_point R>
struct wide_stage {
    bool complex = false;        ///< whether any step mixes real and imaginary parts
    bool adjoint = false;        ///< whether gates with angles are to be differentiated: they are not merged
    std::uint8_t registers = 4;  ///< how many of `positions` count
    std::array<std::uint8_t, 4> positions{};
    std::vector<wide_step<R>> steps;
    wide_steps shears = wide_steps::any;  ///< for which there is a loop of their own
    wide_permutation permutation;         ///< after the steps; in an adjoint run its inverse, before the steps
    R factor = 1;                         ///< multiplies all amplitudes
    bool last_flipped = false;            ///< whether the last register wire is flipped as amplitudes are loaded
    std::vector<std::uint32_t> sources;   ///< of each overlap: its primitive's `source`

    /// Takes gates, in the tile's wires, whose targets are lane wires or some of `positions`. Flips at the end become
    /// the permutation; in an adjoint run, where a ring is undone before the rotations, those at the beginning.
    void take(const std::vector<const wide_primitive*>& gates) {
        permutation = wide_permutation(wide_lane_bits<R>, registers);
        // What the gates do to wires that are kept as steps: diagonal there, a flip, or else.
        std::uint64_t diagonal = 0, flipped = 0, other = 0;
        std::vector<const wide_primitive*> kept;
        for (std::size_t i = 0; i < gates.size(); ++i) {
            // Flips are their own inverses: prepended from the first on, they are the inverse of all.
            const wide_primitive& g = *gates[adjoint ? i : gates.size() - 1 - i];
            const std::uint64_t bit = std::uint64_t{1} << g.target;
            const bool free = (g.controls & (flipped | other)) == 0 && (bit & (diagonal | other)) == 0;
            if (free && g.is_flip() && prepend(g)) continue;
            kept.push_back(&g);
            diagonal |= g.controls;
            (g.is_diagonal() ? diagonal : g.is_flip() ? flipped : other) |= bit;
        }
        permutation.finish();
        if (!adjoint) std::reverse(kept.begin(), kept.end());
        steps.reserve(kept.size());
        for (const wide_primitive* g : kept) add(*g);
    }

    /// Roughly how long it takes, as a multiple of a sweep with no step (measured on Zen 5, 20 wires).
    double cost() const {
        if (shears == wide_steps::all_shears) return 2;
        if (shears == wide_steps::register_shears) return 1.3;
        double result = 1;
        for (const wide_step<R>& step : steps) {
            using form = typename wide_step<R>::form;
            const bool turn = step.what == form::turn_register || step.what == form::turn_lane;
            result += (turn ? 0.4 : 0.15) * (step.real ? 1 : 2);
        }
        return result;
    }
    /// Whether it can multiply all amplitudes by a number.
    bool can_scale() const {
        return std::any_of(steps.begin(), steps.end(), [](const wide_step<R>& step) { return step.scales_all(); });
    }
    /// Whether any step acts on lanes, or on some of them only.
    bool steps_on_lanes() const {
        constexpr std::uint64_t lane_wires = (std::uint64_t{1} << wide_lane_bits<R>)-1;
        return std::any_of(steps.begin(), steps.end(), [](const wide_step<R>& step) {
            return step.on_lanes() || (step.meaning.controls & lane_wires) != 0;
        });
    }
    /// Divides rotations by their cosines, which halves their arithmetic. The product of these and of `carried`, from
    /// earlier stages, is returned for a later one, or (`deliver`) goes into a step that acts on all amplitudes and is
    /// no such rotation, else into the stage's factor, as always in an adjoint run: its overlaps are of both states.
    R shear(R carried, bool deliver) {
        using form = typename wide_step<R>::form;
        wide_step<R>* scaled = nullptr;
        for (wide_step<R>& step : steps)
            if (deliver && !adjoint && step.scales_all() && step.diagonal() == 0) scaled = &step;
        for (wide_step<R>& step : steps) {
            const R own = step.diagonal();
            if (own == 0) continue;
            step.scale(1 / own);
            step.what = step.what == form::turn_lane ? form::shear_lane : form::shear_register;
            step.divided_by = own;
        }
        find_shears();
        for (wide_step<R>& step : steps) {
            step.overlap_scale = static_cast<double>(carried) * static_cast<double>(carried);
            carried *= step.divided_by;
        }
        if (detail::wide_pairs && !adjoint && shears == wide_steps::register_shears) carried *= pair_last();
        if (!deliver) return carried;
        if (scaled) {
            scaled->scale(carried);
            return 1;
        }
        factor = carried;  // before all steps
        for (wide_step<R>& step : steps)
            step.overlap_scale /= static_cast<double>(carried) * static_cast<double>(carried);
        return 1;
    }

  private:
    /// For the last two register wires' rotations to have tangents of one sign: a rotation between two flips is one by
    /// the negative angle. What turning both at once (wide_pair.hpp) divides by beyond the cosines is returned.
    R pair_last() {
        wide_step<R>& first = steps[registers - 2U];
        wide_step<R>& second = steps[registers - 1U];
        if (first.tangent() * second.tangent() < 0) {
            std::swap(second.re[1], second.re[2]);
            permutation.undo_flip(registers - 1U);
            last_flipped = true;
        }
        return detail::wide_pair<lanes<R>>::divisor(first.tangent(), second.tangent());
    }

    /// A flip before all that are in the permutation; false where it cannot be part of one.
    bool prepend(const wide_primitive& g) {
        const auto bit_of = [&](std::size_t wire) {
            for (std::size_t i = 0; i < registers; ++i)
                if (wire == positions[i]) return wide_lane_bits<R> + i;
            return wire;
        };
        std::uint64_t inside = (std::uint64_t{1} << wide_lane_bits<R>)-1;
        for (std::size_t i = 0; i < registers; ++i) inside |= std::uint64_t{1} << positions[i];
        const std::uint64_t controls = g.controls & inside;
        if ((controls & (controls - 1)) != 0) return false;
        std::optional<std::size_t> control;
        if (controls != 0) control = bit_of(static_cast<std::size_t>(std::countr_zero(controls)));
        return permutation.prepend(bit_of(g.target), control, (g.values & controls) != 0,
                                   {g.controls & ~inside, g.values & ~inside, g.outer_controls, g.outer_values, 0});
    }

    /// Gates of one target that differ only in which lanes control them become one step.
    void add(const wide_primitive& g) {
        constexpr std::size_t lane_bits = wide_lane_bits<R>;
        wide_step<R> step;
        step.meaning = g;
        step.real = g.matrix.is_real();
        step.outer_controls = g.outer_controls;
        step.outer_values = g.outer_values;
        const std::uint64_t lane_mask = (std::uint64_t{1} << lane_bits) - 1;
        const std::uint64_t lane_controls = g.controls & lane_mask;
        step.controls = g.controls & ~lane_mask;
        step.values = g.values & ~lane_mask;
        const bool lane_target = g.target < lane_bits;
        step.position = static_cast<std::uint8_t>(g.target);
        for (std::size_t i = 0; i < registers; ++i) {
            const std::uint64_t bit = std::uint64_t{1} << positions[i];
            const auto register_bit = static_cast<std::uint8_t>(1U << i);
            if ((step.controls & bit) != 0) step.register_controls |= register_bit;
            if ((step.values & bit) != 0) step.register_values |= register_bit;
            step.controls &= ~bit;
            step.values &= ~bit;
            if (g.target == positions[i]) step.position = static_cast<std::uint8_t>(i);
        }
        const bool flip = g.is_flip() && lane_controls == 0 && !lane_target;
        using form = typename wide_step<R>::form;
        step.what = lane_target ? form::turn_lane : flip ? form::flip_register : form::turn_register;
        if (!flip) fill(step, g, lane_controls, lane_target);
        if (adjoint && g.angles > 0) {
            step.overlap = static_cast<std::int32_t>(sources.size());
            step.needed = g.overlaps_needed();
            sources.push_back(g.source);
        }
        if (!detail::fuse(steps, step)) steps.push_back(step);
    }

    /// Whether the steps are rotations of all register wires, or of these and all lane wires; orders them by wire then.
    /// In an adjoint run each with the overlap of a real rotation.
    void find_shears() {
        using form = typename wide_step<R>::form;
        if (complex) return;
        const unsigned registers_only = (1U << registers) - 1;
        const unsigned all = (1U << (wide_lane_bits<R> + registers)) - 1;
        const auto bit_of = [&](const wide_step<R>& step) {
            // One that lanes control does not commute with what changes these.
            if (step.meaning.controls != 0) return 0U;
            if (adjoint && (step.overlap < 0 || step.needed != 0b0110)) return 0U;
            const std::size_t wire = step.position + (step.what == form::shear_lane ? registers : 0U);
            return step.what == form::shear_lane || step.is_rotation() ? 1U << wire : 0U;
        };
        unsigned wires = 0;
        for (const wide_step<R>& step : steps) {
            if (bit_of(step) == 0 || (wires & bit_of(step)) != 0) return;
            wires |= bit_of(step);
        }
        if (wires != registers_only && wires != all) return;
        for (std::size_t i = 0; !adjoint && i + 1 < registers; ++i)
            if (permutation.exchanged[i] != 0) return;
        shears = wires == all ? wide_steps::all_shears : wide_steps::register_shears;
        const std::vector<wide_step<R>> unordered = std::exchange(steps, {});
        steps.reserve(unordered.size());
        for (unsigned bit = 1; bit <= all; bit *= 2)
            for (const wide_step<R>& step : unordered)
                if (bit_of(step) == bit) steps.push_back(step);
    }

    static void fill(wide_step<R>& step, const wide_primitive& g, std::uint64_t lane_controls, bool lane_target) {
        const std::uint64_t lane_values = g.values & lane_controls;
        for (std::size_t i = 0; i < 4; ++i) {
            const auto at = [&](std::size_t k) {
                return std::array{static_cast<R>(g.matrix.entry[k].re), static_cast<R>(g.matrix.entry[k].im)};
            };
            const auto low = at(i);
            const auto high = at(lane_target ? 3 - i : i);  // the index counts from the lane's own bit
            const std::size_t bit = lane_target ? std::size_t{1} << g.target : 0;
            for (std::size_t lane = 0; lane < wide_step<R>::width; ++lane) {
                const bool active = (lane & lane_controls) == lane_values;
                const auto& own = (lane & bit) != 0 ? high : low;
                step.re[i].lane[lane] = active ? own[0] : static_cast<R>(i % 3 == 0 ? 1 : 0);
                if (!step.real) step.im[i].lane[lane] = active ? own[1] : R(0);
            }
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
