// SPDX-License-Identifier: Apache-2.0
#pragma once

/// The library's version, its ABI namespace and the few attributes that C++20 has no word for.
///
/// Everything lives in `qvit::inline QVIT_ABI`: two translation units built for different instruction sets
/// then define different functions, and linking them is not a violation of the one-definition rule.
/// All macros of the library are defined here and begin with QVIT_.
///
/// Define QVIT_SCALAR to build without SIMD (one image per block), e.g. to debug or where xsimd knows no ISA.
/// QVIT_FREE_ADDS is 1 where additions run beside multiply-adds instead of in their place (AMD's Zen) and 0 elsewhere,
/// unless you define it, e.g. for -march=x86-64-v4 on such a machine: rotations then trade the one for the other.

#define QVIT_VERSION_MAJOR 0
#define QVIT_VERSION_MINOR 1
#define QVIT_VERSION_PATCH 0

#if !defined(QVIT_FREE_ADDS)
#if defined(__znver1__) || defined(__znver2__) || defined(__znver3__) || defined(__znver4__) || defined(__znver5__)
#define QVIT_FREE_ADDS 1
#else
#define QVIT_FREE_ADDS 0
#endif
#endif

#if defined(QVIT_SCALAR)
#define QVIT_DETAIL_ISA scalar
#elif defined(__AVX512F__) && defined(__AVX512CD__) && defined(__AVX512DQ__) && defined(__AVX512BW__)
#define QVIT_DETAIL_ISA avx512
#elif defined(__AVX2__) && defined(__FMA__)
#define QVIT_DETAIL_ISA avx2_fma
#elif defined(__AVX2__)
#define QVIT_DETAIL_ISA avx2
#elif defined(__AVX__)
#define QVIT_DETAIL_ISA avx
#elif defined(__SSE4_2__)
#define QVIT_DETAIL_ISA sse4_2
#elif defined(__SSE2__)
#define QVIT_DETAIL_ISA sse2
#elif defined(__aarch64__)
#define QVIT_DETAIL_ISA neon64
#else
#define QVIT_SCALAR
#define QVIT_DETAIL_ISA scalar
#endif

#define QVIT_DETAIL_JOIN_OF(A, B) A##B
#define QVIT_DETAIL_JOIN(A, B) QVIT_DETAIL_JOIN_OF(A, B)
#if QVIT_FREE_ADDS
#define QVIT_ABI QVIT_DETAIL_JOIN(v0_free_adds_, QVIT_DETAIL_ISA)
#else
#define QVIT_ABI QVIT_DETAIL_JOIN(v0_, QVIT_DETAIL_ISA)
#endif

#define QVIT_DETAIL_TEXT_OF(X) #X
#define QVIT_DETAIL_TEXT(X) QVIT_DETAIL_TEXT_OF(X)

#if defined(__GNUC__) || defined(__clang__)
#define QVIT_INLINE inline __attribute__((always_inline))
#define QVIT_INLINE_LAMBDA __attribute__((always_inline))
#else
#define QVIT_INLINE inline
#define QVIT_INLINE_LAMBDA
#endif

namespace qvit {
inline namespace QVIT_ABI {
/// The library's version as text, e.g. "0.1.0".
inline constexpr char version[] = QVIT_DETAIL_TEXT(QVIT_VERSION_MAJOR) "." QVIT_DETAIL_TEXT(
    QVIT_VERSION_MINOR) "." QVIT_DETAIL_TEXT(QVIT_VERSION_PATCH);
}  // namespace QVIT_ABI
}  // namespace qvit
