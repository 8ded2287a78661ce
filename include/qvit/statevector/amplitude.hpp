// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// A complex number over lanes. std::complex costs 0.4 s per translation unit and a library call per product.
template <class S>
struct complex_lanes {
    S re;
    S im;
    friend QVIT_INLINE complex_lanes operator+(complex_lanes a, complex_lanes b) { return {a.re + b.re, a.im + b.im}; }
    friend QVIT_INLINE complex_lanes operator-(complex_lanes a, complex_lanes b) { return {a.re - b.re, a.im - b.im}; }
    friend QVIT_INLINE complex_lanes operator-(complex_lanes a) { return {-a.re, -a.im}; }
};

/// What rotations about Pauli strings need of an amplitude: real ones (S itself) and complex ones (complex_lanes<S>).
///
/// Quarters counts quarter turns of a constant factor i^Quarters; real amplitudes know even ones only. Every function
/// is one or two fused multiply-adds per real.
template <class A>
struct amplitude {
    using lanes_type = A;
    static constexpr bool is_real = true;
    static QVIT_INLINE A real(A value) { return value; }
    static QVIT_INLINE A scale(A factor, A value) { return factor * value; }
    /// i^Quarters * factor * value + to
    template <unsigned Quarters>
    static QVIT_INLINE A add_turned(A factor, A value, A to) {
        static_assert(Quarters % 2 == 0);
        if constexpr (Quarters % 4 == 0)
            return simd::fma(factor, value, to);
        else
            return simd::fnma(factor, value, to);
    }
    /// Re(conj(a) i^Quarters b) + to
    template <unsigned Quarters>
    static QVIT_INLINE A add_inner(A a, A b, A to) {
        static_assert(Quarters % 2 == 0);
        if constexpr (Quarters % 4 == 0)
            return simd::fma(a, b, to);
        else
            return simd::fnma(a, b, to);
    }
};

template <class S>
struct amplitude<complex_lanes<S>> {
    using lanes_type = S;
    using A = complex_lanes<S>;
    static constexpr bool is_real = false;
    static QVIT_INLINE A real(S value) { return {value, S(real_of<S>(0))}; }
    static QVIT_INLINE A scale(S factor, A value) { return {factor * value.re, factor * value.im}; }
    template <unsigned Quarters>
    static QVIT_INLINE A add_turned(S factor, A value, A to) {
        constexpr unsigned q = Quarters % 4;
        if constexpr (q == 0)
            return {simd::fma(factor, value.re, to.re), simd::fma(factor, value.im, to.im)};
        else if constexpr (q == 1)
            return {simd::fnma(factor, value.im, to.re), simd::fma(factor, value.re, to.im)};
        else if constexpr (q == 2)
            return {simd::fnma(factor, value.re, to.re), simd::fnma(factor, value.im, to.im)};
        else
            return {simd::fma(factor, value.im, to.re), simd::fnma(factor, value.re, to.im)};
    }
    template <unsigned Quarters>
    static QVIT_INLINE S add_inner(A a, A b, S to) {
        constexpr unsigned q = Quarters % 4;
        if constexpr (q == 0)
            return simd::fma(a.re, b.re, simd::fma(a.im, b.im, to));
        else if constexpr (q == 1)
            return simd::fnma(a.re, b.im, simd::fma(a.im, b.re, to));
        else if constexpr (q == 2)
            return simd::fnma(a.re, b.re, simd::fnma(a.im, b.im, to));
        else
            return simd::fma(a.re, b.im, simd::fnma(a.im, b.re, to));
    }
};

/// Calls body with a constant for a run-time number of quarter turns; real amplitudes have 0 and 2 only.
template <class A>
QVIT_INLINE void with_quarters(unsigned quarters, auto&& body) {
    if constexpr (amplitude<A>::is_real) {
        quarters % 4 == 0 ? body(std::integral_constant<unsigned, 0>{}) : body(std::integral_constant<unsigned, 2>{});
    } else {
        switch (quarters % 4) {
            case 0:
                return body(std::integral_constant<unsigned, 0>{});
            case 1:
                return body(std::integral_constant<unsigned, 1>{});
            case 2:
                return body(std::integral_constant<unsigned, 2>{});
            default:
                return body(std::integral_constant<unsigned, 3>{});
        }
    }
}

}  // namespace qvit::inline QVIT_ABI
