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
#include <qvit/statevector/wide_pair.hpp>
#include <qvit/statevector/wide_places.hpp>
#include <qvit/statevector/wide_stage_run.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// What happens to lanes after a stage's steps: registers put theirs in order, all of them or those whose number has an
/// odd or even sum of bits (a chain of CNOTs that ends in a lane wire), and before that may exchange some.
enum class wide_moves : std::uint8_t { none, exchange, odd, even, all, exchange_all };

/// Whether a register's lanes are put in order.
constexpr bool reorders(wide_moves moves, std::size_t number) {
    const bool odd = std::popcount(number) % 2 == 1;
    return moves == (odd ? wide_moves::odd : wide_moves::even) || moves >= wide_moves::all;
}

/// The steps of a stage that is a rotation of each of Wires register wires, [1 -tangent; tangent 1], and, where Lanes,
/// of every lane wire, [1, partner].
template <bool Lanes, class S, std::size_t Wires = 4>
struct wide_shears {
    static constexpr std::size_t lane_wires = Lanes ? static_cast<std::size_t>(std::bit_width(lane_count<S>)) - 1 : 0;
    std::array<S, Wires> tangent;
    std::array<S, lane_wires> partner;

    /// The steps are in the order of their wires, registers' first.
    explicit wide_shears(const auto* const* step) {
        for (std::size_t j = 0; j < Wires; ++j) tangent[j] = simd::load<S>(step[j]->re[2].lane.data());
        for (std::size_t l = 0; l < lane_wires; ++l) partner[l] = simd::load<S>(step[Wires + l]->re[1].lane.data());
    }

    template <std::size_t Wire>
    QVIT_INLINE void turn(S& low, S& high) const {
        const S old = low;
        low = simd::fnma(tangent[Wire], high, low);
        high = simd::fma(tangent[Wire], old, high);
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
/// multiply-adds read it from memory again), and stored as soon as it can be, not in a burst; shuffles are spread among
/// all of it. That leaves the fewest cycles in which nothing is multiplied, as stores compete with multiply-adds for
/// reads of registers (Zen 4). With lanes to shuffle there is no room for a wide_pair's additions.
template <bool Lanes, wide_moves Moves, class R>
void shear_sweep(const wide_stage_run<R>& run, R* tile, std::size_t ahead) {
    using S = lanes<R>;
    constexpr bool pairs = wide_pairs && !Lanes;
    const wide_shears<Lanes, S> shears(run.active.data());
    const R factor = run.stage->factor;
    const wide_pair<S> pair(pairs ? shears.tangent[2] : S(0), pairs ? shears.tangent[3] : S(0), factor);
    const std::array<std::ptrdiff_t, 4> distance = run.distance;  // a copy: stores of amplitudes may change the other
    [[maybe_unused]] const auto exchanged = simd::load<S>(run.exchanged[3].data()) != S(0);
    for (const auto& group : run.groups) {
        R* const first = tile + group.start();
        std::array<S, 16> v;
        for_each_place<4>(first, distance,
                          [&](auto r, R* place) QVIT_INLINE_LAMBDA { v[r.value] = simd::load<S>(place); });
        if (ahead != 0) fetch_lines<16>(tile + ahead + group.fetched);
        unroll<4>([&](auto row) QVIT_INLINE_LAMBDA {
            constexpr std::size_t i = 4 * row.value;
            S &a = v[i], &b = v[i + 1], &c = v[i + 2], &d = v[i + 3];
            shears.template turn_lane<0>(a, b, c, d);
            shears.template turn<0>(a, b);
            shears.template turn<0>(c, d);
            shears.template turn_lane<2>(a, b, c, d);
            shears.template turn<1>(a, c);
            shears.template turn<1>(b, d);
        });
        if (!pairs && factor != R(1))
            unroll<16>([&](auto r) QVIT_INLINE_LAMBDA { v[r.value] = v[r.value] * S(factor); });
        const auto added = static_cast<std::uint8_t>(group.added() ^ run.constant);
        const std::ptrdiff_t* const offset = run.places_of(added);
        [[maybe_unused]] const auto* const order = run.orders_of(added);
        unroll<4>([&](auto column) QVIT_INLINE_LAMBDA {
            constexpr std::size_t i = column.value;
            S &a = v[i], &b = v[i + 4], &c = v[i + 8], &d = v[i + 12];
            const auto store = [&](auto r, S& x) QVIT_INLINE_LAMBDA {
                if constexpr (reorders(Moves, r.value)) x = simd::reorder(x, order[r.value]);
                simd::store(first + offset[r.value], x);
            };
            const auto last_pair = [&](auto low, S& x, S& y) QVIT_INLINE_LAMBDA {
                if constexpr (!pairs) shears.template turn<3>(x, y);
                if constexpr (Moves == wide_moves::exchange || Moves == wide_moves::exchange_all)
                    exchange_lanes_of(exchanged, x, y);
                store(low, x);
                store(index_constant<low.value + 8>{}, y);
            };
            shears.template turn_lane<1>(a, b, c, d);
            if constexpr (!pairs) {
                shears.template turn<2>(a, b);
                shears.template turn<2>(c, d);
            }
            shears.template turn_lane<3>(a, b, c, d);
            if constexpr (pairs) pair.turn(a, b, c, d);
            last_pair(index_constant<i>{}, a, c);
            last_pair(index_constant<i + 4>{}, b, d);
        });
    }
}

/// The same for what the stage does to lanes in this tile.
template <bool Lanes, class R>
void shear_sweep(const wide_stage_run<R>& run, R* tile, std::size_t ahead) {
    constexpr unsigned odd = 0x6996, even = 0x9669;
    const unsigned moved = run.moved();
    if (run.stage->permutation.exchanges) {
        if (moved == 0) return shear_sweep<Lanes, wide_moves::exchange>(run, tile, ahead);
        return shear_sweep<Lanes, wide_moves::exchange_all>(run, tile, ahead);
    }
    if (moved == 0) return shear_sweep<Lanes, wide_moves::none>(run, tile, ahead);
    if constexpr (!Lanes) {
        if ((moved & even) == 0) return shear_sweep<Lanes, wide_moves::odd>(run, tile, ahead);
        if ((moved & odd) == 0) return shear_sweep<Lanes, wide_moves::even>(run, tile, ahead);
    }
    shear_sweep<Lanes, wide_moves::all>(run, tile, ahead);
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
