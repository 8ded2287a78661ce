// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>

#if !defined(QVIT_SCALAR) && defined(__AVX2__)
#include <immintrin.h>
#endif

namespace qvit::inline QVIT_ABI::simd {

/// An order of S's lanes that is known at run time only: lane i of `reorder(value, order)` is lane order[i] of `value`.
///
/// One instruction with AVX-512 and for floats with AVX2, three for doubles with AVX2; through memory elsewhere.
/// The numbers are below the number of lanes, a power of two.
///
///     const simd::lane_order<S> reversed = simd::make_lane_order<S>({3, 2, 1, 0});
///     const S back = simd::reorder(value, reversed);
template <class S>
struct lane_order {
    std::array<std::uint8_t, lane_count<S>> lanes;
    explicit lane_order(const std::array<std::uint8_t, lane_count<S>>& numbers) : lanes(numbers) {}

    /// Every number exclusive-or `bits`.
    QVIT_INLINE lane_order operator^(std::uint32_t bits) const {
        lane_order result = *this;
        for (std::uint8_t& lane : result.lanes) lane = static_cast<std::uint8_t>(lane ^ bits);
        return result;
    }
    QVIT_INLINE S of(S value) const {
        std::array<real_of<S>, lane_count<S>> in{};
        std::array<real_of<S>, lane_count<S>> out{};
        simd::store(in.data(), value);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = in[lanes[i]];
        return simd::load<S>(out.data());
    }
};

#if !defined(QVIT_SCALAR) && defined(__AVX2__)
template <class S>
requires(lane_count<S> > 1) struct lane_order<S> {
    static constexpr bool is_float = sizeof(real_of<S>) == 4;
    using number = std::conditional_t<is_float, std::uint32_t, std::uint64_t>;
#if defined(__AVX512F__)
    __m512i lanes;
#else
    __m256i lanes;
#endif

    explicit lane_order(const std::array<std::uint8_t, lane_count<S>>& numbers) {
        std::array<number, lane_count<S>> values{};
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = numbers[i];
        lanes = std::bit_cast<decltype(lanes)>(values);
    }
    QVIT_INLINE lane_order operator^(std::uint32_t bits) const {
        lane_order result = *this;
#if defined(__AVX512F__)
        result.lanes = _mm512_xor_si512(lanes, is_float ? _mm512_set1_epi32(static_cast<int>(bits))
                                                        : _mm512_set1_epi64(static_cast<long long>(bits)));
#else
        result.lanes = _mm256_xor_si256(lanes, is_float ? _mm256_set1_epi32(static_cast<int>(bits))
                                                        : _mm256_set1_epi64x(static_cast<long long>(bits)));
#endif
        return result;
    }
    QVIT_INLINE S of(S value) const {
#if defined(__AVX512F__)
        // With a mask of ones: g++ 12 warns of an unwritten value in the form without.
        if constexpr (is_float)
            return S(_mm512_maskz_permutexvar_ps(static_cast<__mmask16>(-1), lanes, value));
        else
            return S(_mm512_maskz_permutexvar_pd(static_cast<__mmask8>(-1), lanes, value));
#else
        if constexpr (is_float) {
            return S(_mm256_permutevar8x32_ps(value, lanes));
        } else {
            // A double is two of the 32-bit lanes: 2 i and 2 i + 1.
            const __m256i twice = _mm256_add_epi64(lanes, lanes);
            const __m256i both = _mm256_or_si256(twice, _mm256_slli_epi64(twice, 32));
            const __m256i halves = _mm256_add_epi64(both, _mm256_set1_epi64x(std::int64_t{1} << 32));
            return S(_mm256_castps_pd(_mm256_permutevar8x32_ps(_mm256_castpd_ps(value), halves)));
        }
#endif
    }
};
#endif

/// The order of the first lanes of `numbers`.
template <class S, std::size_t Count>
requires(Count >= lane_count<S>) lane_order<S> make_lane_order(const std::array<std::uint8_t, Count>& numbers) {
    std::array<std::uint8_t, lane_count<S>> first{};
    for (std::size_t i = 0; i < first.size(); ++i) first[i] = numbers[i];
    return lane_order<S>(first);
}

/// See lane_order.
template <class S>
QVIT_INLINE S reorder(S value, const lane_order<S>& order) {
    return order.of(value);
}

}  // namespace qvit::inline QVIT_ABI::simd
