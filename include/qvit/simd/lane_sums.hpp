// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI::simd {

namespace detail {
#if !defined(QVIT_SCALAR)
/// Lane l of the result: a[l] + a[l ^ Half] where bit Half of l is clear, b[l] + b[l ^ Half] where it is set.
template <std::size_t Half, class V, std::size_t... L>
QVIT_INLINE V fold_pair(V a, V b, std::index_sequence<L...>) {
    constexpr std::size_t width = sizeof...(L);
    return __builtin_shufflevector(a, b, (L & Half ? width + L : L)...) +
           __builtin_shufflevector(a, b, (L & Half ? width + (L ^ Half) : (L ^ Half))...);
}
#endif
}  // namespace detail

/// The sums over lanes of W values, W the number of lanes: sums[k] = simd::sum(values[k]).
///
/// A tree of W - 1 blends, shuffles and additions: three instructions a sum, where `sum` takes a dozen. `values` is
/// used as scratch.
///
///     S tile[16];  float sums[16];  simd::lane_sums(tile, sums);
template <class S>
QVIT_INLINE void lane_sums(S* values, real_of<S>* sums) {
#if defined(QVIT_SCALAR)
    sums[0] = values[0];
#else
    if constexpr (lane_count<S> == 1) {
        sums[0] = values[0];
    } else {
        constexpr std::size_t width = lane_count<S>;
        using indices = std::make_index_sequence<width>;
        auto fold = [&]<std::size_t Half>(auto&& self, index_constant<Half>) QVIT_INLINE_LAMBDA -> void {
            unroll<Half>([&](auto k) QVIT_INLINE_LAMBDA {
                values[k()] = S(detail::fold_pair<Half>(values[k()].data, values[k() + Half].data, indices{}));
            });
            if constexpr (Half > 1) self(self, index_constant<Half / 2>{});
        };
        fold(fold, index_constant<width / 2>{});
        simd::store(sums, values[0]);
    }
#endif
}

}  // namespace qvit::inline QVIT_ABI::simd
