// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <type_traits>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI::simd {

/// The sine and the cosine of x, an angle in radians of any size, for a real or for lanes.
///
/// Single precision on lanes: absolute error 2e-7 up to 100 and 1e-6 up to 8192 by polynomials of the library's own, in
/// a third of xsimd's time; larger angles are left to the C library. Double is xsimd's, reals the C library's.
///
///     S sine, cosine;  simd::sine_cosine(x, sine, cosine);
template <std::floating_point R>
QVIT_INLINE void sine_cosine(R x, R& sine, R& cosine) {
    sine = std::sin(x);
    cosine = std::cos(x);
}

#if !defined(QVIT_SCALAR)
namespace detail {
/// An angle |x| <= 8192 in single precision as k pi + r, |r| <= pi / 2: Cody-Waite reduction by pi in three parts. Sine
/// and cosine then carry the same sign (-1)^k, so nothing is swapped and no integer is needed.
template <class S>
struct reduced_angle {
    S r;
    S sign;
    QVIT_INLINE explicit reduced_angle(S x) {
        const S magic(12582912.0F);  // 1.5 * 2^23: adding it rounds to an integer
        const S k = simd::fma(x, S(0.318309886F), magic) - magic;
        r = simd::fnma(k, S(3.140625F), x);
        r = simd::fnma(k, S(9.670257568359375e-4F), r);
        r = simd::fnma(k, S(6.2783295e-7F), r);
        const S half = simd::fma(k, S(0.5F), magic) - magic;
        const S odd = simd::fnma(S(2.0F), half, k);  // -1, 0 or 1
        sign = simd::fnma(S(2.0F) * odd, odd, S(1.0F));
    }
};
// Polynomials in z = r^2 through Chebyshev nodes: absolute error 2e-7 up to 100, 1e-6 up to 8192.
template <class S>
QVIT_INLINE S cosine_of_reduced(S z, S sign) {
    S c = simd::fma(z, S(-2.629628493e-07F), S(2.477452647e-05F));
    c = simd::fma(c, z, S(-1.388865094e-03F));
    c = simd::fma(c, z, S(4.166665933e-02F));
    c = simd::fma(c, z, S(-4.999999996e-01F));
    return simd::fma(c * z, sign, sign);
}
template <class S>
QVIT_INLINE void sine_cosine_of_small(S x, S& sine, S& cosine) {
    const reduced_angle<S> angle(x);
    const S z = angle.r * angle.r;
    S s = simd::fma(z, S(2.634638004e-06F), S(-1.982270293e-04F));
    s = simd::fma(s, z, S(8.333241864e-03F));
    s = simd::fma(s, z, S(-1.666666596e-01F));
    const S signed_r = angle.sign * angle.r;
    sine = simd::fma(s * z, signed_r, signed_r);
    cosine = cosine_of_reduced(z, angle.sign);
}
/// Any angles, one lane after the other by the C library. A function of its own: no loop should carry it along.
template <class S>
[[gnu::noinline, gnu::cold]] void sine_cosine_of_any(const S& x, S& sine, S& cosine) {
    constexpr std::size_t width = S::size;
    using R = typename S::value_type;
    R value[width];
    R s[width];
    R c[width];
    x.store_unaligned(value);
    for (std::size_t i = 0; i < width; ++i) s[i] = std::sin(value[i]), c[i] = std::cos(value[i]);
    sine = S::load_unaligned(s);
    cosine = S::load_unaligned(c);
}
}  // namespace detail
template <class R, class Arch>
QVIT_INLINE void sine_cosine(xsimd::batch<R, Arch> x, xsimd::batch<R, Arch>& sine, xsimd::batch<R, Arch>& cosine) {
    if constexpr (std::is_same_v<R, float>) {
        if (xsimd::all(xsimd::abs(x) <= xsimd::batch<R, Arch>(8192.0F)))
            detail::sine_cosine_of_small(x, sine, cosine);
        else
            detail::sine_cosine_of_any(x, sine, cosine);
    } else {
        const auto both = xsimd::sincos(x);
        sine = both.first;
        cosine = both.second;
    }
}
#endif

/// The cosine alone, the same bits as sine_cosine's, without the sine's operations (single precision on lanes).
template <std::floating_point R>
QVIT_INLINE R cosine(R x) {
    return std::cos(x);
}
#if !defined(QVIT_SCALAR)
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> cosine(xsimd::batch<R, Arch> x) {
    using S = xsimd::batch<R, Arch>;
    if constexpr (std::is_same_v<R, float>) {
        if (xsimd::all(xsimd::abs(x) <= S(8192.0F))) {
            const detail::reduced_angle<S> angle(x);
            return detail::cosine_of_reduced(angle.r * angle.r, angle.sign);
        }
    }
    S sine, result;
    sine_cosine(x, sine, result);
    return result;
}
#endif

}  // namespace qvit::inline QVIT_ABI::simd
