// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI::simd {

namespace detail {
#if !defined(QVIT_SCALAR)
/// Lane l of the result: a[l] where bit Half of l is clear, b[l ^ Half] where it is set.
template <std::size_t Half, class V, std::size_t... L>
QVIT_INLINE V low_halves(V a, V b, std::index_sequence<L...>) {
    return __builtin_shufflevector(a, b, (L & Half ? sizeof...(L) + (L ^ Half) : L)...);
}
/// Lane l of the result: a[l ^ Half] where bit Half of l is clear, b[l] where it is set.
template <std::size_t Half, class V, std::size_t... L>
QVIT_INLINE V high_halves(V a, V b, std::index_sequence<L...>) {
    return __builtin_shufflevector(a, b, (L & Half ? sizeof...(L) + L : (L ^ Half))...);
}
#endif
}  // namespace detail

/// Exchanges lanes and indices of W values, W the number of lanes: lane l of values[k] becomes lane k of values[l].
///
/// log2 W stages of W two-register shuffles; one lane: nothing to do.
///
///     S tile[16];  simd::lane_transpose(tile);
template <class S>
QVIT_INLINE void lane_transpose([[maybe_unused]] S* values) {
#if !defined(QVIT_SCALAR)
    if constexpr (lane_count<S> > 1) {
        constexpr std::size_t width = lane_count<S>;
        using indices = std::make_index_sequence<width>;
        auto exchange = [&]<std::size_t Half>(auto&& self, index_constant<Half>) QVIT_INLINE_LAMBDA -> void {
            unroll<width / 2>([&](auto pair) QVIT_INLINE_LAMBDA {
                constexpr std::size_t k = pair() / Half * 2 * Half + pair() % Half;
                const auto a = values[k].data;
                const auto b = values[k + Half].data;
                values[k] = S(detail::low_halves<Half>(a, b, indices{}));
                values[k + Half] = S(detail::high_halves<Half>(a, b, indices{}));
            });
            if constexpr (Half > 1) self(self, index_constant<Half / 2>{});
        };
        exchange(exchange, index_constant<width / 2>{});
    }
#endif
}

}  // namespace qvit::inline QVIT_ABI::simd
