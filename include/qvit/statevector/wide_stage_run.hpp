// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/simd/lane_order.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_permutation.hpp>
#include <qvit/statevector/wide_stage.hpp>
#include <qvit/statevector/wide_step.hpp>
#include <qvit/statevector/wide_tile.hpp>

namespace qvit::inline QVIT_ABI {

/// A stage on one tile of its pass after the other: where registers stand, which steps act, where results go.
///
/// All that a group of registers needs is looked up, as loops over groups have no general-purpose registers to spare:
/// g++ keeps what does not fit in vector registers, and each such move delays a multiply-add.
/// Costs some thousand instructions and a few per group in each pass, 16 bytes per group, some hundred instructions per
/// tile; a few per group there, too, where a control inside of the tile depends on one outside.
///
///     run.begin(stage, tile, size);  run.move_to(base);  // base: the tile's first amplitude in the state
template <class R>
struct wide_stage_run {
    using S = lanes<R>;
    static constexpr std::size_t most = 16;
    using offsets = std::array<std::ptrdiff_t, most>;

    const wide_stage<R>* stage = nullptr;
    std::size_t fixed = 0;                     ///< the wires of lanes and registers
    std::array<std::ptrdiff_t, 4> distance{};  ///< of registers that differ in one wire, where they are loaded
    std::array<offsets, most> offset{};  ///< of results, in an adjoint run of what is read, by what is added to places
    std::array<std::array<R, lane_count<S>>, 4> exchanged{};  ///< not 0 in lanes that registers exchange
    std::vector<simd::lane_order<S>> orders;                  ///< of results' lanes: 16 by what is added to these

    bool fetches = false;  ///< whether chunks are so long that the next tile's are fetched

    // Of this tile:
    std::vector<const wide_step<R>*> active;  ///< steps whose controls outside of the tile have their values
    std::vector<lanes<R>> overlaps;           ///< of an adjoint run: eight for each of the stage's
    std::uint8_t constant = 0;                ///< is added to the places of all groups

    /// A group of registers: where its first one is loaded from, times 256, and what is added to its places.
    struct group {
        std::uint64_t packed = 0;
        std::size_t fetched = 0;  ///< where in the next tile the lines are that are fetched meanwhile
        std::size_t start() const { return packed >> 8; }
        std::uint8_t added() const { return static_cast<std::uint8_t>(packed); }
    };
    std::vector<group> groups;

    /// The tiles have `size` amplitudes, in places like the tile's at 0.
    void begin(const wide_stage<R>& of, const wide_tile<R>& tile, std::size_t size) {
        stage = &of;
        fixed = lane_count<S> - 1;
        for (std::size_t i = 0; i < of.registers; ++i) {
            fixed |= std::size_t{1} << of.positions[i];
            distance[i] = static_cast<std::ptrdiff_t>(tile.offset(std::size_t{1} << of.positions[i]));
        }
        std::ptrdiff_t start = 0;  // of what register 0 is loaded from
        std::ptrdiff_t& last = distance[of.registers - 1U];
        find_places(of.permutation, of.last_flipped ? last : 0);
        if (of.last_flipped) start = std::exchange(last, -last);
        const std::size_t amplitudes = lane_count<S> << of.registers;
        fetches = amplitudes <= std::size_t{1} << tile.chunk_bits;
        groups.clear();
        groups.reserve(size / amplitudes);
        for (std::size_t o = 0; o < size; o = after(o)) {
            const std::size_t first = tile.offset(o) + static_cast<std::size_t>(start);
            groups.push_back({first << 8, tile.offset(groups.size() * amplitudes)});
        }
        conditionals_.clear();
    }

    /// On to the tile whose first amplitude is `base`.
    void move_to(std::uint64_t base) {
        active.clear();
        for (const wide_step<R>& step : stage->steps)
            if ((base & step.outer_controls) == step.outer_values) active.push_back(&step);
        overlaps.assign(8 * stage->sources.size(), lanes<R>(R(0)));
        constant = stage->permutation.constant;
        changed_.clear();
        for (const wide_permutation::conditional& c : stage->permutation.conditionals) {
            if ((base & c.outer_controls) != c.outer_values) continue;
            if (c.controls != 0)
                changed_.push_back(&c);
            else
                constant = static_cast<std::uint8_t>(constant ^ c.image);
        }
        if (changed_ == conditionals_) return;
        std::swap(changed_, conditionals_);
        std::size_t o = 0;
        for (group& each : groups) {
            std::uint64_t added = 0;
            for (const wide_permutation::conditional* c : conditionals_)
                if ((o & c->controls) == c->values) added ^= c->image;
            each.packed = (each.packed & ~std::uint64_t{0xFF}) | added;
            o = after(o);
        }
    }

    /// A bit for each register whose lanes the permutation moves, in some group of this tile.
    unsigned moved() const {
        const wide_permutation& p = stage->permutation;
        const std::size_t count = std::size_t{1} << stage->registers;
        const unsigned all = (1U << count) - 1;
        if (!p.reorders) return 0;
        for (std::size_t lane = 0; lane < lane_count<S>; ++lane)
            if (p.source[lane] != lane) return all;
        for (const wide_permutation::conditional* c : conditionals_)
            if (p.lanes_of(c->image) != 0) return all;
        unsigned result = 0;
        for (std::size_t r = 0; r < count; ++r)
            if (p.shift[r] != p.lanes_of(constant)) result |= 1U << r;
        return result;
    }

    /// Of a group to whose places `added` is added: where its registers go, and how their lanes are put in order.
    QVIT_INLINE const std::ptrdiff_t* places_of(std::uint8_t added) const {
        return offset[added >> wide_lane_bits<R>].data();
    }
    QVIT_INLINE const simd::lane_order<S>* orders_of(std::uint8_t added) const {
        return orders.data() + most * (added & (lane_count<S> - 1));
    }

    /// The first amplitude, in the tile, of the group after that of `o`.
    std::size_t after(std::size_t o) const { return ((o | fixed) + 1) & ~fixed; }

  private:
    /// Results' places are counted from where register 0 is loaded from, `start`.
    void find_places(const wide_permutation& permutation, std::ptrdiff_t start) {
        const std::size_t count = std::size_t{1} << stage->registers;
        offsets where{-start};
        for (std::size_t i = 0; i < stage->registers; ++i)
            for (std::size_t r = 0; r < std::size_t{1} << i; ++r)
                where[(std::size_t{1} << i) + r] = where[r] + distance[i];
        // Only what can be added: most often nothing.
        std::uint32_t reached = 1U << permutation.register_of(permutation.constant);
        for (const wide_permutation::conditional& c : permutation.conditionals)
            for (std::size_t x = 0, before = reached; x < count; ++x)
                if ((before >> x & 1U) != 0) reached |= 1U << (x ^ permutation.register_of(c.image));
        for (std::size_t x = 0; x < count; ++x)
            for (std::size_t r = 0; (reached >> x & 1U) != 0 && r < count; ++r)
                offset[x][r] = where[permutation.place[r] ^ x];
        for (std::size_t j = 0; permutation.exchanges && j < stage->registers; ++j)
            for (std::size_t lane = 0; lane < lane_count<S>; ++lane)
                exchanged[j][lane] = static_cast<R>(permutation.exchanged[j] >> lane & 1U);
        std::uint8_t lanes = permutation.lanes_of(permutation.constant);
        for (const wide_permutation::conditional& c : permutation.conditionals)
            lanes = static_cast<std::uint8_t>(lanes | permutation.lanes_of(c.image));
        orders.clear();
        if (!permutation.reorders && !permutation.exchanges) return;
        orders.reserve(most * (std::size_t{lanes} + 1));
        std::array<std::uint8_t, most> inverse{};  // of source, which is linear, as its inverse is
        for (std::size_t lane = 0; lane < lane_count<S>; ++lane)
            inverse[permutation.source[lane]] = static_cast<std::uint8_t>(lane);
        const simd::lane_order<S> order = simd::make_lane_order<S>(stage->adjoint ? inverse : permutation.source);
        for (std::uint8_t added = 0; added <= lanes; ++added)
            for (std::size_t r = 0; r < most; ++r) {
                const std::size_t change = permutation.shift[r] ^ permutation.source[added];
                orders.push_back(order ^ (stage->adjoint ? inverse[change] : static_cast<std::uint8_t>(change)));
            }
    }

    std::vector<const wide_permutation::conditional*> conditionals_;  ///< that depend on the group, in this tile
    std::vector<const wide_permutation::conditional*> changed_;       ///< room for the next tile's
};

}  // namespace qvit::inline QVIT_ABI
