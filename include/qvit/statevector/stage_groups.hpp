// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/meta/unroll.hpp>
#include <qvit/statevector/schedule.hpp>

namespace qvit::inline QVIT_ABI {

/// How a stage of a statevector_schedule walks over the amplitudes; see there for rows, masks and flips.
///
/// `for_each_group` calls body(base) for every group of amplitudes, with the index at which all its axes' bits are 0.
/// A group is the 2^axes amplitudes that a stage's gates mix; the groups partition the 2^n amplitudes.
///
///     for_each_group<stage>([&](auto base) { ... psi[base ^ group_offset<stage>(local)] ... });
template <const auto& Stage>
QVIT_INLINE void for_each_group(auto&& body) {
    constexpr std::size_t groups = (std::size_t{1} << Stage.base.size()) >> Stage.axes;
    if constexpr (groups == 1) {
        body(std::integral_constant<std::size_t, 0>{});
    } else {
        std::size_t base = 0;
        for (std::size_t group = 1;; ++group) {  // Gray code: one basis vector changes at a time
            body(base);
            if (group == groups) break;
            base ^= Stage.base[static_cast<std::size_t>(std::countr_zero(group))];
        }
    }
}

/// The bit of a wire at a stored index: the parity of index & row, complemented by flip.
constexpr bool wire_bit(std::size_t index, std::uint32_t row, bool flip) {
    return ((static_cast<unsigned>(std::popcount(static_cast<std::uint32_t>(index) & row)) & 1u) != 0) != flip;
}

/// Offset from a group's base to the amplitude whose axis bits are `local`.
template <const auto& Stage>
constexpr std::size_t group_offset(std::size_t local) {
    std::size_t result = 0;
    for (std::size_t axis = 0; axis < Stage.axes; ++axis)
        if ((local >> axis) & 1) result ^= Stage.masks[axis];
    return result;
}
/// Calls body(index of bit 0, index of bit 1) for the pairs a step works on, within a group.
template <const auto& Stage, const auto& Step>
QVIT_INLINE void for_each_pair(auto&& body) {
    unroll<(std::size_t{1} << Stage.axes) / 2>([&](auto k) QVIT_INLINE_LAMBDA {
        constexpr std::size_t low = k() & ((std::size_t{1} << Step.axis) - 1);
        constexpr std::size_t zero = ((k() - low) << 1) | low;
        constexpr std::size_t one = zero | (std::size_t{1} << Step.axis);
        body(index_constant<(Step.flip ? one : zero)>{}, index_constant<(Step.flip ? zero : one)>{});
    });
}
/// The stage of a CZ: the sign of every amplitude whose two wires are 1 changes.
template <const auto& Stage, class A>
QVIT_INLINE void change_signs(A* psi) {
    for (std::size_t k = 0; k < std::size_t{1} << Stage.base.size(); ++k)
        if (wire_bit(k, Stage.rows[0], Stage.flips[0]) && wire_bit(k, Stage.rows[1], Stage.flips[1])) psi[k] = -psi[k];
}

}  // namespace qvit::inline QVIT_ABI
