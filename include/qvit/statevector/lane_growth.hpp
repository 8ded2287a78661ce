// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/lane_angles.hpp>

namespace qvit::inline QVIT_ABI {

/// The first rotation to reach amplitudes half .. 2 half - 1: psi[k + half] = s (-i P) psi[k], psi[k] <- c psi[k].
template <class A>
void grow(const lane_step& step, const lane_angles<typename amplitude<A>::lanes_type>& angles, A* psi) {
    using field = amplitude<A>;
    using S = typename field::lanes_type;
    const std::size_t half = std::size_t{1} << (step.bits - 1);
    const S c = angles.c(step.slot, step.uniform);
    const S s = angles.s(step.slot, step.uniform);
    const A zero = field::real(S(real_of<S>(0)));
    const std::uint32_t row = step.pauli.row & static_cast<std::uint32_t>(half - 1);
    with_quarters<A>(3u + step.pauli.quarter, [&](auto quarters) QVIT_INLINE_LAMBDA {
        if (row == 0) {
            for (std::size_t k = 0; k < half; ++k) {
                psi[half + k] = field::template add_turned<quarters()>(s, psi[k], zero);
                psi[k] = field::scale(c, psi[k]);
            }
        } else {
            for (std::size_t k = 0; k < half; ++k) {
                const S turned = parity(static_cast<std::uint32_t>(k) & row) ? -s : s;
                psi[half + k] = field::template add_turned<quarters()>(turned, psi[k], zero);
                psi[k] = field::scale(c, psi[k]);
            }
        }
    });
}

/// The way back of grow: lambda shrinks to its first half, psi too where UndoesPsi; gradient += Re <lambda| -i P |psi>.
template <bool UndoesPsi, class A>
void shrink(const lane_step& step, const lane_angles<typename amplitude<A>::lanes_type>& angles,
            std::conditional_t<UndoesPsi, A, const A>* psi, A* lambda, typename amplitude<A>::lanes_type* gradient) {
    using field = amplitude<A>;
    using S = typename field::lanes_type;
    const std::size_t half = std::size_t{1} << (step.bits - 1);
    const S c = angles.c(step.slot, step.uniform);
    const S s = angles.s(step.slot, step.uniform);
    // (-i P psi)[k] = -+ i^quarters psi[k + half] with the sign of the row's bit of the source.
    const bool own_bit = parity(step.pauli.row & static_cast<std::uint32_t>(half));
    const std::uint32_t row = step.pauli.row & static_cast<std::uint32_t>(half - 1);
    S sum(real_of<S>(0));
    with_quarters<A>(3u + step.pauli.quarter, [&](auto quarters) QVIT_INLINE_LAMBDA {
        for (std::size_t k = 0; k < half; ++k) {
            const bool turned = row != 0 && parity(static_cast<std::uint32_t>(k) & row);
            const S up(real_of<S>(turned ? -1 : 1));
            const S down(real_of<S>(turned != own_bit ? -1 : 1));
            sum = field::template add_inner<quarters()>(field::scale(up, lambda[half + k]), psi[k], sum);
            sum = field::template add_inner<quarters()>(field::scale(down, lambda[k]), psi[half + k], sum);
            if constexpr (UndoesPsi)
                psi[k] = field::template add_turned<quarters()>(-s * down, psi[half + k], field::scale(c, psi[k]));
            lambda[k] = field::template add_turned<quarters()>(-s * down, lambda[half + k], field::scale(c, lambda[k]));
        }
    });
    gradient[step.slot] += sum;
}

/// psi <- factor * psi, the first 2^bits amplitudes.
template <class A>
void rescale_state(real_of<typename amplitude<A>::lanes_type> factor, std::size_t bits, A* psi) {
    using S = typename amplitude<A>::lanes_type;
    for (std::size_t k = 0; k < std::size_t{1} << bits; ++k) psi[k] = amplitude<A>::scale(S(factor), psi[k]);
}

}  // namespace qvit::inline QVIT_ABI
