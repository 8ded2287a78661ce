// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <utility>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

namespace simd {

namespace detail {
#if !defined(QVIT_SCALAR)
template <std::size_t Mask, class S, std::size_t... Lane>
QVIT_INLINE S exchange(S value, std::index_sequence<Lane...>) {
#if defined(__GNUC__) || defined(__clang__)
    // A register is a vector type of both compilers on every instruction set that xsimd knows.
    const typename S::register_type in = value;
    return S(__builtin_shufflevector(in, in, static_cast<int>(Lane ^ Mask)...));
#else
    std::array<real_of<S>, sizeof...(Lane)> in{};
    simd::store(in.data(), value);
    const std::array<real_of<S>, sizeof...(Lane)> out{in[Lane ^ Mask]...};
    return simd::load<S>(out.data());
#endif
}
#endif
}  // namespace detail

/// Lane i of the result is lane i ^ Mask of `value`: what a gate on a wire inside a register needs. One shuffle.
/// Mask is below the number of lanes; 0 for a real.
///
///     const S partner = simd::exchange_lanes<2>(amplitudes);  // the amplitudes with wire 1 flipped
template <std::size_t Mask, class S>
requires(Mask < lane_count<S>) QVIT_INLINE S exchange_lanes(S value) {
#if !defined(QVIT_SCALAR)
    if constexpr (Mask != 0) return simd::detail::exchange<Mask>(value, std::make_index_sequence<lane_count<S>>{});
#endif
    return value;
}

}  // namespace simd

}  // namespace qvit::inline QVIT_ABI
