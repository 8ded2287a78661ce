// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/lane_angles.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Calls body(k, m, turned k, turned m, quarters) for every pair k, m = k ^ mask of a step's amplitudes, where
/// (-i P psi)[k] = +-i^quarters psi[m], minus where turned k. A diagonal step has k == m.
template <class A>
QVIT_INLINE void for_each_pair(const lane_step& step, auto&& body) {
    const std::uint32_t size = std::uint32_t{1} << step.bits;
    const amplitude_pauli& p = step.pauli;
    with_quarters<A>(3u + p.quarter + (step.turned ? 2u : 0u), [&](auto quarters) QVIT_INLINE_LAMBDA {
        if (p.mask == 0) {
            for (std::uint32_t k = 0; k < size; ++k) body(k, k, parity(k & p.row), parity(k & p.row), quarters);
        } else {
            const std::uint32_t pivot = std::bit_floor(p.mask);
            for (std::uint32_t k = 0; k < size; ++k)
                if (!(k & pivot)) body(k, k ^ p.mask, parity((k ^ p.mask) & p.row), parity(k & p.row), quarters);
        }
    });
}
template <class A, class S>
QVIT_INLINE void rotate_pairs(const lane_step& step, S c, S s, A* psi) {
    using field = amplitude<A>;
    for_each_pair<A>(
        step, [&](std::uint32_t k, std::uint32_t m, bool to_k, bool to_m, auto quarters) QVIT_INLINE_LAMBDA {
            const A old_k = psi[k];
            const A old_m = psi[m];
            psi[k] = field::template add_turned<quarters()>(to_k ? -s : s, old_m, field::scale(c, old_k));
            if (k != m) psi[m] = field::template add_turned<quarters()>(to_m ? -s : s, old_k, field::scale(c, old_m));
        });
}
}  // namespace detail

/// psi <- one rotation about any string, for circuits whose stages have no kernel of their own. Norms are kept.
template <class A>
void run_any_step(const lane_step& step, const lane_angles<typename amplitude<A>::lanes_type>& angles, A* psi) {
    detail::rotate_pairs(step, angles.c(step.slot, step.uniform), angles.s(step.slot, step.uniform), psi);
}

/// The way back: gradient[slot] += Re <lambda| -i P |psi>, then psi and lambda as before the rotation.
template <class A>
void undo_any_step(const lane_step& step, const lane_angles<typename amplitude<A>::lanes_type>& angles, A* psi,
                   A* lambda, typename amplitude<A>::lanes_type* gradient) {
    using field = amplitude<A>;
    using S = typename field::lanes_type;
    S sum(real_of<S>(0));
    detail::for_each_pair<A>(
        step, [&](std::uint32_t k, std::uint32_t m, bool to_k, bool to_m, auto quarters) QVIT_INLINE_LAMBDA {
            const S zero(real_of<S>(0));
            const S one = field::template add_inner<quarters()>(lambda[k], psi[m], zero);
            sum += to_k ? -one : one;
            if (k == m) return;
            const S two = field::template add_inner<quarters()>(lambda[m], psi[k], zero);
            sum += to_m ? -two : two;
        });
    gradient[step.slot] += sum;
    const S c = angles.c(step.slot, step.uniform);
    const S s = -angles.s(step.slot, step.uniform);
    detail::rotate_pairs(step, c, s, psi);
    detail::rotate_pairs(step, c, s, lambda);
}

}  // namespace qvit::inline QVIT_ABI
