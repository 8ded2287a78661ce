// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// Asks for Count registers' worth of cache lines, one after the other, before they are read, into the second cache.
template <std::size_t Count, class R>
QVIT_INLINE void fetch_lines([[maybe_unused]] const R* first) {
#if defined(__GNUC__) || defined(__clang__)
    unroll<Count>([&](auto r) QVIT_INLINE_LAMBDA { __builtin_prefetch(first + r.value * lane_count<lanes<R>>, 0, 2); });
#endif
}

/// Calls body(index_constant<r>, where register r is) for all 2^Bits registers of a group that begins at `first`;
/// `distance` is of those that differ in one wire. Few sums, which g++ cannot take apart, for the addresses to take few
/// general-purpose registers.
template <std::size_t Bits, class R>
QVIT_INLINE void for_each_place(R* first, const auto& distance, auto&& body) {
    static_assert(Bits >= 2);
    const std::ptrdiff_t d0 = distance[0], d1 = distance[1], both = d0 + d1;
    const auto four = [&](auto r, R* place) QVIT_INLINE_LAMBDA {
        body(index_constant<r.value>{}, place);
        body(index_constant<r.value + 1>{}, place + d0);
        body(index_constant<r.value + 2>{}, place + d1);
        body(index_constant<r.value + 3>{}, place + both);
    };
    four(index_constant<0>{}, first);
    if constexpr (Bits > 2) {
        R* const second = first + distance[2];
        four(index_constant<4>{}, second);
        if constexpr (Bits > 3) {
            four(index_constant<8>{}, first + distance[3]);
            four(index_constant<12>{}, second + distance[3]);
        }
    }
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
