// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <qvit/core/config.hpp>

#if !defined(QVIT_SCALAR)
#include <xsimd/xsimd.hpp>
#if defined(__FMA__) || defined(__AVX512F__)
#include <immintrin.h>
#endif
#endif

namespace qvit::inline QVIT_ABI {

/// `lanes<R>`: as many reals as the machine computes at once, one image in each. The only header that knows xsimd.
///
/// Model code is written over a scalar type S that is either a real (one image) or `lanes<real>` (W images); every
/// function below exists for both. Arithmetic operators and comparisons are S's own.
/// With QVIT_SCALAR `lanes<R>` is R itself.
///
///     using S = lanes<float>;  S y = simd::fma(S(weight), x, y0);  float total = simd::sum(y);
#if defined(QVIT_SCALAR)
template <std::floating_point R>
using lanes = R;
#else
template <std::floating_point R>
using lanes = xsimd::batch<R>;
#endif

namespace detail {
template <class S>
struct lane_traits {
    using real = S;
    static constexpr std::size_t width = 1;
};
#if !defined(QVIT_SCALAR)
template <class R, class Arch>
struct lane_traits<xsimd::batch<R, Arch>> {
    using real = R;
    static constexpr std::size_t width = xsimd::batch<R, Arch>::size;
};
#endif
}  // namespace detail

/// The real type of one lane of S.
template <class S>
using real_of = typename detail::lane_traits<S>::real;
/// W: how many images S holds.
template <class S>
inline constexpr std::size_t lane_count = detail::lane_traits<S>::width;

/// The instruction set this code was compiled for, e.g. "avx512" or "scalar".
inline constexpr const char* isa_name = QVIT_DETAIL_TEXT(QVIT_DETAIL_ISA);
#if defined(QVIT_SCALAR)
inline constexpr const char* simd_library = "none";
#else
inline constexpr const char* simd_library = "xsimd " QVIT_DETAIL_TEXT(XSIMD_VERSION_MAJOR) "." QVIT_DETAIL_TEXT(
    XSIMD_VERSION_MINOR) "." QVIT_DETAIL_TEXT(XSIMD_VERSION_PATCH);
#endif

/// Functions of S that its operators do not give. Always called as `simd::exp(x)`: xsimd has functions of the same
/// names.
namespace simd {

/// a * b + c with one rounding and one instruction where the machine has it (xsimd 8 to 10 multiply, then add, on
/// AVX-512).
template <std::floating_point R>
QVIT_INLINE R fma(R a, R b, R c) {
#if defined(__FMA__) || defined(__aarch64__)
    return std::fma(a, b, c);
#else
    return a * b + c;
#endif
}
/// c - a * b.
template <std::floating_point R>
QVIT_INLINE R fnma(R a, R b, R c) {
    return simd::fma(-a, b, c);
}
template <std::floating_point R>
QVIT_INLINE R sqrt(R x) {
    return std::sqrt(x);
}
template <std::floating_point R>
QVIT_INLINE R exp(R x) {
    return std::exp(x);
}
/// exp(x) - 1, to the last digits also near 0.
template <std::floating_point R>
QVIT_INLINE R expm1(R x) {
    return std::expm1(x);
}
template <std::floating_point R>
QVIT_INLINE R log(R x) {
    return std::log(x);
}
template <std::floating_point R>
QVIT_INLINE R erf(R x) {
    return std::erf(x);
}
template <std::floating_point R>
QVIT_INLINE R maximum(R a, R b) {
    return a < b ? b : a;
}
/// a where the condition (of S's comparison) holds, b elsewhere.
template <std::floating_point R>
QVIT_INLINE R select(bool condition, R a, R b) {
    return condition ? a : b;
}
/// x, held in a register; see the lanes' one.
template <std::floating_point R>
QVIT_INLINE R in_register(R x) {
    return x;
}
/// Sum over lanes.
template <std::floating_point R>
QVIT_INLINE R sum(R x) {
    return x;
}
/// W reals from memory, any alignment; `store` writes them.
template <class S>
requires std::floating_point<S> QVIT_INLINE S load(const S* from) { return *from; }
template <std::floating_point R>
QVIT_INLINE void store(R* to, R value) {
    *to = value;
}

#if !defined(QVIT_SCALAR)
// One fused instruction where the machine has it. Registers are named as such, no new batch is constructed, and the two
// functions do not share a third: kernels have thousands of these, and each call that is inlined costs the compiler its
// time.
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> fma(xsimd::batch<R, Arch> a, xsimd::batch<R, Arch> b, xsimd::batch<R, Arch> c) {
    [[maybe_unused]] constexpr bool single = std::is_same_v<R, float>;
#if defined(__AVX512F__)
    if constexpr (sizeof(a) == 64 && single)
        c.data = _mm512_fmadd_ps(a.data, b.data, c.data);
    else if constexpr (sizeof(a) == 64)
        c.data = _mm512_fmadd_pd(a.data, b.data, c.data);
    else
#elif defined(__FMA__) && defined(__AVX__)
    if constexpr (sizeof(a) == 32 && single)
        c.data = _mm256_fmadd_ps(a.data, b.data, c.data);
    else if constexpr (sizeof(a) == 32)
        c.data = _mm256_fmadd_pd(a.data, b.data, c.data);
    else
#endif
        c = xsimd::fma(a, b, c);
    return c;
}
/// c - a * b.
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> fnma(xsimd::batch<R, Arch> a, xsimd::batch<R, Arch> b, xsimd::batch<R, Arch> c) {
    [[maybe_unused]] constexpr bool single = std::is_same_v<R, float>;
#if defined(__AVX512F__)
    if constexpr (sizeof(a) == 64 && single)
        c.data = _mm512_fnmadd_ps(a.data, b.data, c.data);
    else if constexpr (sizeof(a) == 64)
        c.data = _mm512_fnmadd_pd(a.data, b.data, c.data);
    else
#elif defined(__FMA__) && defined(__AVX__)
    if constexpr (sizeof(a) == 32 && single)
        c.data = _mm256_fnmadd_ps(a.data, b.data, c.data);
    else if constexpr (sizeof(a) == 32)
        c.data = _mm256_fnmadd_pd(a.data, b.data, c.data);
    else
#endif
        c = xsimd::fnma(a, b, c);
    return c;
}
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> sqrt(xsimd::batch<R, Arch> x) {
    return xsimd::sqrt(x);
}
/// Single precision: relative error 1e-7, a third of xsimd's time; zero below -87.3, infinity above 88.7.
/// x = k log 2 + r, a polynomial in r through Chebyshev nodes, and k added to the exponent.
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> exp(xsimd::batch<R, Arch> x) {
    if constexpr (!std::is_same_v<R, float>) {
        return xsimd::exp(x);
    } else {
        using S = xsimd::batch<R, Arch>;
        using bits [[gnu::vector_size(sizeof(S))]] = std::uint32_t;  // wraps where the result is thrown away
        const S magic(12582912.0F);  // 1.5 * 2^23: adding it rounds to an integer, in the lowest bits
        const S shifted = simd::fma(x, S(1.44269504F), magic);
        const S k = shifted - magic;
        const S r = simd::fnma(k, S(-2.12194440e-4F), simd::fnma(k, S(0.693359375F), x));
        S p = simd::fma(r, S(1.394650424e-3F), S(8.369187592e-3F));
        p = simd::fma(p, r, S(4.166626233e-2F));
        p = simd::fma(p, r, S(1.666651569e-1F));
        p = simd::fma(p, r, S(5.000000081e-1F));
        p = simd::fma(p * r, r, r) + S(1.0F);
        const S scaled((decltype(p.data))((bits)p.data + ((bits)shifted.data << 23)));
        const S no_overflow = xsimd::select(x > S(88.72F), S(std::numeric_limits<float>::infinity()), scaled);
        return xsimd::select(x < S(-87.33F), S(0.0F), no_overflow);
    }
}
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> expm1(xsimd::batch<R, Arch> x) {
    return xsimd::expm1(x);
}
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> log(xsimd::batch<R, Arch> x) {
    return xsimd::log(x);
}
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> erf(xsimd::batch<R, Arch> x) {
    return xsimd::erf(x);
}
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> maximum(xsimd::batch<R, Arch> a, xsimd::batch<R, Arch> b) {
    return xsimd::max(a, b);
}
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> select(xsimd::batch_bool<R, Arch> condition, xsimd::batch<R, Arch> a,
                                         xsimd::batch<R, Arch> b) {
    return xsimd::select(condition, a, b);
}
/// x, held in a register: a value that several multiply-adds use is loaded once. g++ would rather put its address into
/// each of them, and then the loads of a matrix product take longer than its arithmetic.
template <class R, class Arch>
QVIT_INLINE xsimd::batch<R, Arch> in_register(xsimd::batch<R, Arch> x) {
#if defined(__GNUC__) && defined(__x86_64__)
    asm("" : "+v"(x.data));
#endif
    return x;
}
template <class R, class Arch>
QVIT_INLINE R sum(xsimd::batch<R, Arch> x) {
#if XSIMD_VERSION_MAJOR >= 9
    return xsimd::reduce_add(x);
#else
    return xsimd::hadd(x);
#endif
}
template <class S>
requires(!std::floating_point<S>) QVIT_INLINE S load(const real_of<S>* from) { return S::load_unaligned(from); }
template <class R, class Arch>
QVIT_INLINE void store(R* to, xsimd::batch<R, Arch> value) {
    value.store_unaligned(to);
}
#endif

}  // namespace simd

}  // namespace qvit::inline QVIT_ABI
