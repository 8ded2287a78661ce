// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_memory.hpp>
#include <qvit/statevector/wide_overlap.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_reduce.hpp>
#include <qvit/statevector/wide_stage.hpp>
#include <qvit/statevector/wide_sweep.hpp>
#include <qvit/statevector/wide_threads.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// The bits of `value`, low ones first, at the places of the ones of `mask`.
inline std::uint64_t deposit(std::uint64_t value, std::uint64_t mask) {
    std::uint64_t result = 0;
    for (; mask != 0; mask &= mask - 1, value >>= 1)
        if ((value & 1U) != 0) result |= mask & (~mask + 1);
    return result;
}

/// A tile's own memory, so that its wires are near each other however far apart they are in the state.
template <class R>
struct wide_buffer {
    // A cache line more than the chunk: rows a power of two apart would share a set of the cache. Tiles whose
    // amplitudes stand one after the other are worked on in place.
    static constexpr std::size_t pad = 64 / sizeof(R);
    std::vector<wide_memory<R>> parts;  ///< as many as the states have
    std::vector<std::size_t> rows;
    wide_scratch<R> scratch;
    std::vector<matrix2> overlaps;  ///< sums over a block of tiles, by `source`

    wide_buffer(const wide_plan<R>& plan, std::size_t part_count) {
        if (!plan.needs_buffer()) return;
        const std::size_t row_count = std::size_t{1} << (plan.tile_bits - plan.chunk_bits);
        const std::size_t stride = (std::size_t{1} << plan.chunk_bits) + pad;
        for (std::size_t row = 0; row < row_count; ++row) rows.push_back(row * stride);
        for (std::size_t i = 0; i < part_count; ++i) parts.emplace_back(row_count * stride, false);
        if (!std::all_of(parts.begin(), parts.end(), [](const auto& part) { return static_cast<bool>(part); }))
            parts.clear();
    }
};

/// One tile of one or two states through all stages: the first reads the states, the last writes them and fetches the
/// tile at `next`.
template <std::size_t States, class R>
void run_tile(const wide_pass<R>& pass, const std::array<wide_tile<R>, States>& states, const wide_plan<R>& plan,
              std::uint64_t base, std::uint64_t next, wide_buffer<R>& buffer) {
    std::array<wide_tile<R>, States> outside = states;
    for (wide_tile<R>& tile : outside) {
        tile.re += base;
        if (tile.im != nullptr) tile.im += base;
    }
    std::array<wide_tile<R>, States> own = outside;
    if (!buffer.parts.empty() && !pass.is_contiguous(plan.chunk_bits)) {
        std::size_t part = 0;
        for (wide_tile<R>& tile : own) {
            tile = {buffer.parts[part++].data(), nullptr, buffer.rows.data(), plan.chunk_bits};
            if (states[0].im != nullptr) tile.im = buffer.parts[part++].data();
        }
    }
    for (std::size_t s = 0; s < pass.stages.size(); ++s) {
        const wide_stage<R>& stage = pass.stages[s];
        const bool last = s + 1 == pass.stages.size();
        if constexpr (States == 2) buffer.scratch.overlaps.assign(8 * stage.sources.size(), lanes<R>(R(0)));
        sweep(stage, s == 0 ? outside.data() : own.data(), last ? outside.data() : own.data(),
              std::size_t{1} << plan.tile_bits, base, last ? next - base : 0, buffer.scratch);
        if constexpr (States == 2)
            for (const wide_step<R>* step : buffer.scratch.active)
                if (step->overlap >= 0) {
                    const auto index = static_cast<std::size_t>(step->overlap);
                    collect_overlap(*step, &buffer.scratch.overlaps[8 * index], buffer.overlaps[stage.sources[index]]);
                }
    }
}
}  // namespace detail

/// Applies a plan to one state of 2^plan.width amplitudes, or to two, psi and lambda, in an adjoint run; then
/// overlaps[source] += O of every gate with angles. Tiles are summed in blocks that do not depend on `threads`: any
/// number of threads gives the same bits. Uses a buffer of a tile per thread, and works without where memory is short.
///
/// `support`: wires that may be 1 where an amplitude is not 0; updated. Tiles that are all 0 are passed over: from
/// |0..0>, the first pass is a single tile.
template <class R, std::size_t States>
void execute(const wide_plan<R>& plan, const std::array<wide_view<R>, States>& states, std::size_t threads,
             std::vector<matrix2>& overlaps, std::uint64_t& support) {
    constexpr std::size_t most_blocks = 64;
    const std::size_t tiles = std::size_t{1} << (plan.width - plan.tile_bits);
    const std::size_t blocks = std::min(tiles, most_blocks);
    const std::size_t workers = std::max<std::size_t>(std::min(threads, blocks), 1);
    std::vector<detail::wide_buffer<R>> buffers;
    for (std::size_t i = 0; i < workers; ++i) buffers.emplace_back(plan, States * (states[0].im == nullptr ? 1 : 2));
    std::vector<std::vector<matrix2>> block_overlaps(States == 2 ? blocks : 0);
    for (const wide_pass<R>& pass : plan.passes) {
        std::uint64_t high_wires = 0;
        for (const std::uint8_t wire : pass.high) high_wires |= std::uint64_t{1} << wire;
        const std::uint64_t tile_wires = ((std::uint64_t{1} << plan.chunk_bits) - 1) | high_wires;
        const std::uint64_t other_wires = ~std::uint64_t{0} >> (64 - plan.width) & ~tile_wires;
        std::vector<std::size_t> rows(std::size_t{1} << pass.high.size());
        for (std::size_t row = 0; row < rows.size(); ++row) rows[row] = detail::deposit(row, high_wires);
        std::array<wide_tile<R>, States> outside;
        for (std::size_t i = 0; i < States; ++i)
            outside[i] = {states[i].re, states[i].im, rows.data(), plan.chunk_bits};
        for_each_share(blocks, workers, [&](std::size_t worker, std::size_t first, std::size_t last) {
            detail::wide_buffer<R>& buffer = buffers[worker];
            for (std::size_t block = first; block < last; ++block) {
                buffer.overlaps.assign(overlaps.size(), matrix2{0, 0, 0, 0});
                const std::size_t per_block = tiles / blocks;  // both are powers of two
                for (std::size_t tile = block * per_block; tile < (block + 1) * per_block; ++tile) {
                    const std::uint64_t base = detail::deposit(tile, other_wires);
                    const bool more = tile + 1 < (block + 1) * per_block;
                    const std::uint64_t next = more ? detail::deposit(tile + 1, other_wires) : base;
                    if ((base & ~support) == 0) detail::run_tile(pass, outside, plan, base, next, buffer);
                }
                if constexpr (States == 2) block_overlaps[block] = buffer.overlaps;
            }
        });
        support |= tile_wires;
        for (const std::vector<matrix2>& block : block_overlaps)
            for (std::size_t i = 0; i < overlaps.size(); ++i)
                for (std::size_t k = 0; k < 4; ++k) overlaps[i].entry[k] = overlaps[i].entry[k] + block[i].entry[k];
    }
}

}  // namespace qvit::inline QVIT_ABI
