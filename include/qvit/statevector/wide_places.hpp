// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// Asks for a cache line before it is read, into the second cache.
template <class R>
QVIT_INLINE void fetch_ahead([[maybe_unused]] const R* line) {
#if defined(__GNUC__) || defined(__clang__)
    __builtin_prefetch(line, 0, 2);
#endif
}

/// Calls body(index_constant<r>, where register r is) for all 2^Bits registers of a group that begins at `first`;
/// `distance` is of those that differ in one wire. Few sums, for the addresses to take few registers.
template <std::size_t Bits, class R>
QVIT_INLINE void for_each_place(R* first, const auto& distance, auto&& body) {
    static_assert(Bits >= 2);
    const std::size_t d0 = distance[0], d1 = distance[1], both = d0 + d1;
    unroll<(std::size_t{1} << (Bits - 2))>([&](auto high) QVIT_INLINE_LAMBDA {
        R* place = first;
        if constexpr ((high.value & 1) != 0) place += distance[2];
        if constexpr ((high.value & 2) != 0) place += distance[3];
        body(index_constant<4 * high.value>{}, place);
        body(index_constant<4 * high.value + 1>{}, place + d0);
        body(index_constant<4 * high.value + 2>{}, place + d1);
        body(index_constant<4 * high.value + 3>{}, place + both);
    });
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
