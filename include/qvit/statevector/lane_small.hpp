// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/circuit/lane_schedule.hpp>
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
                    a[half + k()] = amplitude<A>::template add_turned<quarters_from(p, k())>(
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
                [&](std::size_t k) QVIT_INLINE_LAMBDA { a[k] = amplitude<A>::scale(factor, a[k]); });
        }
        keep(index_constant<s() + 1>{});
    });
    unroll<size>([&](std::size_t k) QVIT_INLINE_LAMBDA { to[k] = a[k]; });
}

/// Whether the way back can stay in registers too: lambda there, all states of psi kept, and all stages commuting.
template <const auto& Program, const auto& Schedule>
inline constexpr bool backs_in_registers = [] {
    if (!runs_in_registers<Program> || !Schedule.keeps) return false;
    for (std::size_t i = Schedule.product; i < Program.stages.size(); ++i)
        if (Program.stages[i].axes == 0 || !Program.shapes[Program.stages[i].shape].commuting) return false;
    return true;
}();

/// Re <lambda| -i P |psi> of all steps of a stage, lambda in registers, added to their slots' gradients.
template <const auto& Program, std::size_t Stage, class A, class S>
QVIT_INLINE void add_stage_gradients(const A* lambda, const A* psi, S* gradient) {
    constexpr lane_stage stage = Program.stages[Stage];
    constexpr std::size_t steps = std::size_t{stage.last} - stage.first;
    S sum[2 * steps];  // two per step: they hide the latency of multiply-adds
    unroll<2 * steps>([&](std::size_t i) QVIT_INLINE_LAMBDA { sum[i] = S(real_of<S>(0)); });
    unroll<(std::size_t{1} << Program.bits)>([&](auto l) QVIT_INLINE_LAMBDA {
        const A other = psi[l()];
        unroll<steps>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr stage_shape::step p = whole_state_step<Program, stage.first + i()>();
            S& to = sum[2 * i() + l() % 2];
            to = amplitude<A>::template add_inner<quarters_from(p, l())>(lambda[l() ^ p.mask], other, to);
        });
        keep_order();
    });
    unroll<steps>([&](auto i) QVIT_INLINE_LAMBDA {
        gradient[Program.steps[stage.first + i()].slot] += sum[2 * i()] + sum[2 * i() + 1];
    });
}

/// The stages behind the product backwards: `lambda` as after them, then as before; gradient[slot] += d / d angle.
/// `kept`: the states of psi that the schedule keeps.
template <const auto& Program, const auto& Schedule, class A, class S>
void back_in_registers(const lane_angles<S>& angles, const real_of<S>* undo_scale, std::size_t blocks, const A* kept,
                       A* lambda, S* gradient) {
    constexpr std::size_t size = std::size_t{1} << Program.bits;
    constexpr std::size_t count = Program.stages.size() - Schedule.product;
    A a[size];
    unroll<size>([&](std::size_t k) QVIT_INLINE_LAMBDA { a[k] = lambda[k]; });
    unroll<count>([&](auto k) QVIT_INLINE_LAMBDA {
        constexpr std::size_t number = Program.stages.size() - 1 - k();
        constexpr lane_stage stage = Program.stages[number];
        constexpr bool before = Schedule.pass[number] == stage_pass::lambda_then_gradient;
        const A* const psi = kept + Schedule.kept[before ? number : number + 1];
        if constexpr (stage.renormalise) {
            const S factor(undo_scale[--blocks]);
            unroll<size>([&](std::size_t l) QVIT_INLINE_LAMBDA { a[l] = amplitude<A>::scale(factor, a[l]); });
        }
        if constexpr (!before) add_stage_gradients<Program, number>(a, psi, gradient);
        unroll<std::size_t{stage.last} - stage.first>([&](auto i) QVIT_INLINE_LAMBDA {
            constexpr std::size_t step = stage.last - 1u - i();
            constexpr stage_shape::step p = whole_state_step<Program, step>();
            constexpr std::size_t slot = Program.steps[step].slot;
            if constexpr (p.uniform)
                rotate_group<Program.bits, p>(a, S(real_of<S>(1)), -angles.t(slot));
            else
                rotate_group<Program.bits, p>(a, angles.token_c(slot), -angles.token_s(slot));
        });
        if constexpr (before) add_stage_gradients<Program, number>(a, psi, gradient);
    });
    unroll<size>([&](std::size_t k) QVIT_INLINE_LAMBDA { lambda[k] = a[k]; });
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
