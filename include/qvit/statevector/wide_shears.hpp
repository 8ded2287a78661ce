// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lane_order.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/permute.hpp>
#include <qvit/statevector/wide_kernel.hpp>
#include <qvit/statevector/wide_permutation.hpp>
#include <qvit/statevector/wide_places.hpp>
#include <qvit/statevector/wide_stage_run.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// What happens to lanes after a stage's steps: registers exchange some, each puts its own in order.
enum class wide_moves : std::uint8_t { none, reorder, exchange };

/// The steps of a stage that is a shear of each of Wires register wires, [1 up; down 1], and, where Lanes, of every
/// lane wire, [1, partner].
template <bool Lanes, class S, std::size_t Wires = 4>
struct wide_shears {
    static constexpr std::size_t lane_wires = Lanes ? static_cast<std::size_t>(std::bit_width(lane_count<S>)) - 1 : 0;
    std::array<S, Wires> up, down;
    std::array<S, lane_wires> partner;

    /// The steps are in the order of their wires, registers' first.
    explicit wide_shears(const auto* const* step) {
        for (std::size_t j = 0; j < Wires; ++j) {
            up[j] = simd::load<S>(step[j]->re[1].lane.data());
            down[j] = simd::load<S>(step[j]->re[2].lane.data());
        }
        for (std::size_t l = 0; l < lane_wires; ++l) partner[l] = simd::load<S>(step[Wires + l]->re[1].lane.data());
    }

    template <std::size_t Wire>
    QVIT_INLINE void turn(S& low, S& high) const {
        const S old = low;
        low = simd::fma(up[Wire], high, low);
        high = simd::fma(down[Wire], old, high);
    }
    /// Where there is such a lane wire.
    template <std::size_t Wire>
    QVIT_INLINE void turn_lane(S& a, S& b, S& c, S& d) const {
        if constexpr (Wire < lane_wires) {
            constexpr std::size_t mask = std::size_t{1} << Wire;
            const auto turn = [&](S& x) QVIT_INLINE_LAMBDA {
                x = simd::fma(partner[Wire], simd::exchange_lanes<mask>(x), x);
            };
            turn(a);
            turn(b);
            turn(c);
            turn(d);
        }
    }
};

/// In two halves of four times four registers. Every register is loaded once, before the halves (g++ would have
/// multiply-adds read it from memory again), and stored right after its last multiply-add, not in a burst; shuffles are
/// spread among all of it. That leaves the fewest cycles in which nothing is multiplied, as stores compete with
/// multiply-adds for reads of registers (Zen 4).
template <bool Lanes, wide_moves Moves, class R>
void shear_sweep(const wide_stage_run<R>& run, R* tile, std::size_t ahead) {
    using S = lanes<R>;
    const wide_permutation& permutation = run.stage->permutation;
    const wide_shears<Lanes, S> shears(run.active.data());
    const R factor = run.stage->factor;
    const std::array<std::size_t, 4> distance = run.distance;  // a copy: stores of amplitudes may change the other
    [[maybe_unused]] const auto exchanged = simd::load<S>(run.exchanged[3].data()) != S(0);
    for (const auto& group : run.groups) {
        R* const first = tile + group.start();
        std::array<S, 16> v;
        for_each_place<4>(first, distance,
                          [&](auto r, R* place) QVIT_INLINE_LAMBDA { v[r.value] = simd::load<S>(place); });
        if (ahead != 0)
            for_each_place<4>(first + ahead, distance, [&](auto, R* place) QVIT_INLINE_LAMBDA { fetch_ahead(place); });
        unroll<4>([&](auto row) QVIT_INLINE_LAMBDA {
            constexpr std::size_t i = 4 * row.value;
            S &a = v[i], &b = v[i + 1], &c = v[i + 2], &d = v[i + 3];
            shears.template turn_lane<0>(a, b, c, d);
            shears.template turn<0>(a, b);
            shears.template turn<0>(c, d);
            shears.template turn_lane<1>(a, b, c, d);
            shears.template turn<1>(a, c);
            shears.template turn<1>(b, d);
        });
        if (factor != R(1)) unroll<16>([&](auto r) QVIT_INLINE_LAMBDA { v[r.value] = v[r.value] * S(factor); });
        const auto added = static_cast<std::uint8_t>(group.added() ^ run.constant);
        const std::size_t* const offset = run.offset[permutation.register_of(added)].data();
        [[maybe_unused]] const auto* const order = run.orders.data() + run.most * permutation.lanes_of(added);
        unroll<4>([&](auto column) QVIT_INLINE_LAMBDA {
            constexpr std::size_t i = column.value;
            S &a = v[i], &b = v[i + 4], &c = v[i + 8], &d = v[i + 12];
            const auto store = [&](auto r, S& x) QVIT_INLINE_LAMBDA {
                if constexpr (Moves != wide_moves::none) x = simd::reorder(x, order[r.value]);
                simd::store(first + offset[r.value], x);
            };
            const auto last_pair = [&](auto low, S& x, S& y) QVIT_INLINE_LAMBDA {
                shears.template turn<3>(x, y);
                if constexpr (Moves == wide_moves::exchange) exchange_lanes_of(exchanged, x, y);
                store(low, x);
                store(index_constant<low.value + 8>{}, y);
            };
            shears.template turn_lane<2>(a, b, c, d);
            shears.template turn<2>(a, b);
            shears.template turn<2>(c, d);
            shears.template turn_lane<3>(a, b, c, d);
            last_pair(index_constant<i>{}, a, c);
            last_pair(index_constant<i + 4>{}, b, d);
        });
    }
}

/// The same for what the stage does to lanes.
template <bool Lanes, class R>
void shear_sweep(const wide_stage_run<R>& run, R* tile, std::size_t ahead) {
    const wide_permutation& permutation = run.stage->permutation;
    if (permutation.exchanges) return shear_sweep<Lanes, wide_moves::exchange>(run, tile, ahead);
    if (permutation.reorders) return shear_sweep<Lanes, wide_moves::reorder>(run, tile, ahead);
    shear_sweep<Lanes, wide_moves::none>(run, tile, ahead);
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
