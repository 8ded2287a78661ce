// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/permute.hpp>
#include <qvit/statevector/wide_kernel.hpp>
#include <qvit/statevector/wide_permutation.hpp>
#include <qvit/statevector/wide_places.hpp>
#include <qvit/statevector/wide_shears.hpp>
#include <qvit/statevector/wide_stage_run.hpp>
#include <qvit/statevector/wide_step.hpp>
#include <qvit/statevector/wide_tile.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// A stage of an adjoint run of real states that is a shear of every register wire and then, where Lanes, of every lane
/// wire, each with the overlap of a real rotation. The sums stay in registers from group to group; no step is looked
/// up.
template <bool Lanes, class R>
void adjoint_shear_sweep(wide_stage_run<R>& run, const std::array<wide_tile<R>, 2>& tile, std::size_t ahead) {
    using S = lanes<R>;
    constexpr std::size_t wires = wide_adjoint_bits<false>;
    constexpr std::size_t count = std::size_t{1} << wires;
    constexpr std::size_t lane_wires = Lanes ? wide_lane_bits<R> : 0;
    const wide_permutation& permutation = run.stage->permutation;
    const wide_shears<Lanes, S, wires> shears(run.active.data());
    const R factor = run.stage->factor;
    const std::array<std::ptrdiff_t, 4> distance = run.distance;  // a copy: stores of amplitudes may change the other
    std::array<S, wires> low_high, high_low;  // lambda where the wire is 0, psi where it is 1, and the other way round
    std::array<S, lane_wires> own_partner;
    low_high.fill(S(0));
    high_low.fill(S(0));
    own_partner.fill(S(0));
    for (const auto& group : run.groups) {
        const auto added = static_cast<std::uint8_t>(group.added() ^ run.constant);
        const std::ptrdiff_t* const offset = run.places_of(added);
        wide_registers<S, wires, false> v[2];
        R* const first[2]{tile[0].re + group.start(), tile[1].re + group.start()};
        unroll<2>([&](auto k) QVIT_INLINE_LAMBDA {
            unroll<count>([&](auto r) QVIT_INLINE_LAMBDA {
                v[k.value].re[r.value] = simd::load<S>(first[k.value] + offset[r.value]);
            });
            if (ahead != 0) fetch_lines<count>(tile[k.value].re + ahead + group.fetched);
        });
        if (permutation.reorders) {
            const auto* const order = run.orders_of(added);
            unroll<2>([&](auto k) QVIT_INLINE_LAMBDA { reorder_lanes(v[k.value], order); });
        }
        if (permutation.exchanges)
            unroll<2>([&](auto k)
                          QVIT_INLINE_LAMBDA { exchange_registers(v[k.value], permutation.exchanged, run.exchanged); });
        if (factor != R(1)) unroll<2>([&](auto k) QVIT_INLINE_LAMBDA { scale_registers(v[k.value], factor); });
        S* const psi = v[0].re;
        S* const lambda = v[1].re;
        unroll<wires>([&](auto j) QVIT_INLINE_LAMBDA {
            constexpr std::size_t bit = std::size_t{1} << j.value;
            unroll<count / 2>([&](auto i) QVIT_INLINE_LAMBDA {
                constexpr std::size_t low = (i.value & (bit - 1)) | ((i.value & ~(bit - 1)) << 1);
                low_high[j.value] = simd::fma(lambda[low], psi[low | bit], low_high[j.value]);
                high_low[j.value] = simd::fma(lambda[low | bit], psi[low], high_low[j.value]);
                shears.template turn<j.value>(psi[low], psi[low | bit]);
                shears.template turn<j.value>(lambda[low], lambda[low | bit]);
            });
        });
        unroll<lane_wires>([&](auto l) QVIT_INLINE_LAMBDA {
            constexpr std::size_t mask = std::size_t{1} << l.value;
            unroll<count>([&](auto r) QVIT_INLINE_LAMBDA {
                S &p = psi[r.value], &q = lambda[r.value];
                const S partner = simd::exchange_lanes<mask>(p);
                own_partner[l.value] = simd::fma(q, partner, own_partner[l.value]);
                p = simd::fma(shears.partner[l.value], partner, p);
                q = simd::fma(shears.partner[l.value], simd::exchange_lanes<mask>(q), q);
            });
        });
        unroll<2>([&](auto k) QVIT_INLINE_LAMBDA {
            for_each_place<wires>(first[k.value], distance, [&](auto r, R* place) QVIT_INLINE_LAMBDA {
                simd::store(place, v[k.value].re[r.value]);
            });
        });
    }
    const auto sums_of = [&](std::size_t step) {
        return run.overlaps.data() + 8 * static_cast<std::size_t>(run.active[step]->overlap);
    };
    for (std::size_t j = 0; j < wires; ++j) {
        sums_of(j)[1] = low_high[j];
        sums_of(j)[2] = high_low[j];
    }
    for (std::size_t l = 0; l < lane_wires; ++l) sums_of(wires + l)[1] = own_partner[l];
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
