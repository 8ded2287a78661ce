// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lane_order.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/wide_adjoint_shears.hpp>
#include <qvit/statevector/wide_kernel.hpp>
#include <qvit/statevector/wide_overlap.hpp>
#include <qvit/statevector/wide_places.hpp>
#include <qvit/statevector/wide_shears.hpp>
#include <qvit/statevector/wide_stage.hpp>
#include <qvit/statevector/wide_stage_run.hpp>
#include <qvit/statevector/wide_step.hpp>
#include <qvit/statevector/wide_tile.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// States is 1, or 2 in an adjoint run: tile[0] is of psi, tile[1] of lambda, at the same places. One state is moved by
/// the stage's permutation after the steps, as it is stored; two are before, as they are loaded.
template <std::size_t Bits, bool Complex, std::size_t States, class R>
void sweep(wide_stage_run<R>& run, const std::array<wide_tile<R>, States>& tile, std::size_t ahead) {
    using S = lanes<R>;
    constexpr bool adjoint = States == 2;
    const wide_stage<R>& stage = *run.stage;
    const wide_permutation& permutation = stage.permutation;
    const wide_step<R>* const* const first = run.active.data();
    const wide_step<R>* const* const last = first + run.active.size();

    std::size_t o = 0;
    for (const auto& group : run.groups) {
        const auto added = static_cast<std::uint8_t>(group.added() ^ run.constant);
        const std::ptrdiff_t* const offset = run.places_of(added);
        const auto* const order = run.orders_of(added);
        wide_registers<S, Bits, Complex> v[States];
        // In locals, as a store of amplitudes may change whatever is in memory.
        R* re[States];
        R* im[States];
        unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
            re[k.value] = tile[k.value].re + group.start();
            im[k.value] = Complex ? tile[k.value].im + group.start() : nullptr;
            for_each_place<Bits>(re[k.value], run.distance, [&](auto r, R* place) QVIT_INLINE_LAMBDA {
                v[k.value].re[r.value] = simd::load<S>(adjoint ? re[k.value] + offset[r.value] : place);
            });
            if constexpr (Complex)
                for_each_place<Bits>(im[k.value], run.distance, [&](auto r, R* place) QVIT_INLINE_LAMBDA {
                    v[k.value].im[r.value] = simd::load<S>(adjoint ? im[k.value] + offset[r.value] : place);
                });
            if (ahead != 0) {
                fetch_lines<(std::size_t{1} << Bits)>(tile[k.value].re + ahead + group.fetched);
                if constexpr (Complex) fetch_lines<(std::size_t{1} << Bits)>(tile[k.value].im + ahead + group.fetched);
            }
        });
        if (adjoint && permutation.reorders)
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA { reorder_lanes(v[k.value], order); });
        if (adjoint && permutation.exchanges)
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
                exchange_registers(v[k.value], permutation.exchanged, run.exchanged);
            });
        if (stage.factor != R(1))
            unroll<States>([&](auto k) QVIT_INLINE_LAMBDA { scale_registers(v[k.value], stage.factor); });
        for (auto step = first; step != last; ++step) {
            if ((o & (*step)->controls) != (*step)->values) continue;
            if constexpr (adjoint) {
                if ((*step)->overlap >= 0) add_overlap(v[0], v[1], **step, run.overlaps.data());
                take_step(v[1], **step);
            }
            take_step(v[0], **step);
        }
        if (!adjoint && permutation.exchanges) exchange_registers(v[0], permutation.exchanged, run.exchanged);
        if (!adjoint && permutation.reorders) reorder_lanes(v[0], order);
        unroll<States>([&](auto k) QVIT_INLINE_LAMBDA {
            for_each_place<Bits>(re[k.value], run.distance, [&](auto r, R* place) QVIT_INLINE_LAMBDA {
                simd::store(adjoint ? place : re[k.value] + offset[r.value], v[k.value].re[r.value]);
            });
            if constexpr (Complex)
                for_each_place<Bits>(im[k.value], run.distance, [&](auto r, R* place) QVIT_INLINE_LAMBDA {
                    simd::store(adjoint ? place : im[k.value] + offset[r.value], v[k.value].im[r.value]);
                });
        });
        o = run.after(o);
    }
}

}  // namespace detail

/// Applies a stage to the tile that it was moved to, in place; in an adjoint run to two, psi's and lambda's. `ahead`:
/// how far behind this tile the one is that comes next, to be fetched meanwhile; 0 for none.
template <std::size_t States, class R>
void sweep(wide_stage_run<R>& run, const std::array<wide_tile<R>, States>& tile, std::size_t ahead) {
    const wide_stage<R>& stage = *run.stage;
    if constexpr (States == 2) {
        if (stage.complex) return detail::sweep<wide_adjoint_bits<true>, true>(run, tile, ahead);
        if (stage.shears == wide_steps::all_shears) return detail::adjoint_shear_sweep<true>(run, tile, ahead);
        if (stage.shears == wide_steps::register_shears) return detail::adjoint_shear_sweep<false>(run, tile, ahead);
        detail::sweep<wide_adjoint_bits<false>, false>(run, tile, ahead);
    } else {
        if (stage.complex) return detail::sweep<wide_register_bits<true>, true>(run, tile, ahead);
        // A real matrix acts on real and imaginary parts alike.
        for (R* const part : {tile[0].re, tile[0].im}) {
            if (part == nullptr) continue;
            if (stage.shears == wide_steps::all_shears)
                detail::shear_sweep<true>(run, part, ahead);
            else if (stage.shears == wide_steps::register_shears)
                detail::shear_sweep<false>(run, part, ahead);
            else
                detail::sweep<wide_register_bits<false>, false>(run, std::array{wide_tile<R>{part}}, ahead);
        }
    }
}

}  // namespace qvit::inline QVIT_ABI
