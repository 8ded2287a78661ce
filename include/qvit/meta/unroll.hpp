// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A loop index that is a constant: what `unroll` hands to its body.
template <std::size_t Index>
using index_constant = std::integral_constant<std::size_t, Index>;

namespace detail {
/// clang 14 stops at fold expressions of 256 terms, so longer loops are cut into chunks.
inline constexpr std::size_t unroll_chunk = 64;

template <std::size_t First, class Offsets>
struct unrolled_range;
template <std::size_t First, std::size_t... Offset>
struct unrolled_range<First, std::index_sequence<Offset...>> {
    template <class Body>
    QVIT_INLINE constexpr void operator()(Body&& body) const {
        (static_cast<void>(body(index_constant<First + Offset>{})), ...);
    }
};
/// In chunks.
template <std::size_t Count, std::size_t First>
struct unrolled_long_range {
    template <class Body>
    QVIT_INLINE constexpr void operator()(Body&& body) const {
        unrolled_range<First, std::make_index_sequence<unroll_chunk>>{}(body);
        constexpr std::size_t rest = Count - unroll_chunk;
        std::conditional_t<(rest > unroll_chunk), unrolled_long_range<rest, First + unroll_chunk>,
                           unrolled_range<First + unroll_chunk, std::make_index_sequence<rest>>>{}(body);
    }
};
}  // namespace detail

/// Calls body(index_constant<0>), ..., body(index_constant<Count - 1>) in order, without a loop in the generated code.
///
/// A body that takes `auto i` is compiled Count times, and i() is a constant to it; one that takes std::size_t is
/// compiled once, and is as fast: the compiler knows the index once the body is inlined.
///
/// Mark a lambda body QVIT_INLINE_LAMBDA where registers matter: a plain `for` over amplitudes is not unrolled
/// reliably, and one call that is not inlined spills every vector register.
///
/// An object, not a function: one call less around every body, for the compiler to inline.
///
///     unroll<4>([&](auto i) QVIT_INLINE_LAMBDA { sum += weight[i] * input[i]; });
template <std::size_t Count, std::size_t First = 0>
inline constexpr std::conditional_t<(Count > detail::unroll_chunk), detail::unrolled_long_range<Count, First>,
                                    detail::unrolled_range<First, std::make_index_sequence<Count>>>
    unroll{};

/// The same where the index need not be a constant: unrolled up to 64 times, a loop beyond, so that code stays bounded.
///
///     unroll_short<Count>([&](std::size_t i) QVIT_INLINE_LAMBDA { node[i] = node[table[i].left] * x; });
template <std::size_t Count, class Body>
QVIT_INLINE constexpr void unroll_short(Body&& body) {
    if constexpr (Count <= 64) {
        unroll<Count>([&](std::size_t i) QVIT_INLINE_LAMBDA { body(i); });
    } else {
        for (std::size_t i = 0; i < Count; ++i) body(i);
    }
}

}  // namespace qvit::inline QVIT_ABI
