// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/circuit/lane_schedule.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/sine_cosine.hpp>

namespace qvit::inline QVIT_ABI {

/// Angles that are the same for all samples, reduced so that every tangent is at most 1 and every cosine at least .7.
///
/// A rotation by theta is one by theta - k pi and, for odd k, the Pauli string itself. Strings move to the end as
/// signs: they turn round the axes of later rotations that anticommute with them, and measured strings. So kernels may
/// run rotations as 1 - i tan P, one multiply-add an amplitude, and nothing overflows at half turns. Containers are
/// indexed by slot, `string_sign` by string. Cost: a sine, a cosine and a division per uniform slot.
template <class Reals>
struct basic_lane_pass {
    Reals tangent{};  ///< of half the reduced angle, with the axis' sign
    Reals cosine{};   ///< of half the reduced angle
    Reals sign{};     ///< of the axis
    Reals string_sign{};

    template <class R>
    void reduce(const auto& program, const R* angle) {
        const std::size_t slots = program.rotations.size();
        const std::size_t strings = program.strings.size();
        for (std::size_t i = 0; i < slots; ++i) sign[i] = R(1);
        for (std::size_t k = 0; k < strings; ++k) string_sign[k] = R(1);
        for (std::size_t i = 0; i < slots; ++i) {
            if (!program.uniform[i]) continue;
            constexpr R half_turn = static_cast<R>(3.14159265358979323846);
            const R turns = std::nearbyint(angle[i] / half_turn);
            const R half = (angle[i] - turns * half_turn) * R(0.5);
            R sine;
            simd::sine_cosine(half, sine, cosine[i]);
            tangent[i] = sign[i] * sine / cosine[i];
            if (std::fmod(turns, R(2)) == R(0)) continue;
            for (std::size_t j = i + 1; j < slots; ++j)
                if (program.rotations[i].anticommutes(program.rotations[j])) sign[j] = -sign[j];
            for (std::size_t k = 0; k < strings; ++k)
                if (program.rotations[i].anticommutes(program.strings[k])) string_sign[k] = -string_sign[k];
        }
    }
};

/// What turns the results of kernels that leave out cosines into true ones, for one lane_program.
///
/// A block is what lies between two renormalisations; `reached`, by stage, is the product of the cosines left out since
/// its start, so that true psi = reached * psi there. lambda starts as O psi, so in the last block it lacks the block's
/// whole product, and one cosine more for every rotation undone; at a renormalisation it is put right. A gradient taken
/// at one point is to be multiplied by what psi lacks times what lambda lacks there: with psi kept, the block's product
/// (its square in the last block) wherever in the block it was taken; a state that was kept just after a
/// renormalisation lacks nothing. With psi undone both lack the same. Where a stage's rotations do not commute, each
/// has its gradient taken after the ones behind it were undone: one cosine of each for psi and one for lambda.
/// Values are to be multiplied by `value`, the gradient of a slot by `gradient[slot]`, the adjoint state before the
/// first rotation by `adjoint`.
template <class Reals>
struct basic_lane_scales {
    Reals gradient{};        ///< by slot
    Reals block{};           ///< by renormalisation, on the way forward
    Reals undo{};            ///< by renormalisation, on the way back
    Reals reached{};         ///< by stage, before it
    std::size_t blocks = 0;  ///< renormalisations

    template <class R>
    void compute(const auto& lane, const auto& schedule, const Reals& cosine, const Reals& sign, R& value, R& adjoint) {
        R product(1);
        blocks = 0;
        reached[0] = product;
        for (std::size_t s = 0; s < lane.stages.size(); ++s) {
            const lane_stage& stage = lane.stages[s];
            if (leaves_out_cosines(stage))
                for (std::size_t i = stage.first; i < stage.last; ++i)
                    if (lane.steps[i].uniform) product *= cosine[lane.steps[i].slot];
            if (stage.renormalise) {
                block[blocks++] = product;
                product = R(1);
            }
            reached[s + 1] = product;
        }
        value = product * product;
        R lambda = product;
        std::size_t b = blocks;
        for (std::size_t s = lane.stages.size(); s-- > 0;) {
            const lane_stage& stage = lane.stages[s];
            if (stage.renormalise) {
                undo[--b] = lambda;
                lambda = R(1);
            }
            R psi = lambda;
            bool lambda_first = false;
            if (s < schedule.product) {
                psi = R(1);
            } else if (schedule.keeps) {
                lambda_first = passes_lambda_first(schedule, s);
                psi = reached[lambda_first ? s : s + 1];
            }
            const bool together = !leaves_out_cosines(stage) || lane.shapes[stage.shape].commuting;
            R inside(1);  // cosines of the rotations undone so far
            R all(1);
            if (lambda_first)
                for (std::size_t i = stage.first; i < stage.last; ++i)
                    if (lane.steps[i].uniform) all *= cosine[lane.steps[i].slot];
            for (std::size_t i = stage.last; i-- > stage.first;) {
                const std::size_t slot = lane.steps[i].slot;
                gradient[slot] = psi * lambda * all * sign[slot] * (together ? R(1) : inside * inside);
                if (leaves_out_cosines(stage) && lane.steps[i].uniform) inside *= cosine[slot];
            }
            lambda *= inside;
        }
        adjoint = lambda;
    }

  private:
    static constexpr bool leaves_out_cosines(const lane_stage& stage) { return stage.axes != 0 && !stage.keeps_norm; }
    static constexpr bool passes_lambda_first(const auto& schedule, std::size_t s) {
        if constexpr (requires { schedule.pass; })
            return schedule.pass[s] == stage_pass::lambda_then_gradient;
        else
            return false;
    }
};

}  // namespace qvit::inline QVIT_ABI
