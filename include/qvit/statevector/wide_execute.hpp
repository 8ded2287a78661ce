// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_layout.hpp>
#include <qvit/statevector/wide_overlap.hpp>
#include <qvit/statevector/wide_plan.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_stage_run.hpp>
#include <qvit/statevector/wide_step.hpp>
#include <qvit/statevector/wide_sweep.hpp>
#include <qvit/statevector/wide_threads.hpp>
#include <qvit/statevector/wide_tile.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// The bits of `value`, low ones first, at the places of the ones of `mask`.
inline std::uint64_t deposit(std::uint64_t value, std::uint64_t mask) {
    std::uint64_t result = 0;
    for (; mask != 0; mask &= mask - 1, value >>= 1)
        if ((value & 1U) != 0) result |= mask & (~mask + 1);
    return result;
}

/// What a thread needs.
template <class R>
struct wide_worker {
    std::vector<wide_stage_run<R>> stages;
    std::vector<matrix2> overlaps;  ///< sums over a block of tiles, by `source`
};

/// One tile of one or two states, with its first amplitude at `base`, through all stages; the last fetches the tile at
/// `next`.
template <std::size_t States, class R>
void run_tile(const wide_pass<R>& pass, std::array<wide_tile<R>, States> tile, std::uint64_t base, std::uint64_t next,
              wide_worker<R>& worker) {
    for (wide_tile<R>& part : tile) {
        part.re += wide_offset<R>(base);
        if (part.im != nullptr) part.im += wide_offset<R>(base);
    }
    for (std::size_t s = 0; s < pass.stages.size(); ++s) {
        wide_stage_run<R>& run = worker.stages[s];
        run.move_to(base);
        const bool fetch = run.fetches && s + 1 == pass.stages.size();
        sweep(run, tile, fetch ? wide_offset<R>(next) - wide_offset<R>(base) : 0);
        if constexpr (States == 2)
            for (const wide_step<R>* step : run.active)
                if (step->overlap >= 0) {
                    const auto index = static_cast<std::size_t>(step->overlap);
                    collect_overlap(*step, &run.overlaps[8 * index], worker.overlaps[pass.stages[s].sources[index]]);
                }
    }
}
}  // namespace detail

/// Applies a plan to one state of 2^plan.width amplitudes, or to two, psi and lambda, in an adjoint run; then
/// overlaps[source] += O of every gate with angles. Tiles are summed in blocks that do not depend on `threads`: any
/// number of threads gives the same bits.
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
    std::vector<detail::wide_worker<R>> own(workers);
    std::vector<std::vector<matrix2>> block_overlaps(States == 2 ? blocks : 0);
    for (const wide_pass<R>& pass : plan.passes) {
        std::uint64_t high_wires = 0;
        for (const std::uint8_t wire : pass.high) high_wires |= std::uint64_t{1} << wire;
        const std::uint64_t tile_wires = ((std::uint64_t{1} << plan.chunk_bits) - 1) | high_wires;
        const std::uint64_t other_wires = ~std::uint64_t{0} >> (64 - plan.width) & ~tile_wires;
        std::vector<std::size_t> rows(std::size_t{1} << pass.high.size());
        for (std::size_t i = 0; i < pass.high.size(); ++i)
            for (std::size_t row = 0; row < std::size_t{1} << i; ++row)
                rows[(std::size_t{1} << i) + row] = rows[row] + wide_offset<R>(std::size_t{1} << pass.high[i]);
        std::array<wide_tile<R>, States> tile_at_0;
        for (std::size_t i = 0; i < States; ++i)
            tile_at_0[i] = {states[i].re, states[i].im, rows.data(), plan.chunk_bits};
        for_each_share(blocks, workers, [&](std::size_t worker, std::size_t first, std::size_t last) {
            std::vector<matrix2>& sums = own[worker].overlaps;
            own[worker].stages.resize(pass.stages.size());
            for (std::size_t s = 0; s < pass.stages.size(); ++s)
                own[worker].stages[s].begin(pass.stages[s], tile_at_0[0], std::size_t{1} << plan.tile_bits);
            for (std::size_t block = first; block < last; ++block) {
                sums.assign(overlaps.size(), matrix2{0, 0, 0, 0});
                const std::size_t per_block = tiles / blocks;  // both are powers of two
                for (std::size_t tile = block * per_block; tile < (block + 1) * per_block; ++tile) {
                    const std::uint64_t base = detail::deposit(tile, other_wires);
                    const bool more = tile + 1 < last * per_block;  // of this worker's
                    const std::uint64_t next = more ? detail::deposit(tile + 1, other_wires) : base;
                    if ((base & ~support) == 0) detail::run_tile(pass, tile_at_0, base, next, own[worker]);
                }
                if constexpr (States == 2) block_overlaps[block] = sums;
            }
        });
        support |= tile_wires;
        for (const std::vector<matrix2>& block : block_overlaps)
            for (std::size_t i = 0; i < overlaps.size(); ++i)
                for (std::size_t k = 0; k < 4; ++k) overlaps[i].entry[k] = overlaps[i].entry[k] + block[i].entry[k];
    }
}

}  // namespace qvit::inline QVIT_ABI
