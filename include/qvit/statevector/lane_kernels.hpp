// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/circuit/lane_schedule.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/lane_angles.hpp>
#include <qvit/statevector/lane_group.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Cosines and sines, or ones and tangents, of a stage's half angles.
template <stage_shape Shape, class S>
struct stage_angles {
    S c[Shape.steps];
    S s[Shape.steps];
    const lane_step* step;
    const std::uint32_t* turns;  ///< see lane_route; null: groups are known by their bases, not by numbers

    QVIT_INLINE stage_angles(const lane_stage& stage, const lane_step* steps, const lane_angles<S>& angles, bool undo,
                             const std::uint32_t* turned_by = nullptr)
        : step(steps + stage.first), turns(turned_by) {
        static constexpr stage_shape shape = Shape;
        unroll<Shape.steps>([&](std::size_t i) QVIT_INLINE_LAMBDA {
            const std::size_t slot = step[i].slot;
            if (!shape.at[i].uniform) c[i] = angles.token_c(slot);
            const S sine = shape.at[i].uniform ? angles.t(slot) : angles.token_s(slot);
            s[i] = undo != step[i].turned ? -sine : sine;
        });
    }
    /// Step i's sine on a group, or a sum of its gradient: turned round where the group's base (or number) says so.
    QVIT_INLINE S on_group(std::size_t i, S value, std::uint32_t group) const {
        static constexpr stage_shape shape = Shape;
        if (!shape.at[i].varies) return value;
        return parity((turns ? turns[i] : step[i].pauli.row) & group) ? -value : value;
    }
    QVIT_INLINE void sines_on_group(std::uint32_t group, S* sine) const {
        unroll<Shape.steps>([&](std::size_t i) QVIT_INLINE_LAMBDA { sine[i] = on_group(i, s[i], group); });
    }
};

/// The base of a group whose first amplitude stands so many bytes from psi.
template <class A>
QVIT_INLINE std::uint32_t base_at(const std::uint32_t* at) {
    return at[0] / static_cast<std::uint32_t>(sizeof(A));
}

/// Two sums per step where registers allow: they hide the latency of multiply-adds.
template <stage_shape Shape>
inline constexpr std::size_t sum_chains = Shape.steps <= 4 ? 2 : 1;

/// to += the product of a held and a streamed amplitude, the latter read into `other` where Loads. Ends: nothing that
/// comes later moves before it.
template <bool HoldsLambda, bool Loads, bool Ends, unsigned Quarters, class A, class S>
QVIT_INLINE void add_inner_product(const A& held, const A* streamed, std::uint32_t bytes, A& other, S& to) {
    if constexpr (Loads) other = amplitude_at(streamed, bytes);
    if constexpr (HoldsLambda)
        to = amplitude<A>::template add_inner<Quarters>(held, other, to);
    else
        to = amplitude<A>::template add_inner<Quarters>(other, held, to);
    if constexpr (Ends) keep_order();
}
template <bool HoldsLambda, stage_shape Shape, class A, class S, std::size_t... K>
QVIT_INLINE void add_all_inner_products(const A* held, const A* streamed, const std::uint32_t* at, S* sum, S* part,
                                        std::index_sequence<K...>) {
    constexpr std::size_t steps = Shape.steps;
    constexpr std::size_t chains = sum_chains<Shape>;
    A other;
    (add_inner_product<HoldsLambda, K % steps == 0, K % steps + 1 == steps,
                       quarters_from(Shape.at[K % steps], K / steps ^ (HoldsLambda ? 0u : Shape.at[K % steps].mask))>(
         held[K / steps ^ Shape.at[K % steps].mask], streamed, at[K / steps], other,
         (Shape.at[K % steps].varies ? part : sum)[chains * (K % steps) + K / steps % chains]),
     ...);
}

/// sum += Re <lambda| -i P |psi> on a group for all of a shape's steps. One of the two vectors is `held` in registers;
/// of the other, `streamed`, every amplitude is read once.
template <bool HoldsLambda, stage_shape Shape, class A, class S>
QVIT_INLINE void add_inner_products(const A* held, const A* streamed, const std::uint32_t* at,
                                    const stage_angles<Shape, S>& angle, S* sum) {
    constexpr std::size_t chains = sum_chains<Shape>;
    // Where a step's sign varies, its sum over the group is turned round before it is added.
    S part[chains * Shape.steps];
    static constexpr stage_shape shape = Shape;
    unroll<chains * Shape.steps>([&](std::size_t k) QVIT_INLINE_LAMBDA {
        if (shape.at[k / chains].varies) part[k] = S(real_of<S>(0));
    });
    add_all_inner_products<HoldsLambda, Shape>(held, streamed, at, sum, part,
                                               std::make_index_sequence<Shape.steps*(std::size_t{1} << Shape.axes)>{});
    unroll<chains * Shape.steps>([&](std::size_t k) QVIT_INLINE_LAMBDA {
        if (shape.at[k / chains].varies) sum[k] += angle.on_group(k / chains, part[k], base_at<A>(at));
    });
}
}  // namespace detail

/// to = the rotations of a stage, in order, applied to from; `to` may be `from`.
///
/// 2^bits multiply-adds per uniform rotation, twice that per token's; each amplitude is read and written once.
template <stage_shape Shape, class A>
void run_stage(const lane_stage& stage, const lane_step* steps,
               const lane_angles<typename amplitude<A>::lanes_type>& angles, const A* from, A* to) {
    using S = typename amplitude<A>::lanes_type;
    const detail::stage_angles<Shape, S> angle(stage, steps, angles, false);
    const detail::stage_places<Shape, A> places(stage);
    for (const std::uint32_t* at = places.first; at != places.end(); at += places.size) {
        A a[places.size];
        S s[Shape.steps];
        angle.sines_on_group(detail::base_at<A>(at), s);
        detail::load_group<places.size>(a, from, at);
        detail::rotate_and_store<Shape, false>(a, angle.c, s, to, at);
    }
}

/// The way back over a stage: lambda <- as before it, and gradient[slot] += Re <lambda| -i P |psi> for its rotations.
///
/// Where psi is read, and whether it is written, is the pass's: see stage_pass. A uniform rotation is undone without
/// its cosine too. Rotations that commute have all their sums taken at one point; otherwise each just before its own is
/// undone. Cost: twice run_stage's multiply-adds, thrice where psi is undone.
template <stage_shape Shape, stage_pass Pass, class A>
void back_stage(const lane_stage& stage, const lane_step* steps,
                const lane_angles<typename amplitude<A>::lanes_type>& angles,
                std::conditional_t<Pass == stage_pass::undo_both, A, const A>* psi, A* lambda,
                typename amplitude<A>::lanes_type* gradient) {
    using field = amplitude<A>;
    using S = typename field::lanes_type;
    constexpr std::size_t chains = detail::sum_chains<Shape>;
    constexpr bool inside = !Shape.commuting;  // psi goes back with lambda, in registers
    static_assert(!inside || Pass != stage_pass::lambda_then_gradient);
    const detail::stage_angles<Shape, S> angle(stage, steps, angles, true);
    const detail::stage_places<Shape, A> places(stage);
    S sum[chains * Shape.steps];
    unroll<chains * Shape.steps>([&](std::size_t i) QVIT_INLINE_LAMBDA { sum[i] = S(real_of<S>(0)); });
    for (const std::uint32_t* at = places.first; at != places.end(); at += places.size) {
        A a[places.size];
        S s[Shape.steps];
        angle.sines_on_group(detail::base_at<A>(at), s);
        if constexpr (inside) {
            A b[places.size];
            detail::load_group<places.size>(a, psi, at);
            detail::load_group<places.size>(b, lambda, at);
            unroll<Shape.steps>([&](auto k) QVIT_INLINE_LAMBDA {
                constexpr std::size_t i = Shape.steps - 1 - k();
                constexpr stage_shape::step p = Shape.at[i];
                S part(real_of<S>(0));
                [&]<std::size_t... L>(std::index_sequence<L...>) QVIT_INLINE_LAMBDA {
                    ((part = field::template add_inner<detail::quarters_from(p, L)>(b[L ^ p.mask], a[L], part)), ...);
                }
                (std::make_index_sequence<places.size>{});
                sum[chains * i] += angle.on_group(i, part, detail::base_at<A>(at));
                detail::rotate_group<Shape.axes, p>(a, angle.c[i], s[i]);
                detail::rotate_group<Shape.axes, p>(b, angle.c[i], s[i]);
            });
            if constexpr (Pass == stage_pass::undo_both) detail::store_group<places.size>(a, psi, at);
            detail::store_group<places.size>(b, lambda, at);
        } else {
            if constexpr (Pass == stage_pass::undo_both) {
                detail::load_group<places.size>(a, psi, at);
                detail::add_inner_products<false>(a, lambda, at, angle, sum);
                detail::rotate_and_store<Shape, true>(a, angle.c, s, psi, at);
            }
            detail::load_group<places.size>(a, lambda, at);
            if constexpr (Pass == stage_pass::gradient_then_lambda)
                detail::add_inner_products<true>(a, psi, at, angle, sum);
            detail::rotate_and_store<Shape, true>(a, angle.c, s, lambda, at);
            if constexpr (Pass == stage_pass::lambda_then_gradient)
                detail::add_inner_products<true>(a, psi, at, angle, sum);
        }
    }
    unroll<Shape.steps>([&](std::size_t i) QVIT_INLINE_LAMBDA {
        S total = sum[chains * i];
        if constexpr (chains == 2) total += sum[chains * i + 1];
        const lane_step& step = angle.step[i];
        gradient[step.slot] += step.turned ? -total : total;
    });
}

}  // namespace qvit::inline QVIT_ABI
