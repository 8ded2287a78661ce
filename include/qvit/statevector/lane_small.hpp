// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/lane_angles.hpp>
#include <qvit/statevector/lane_group.hpp>
#include <qvit/statevector/lane_product.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Whether a program's state stays in registers from end to end: 16 vectors, and code that stays short.
template <const auto& Program>
inline constexpr bool runs_in_registers = Program.bits <= (Program.real ? 4 : 3) && Program.steps.size() <= 64 &&
                                          !Program.amplitude_input;

/// What a step does to a group that is the whole state.
template <const auto& Program, std::size_t Step>
constexpr stage_shape::step whole_state_step() {
    const lane_step& step = Program.steps[Step];
    return {static_cast<std::uint8_t>(step.pauli.mask), static_cast<std::uint8_t>(step.pauli.row),
            static_cast<std::uint8_t>(step.pauli.quarter + (step.turned ? 2 : 0)), step.uniform && !step.grows, false};
}

/// All steps of a program on a state in registers. States that the schedule keeps go to `kept` (unless that is null),
/// the final one to `to`. Cost: as the stages', without their loads and stores.
template <const auto& Program, const auto& Schedule, class A, class S>
void prepare_in_registers(const lane_angles<S>& angles, const real_of<S>* block_scale, A* kept, A* to) {
    using R = real_of<S>;
    constexpr std::size_t size = std::size_t{1} << Program.bits;
    A a[size];
    if constexpr (Schedule.product > 0) {
        S c[Program.bits];
        S s[Program.bits];
        unroll<Program.bits>([&](auto bit) QVIT_INLINE_LAMBDA {
            constexpr lane_step step = Program.steps[bit()];
            c[bit()] = angles.c(step.slot, step.uniform);
            s[bit()] = angles.s(step.slot, step.uniform);
        });
        product_of_wires<Program.bits>(c, s, a);
    } else {
        a[0] = amplitude<A>::real(S(R(1)));
    }
    auto keep = [&](auto stage) QVIT_INLINE_LAMBDA {
        constexpr std::size_t at = Schedule.kept[stage()];
        if constexpr (at != Schedule.not_kept && stage() != Program.stages.size()) {
            constexpr std::size_t bits = stage() == 0 ? Program.bits : Program.stages[stage() - 1].bits;
            if (kept) unroll<(std::size_t{1} << bits)>([&](auto k) QVIT_INLINE_LAMBDA { kept[at + k()] = a[k()]; });
        }
    };
    if constexpr (Schedule.product > 0) keep(index_constant<Schedule.product>{});
    std::size_t block = 0;
    unroll<Program.stages.size() - Schedule.product, Schedule.product>([&](auto s) QVIT_INLINE_LAMBDA {
        constexpr lane_stage stage = Program.stages[s()];
        unroll<std::size_t{stage.last} - stage.first, stage.first>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr lane_step step = Program.steps[i()];
            constexpr stage_shape::step p = whole_state_step<Program, i()>();
            if constexpr (step.grows) {
                const S c = angles.c(step.slot, step.uniform);
                const S sine = angles.s(step.slot, step.uniform);
                constexpr std::size_t half = std::size_t{1} << (step.bits - 1);
                unroll<half>([&](auto k) QVIT_INLINE_LAMBDA {
                    a[half + k()] = amplitude<A>::template add_turned<quarters_from<p>(k())>(
                        sine, a[k()], amplitude<A>::real(S(R(0))));
                    a[k()] = amplitude<A>::scale(c, a[k()]);
                });
            } else if constexpr (step.uniform) {
                rotate_group<step.bits, p>(a, S(R(1)), angles.t(step.slot));
            } else {
                rotate_group<step.bits, p>(a, angles.token_c(step.slot), angles.token_s(step.slot));
            }
        });
        if constexpr (stage.renormalise) {
            const S factor(block_scale[block++]);
            unroll<(std::size_t{1} << stage.bits)>(
                [&](auto k) QVIT_INLINE_LAMBDA { a[k()] = amplitude<A>::scale(factor, a[k()]); });
        }
        keep(index_constant<s() + 1>{});
    });
    unroll<size>([&](auto k) QVIT_INLINE_LAMBDA { to[k()] = a[k()]; });
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
