// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/circuit/gate.hpp>
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
    friend QVIT_INLINE complex_lanes operator*(complex_lanes a, complex_lanes b) {
        return {simd::fnma(a.im, b.im, a.re * b.re), simd::fma(a.re, b.im, a.im * b.re)};
    }
};

/// What the arithmetic of a gate needs, for real amplitudes (S itself) and complex ones (complex_lanes<S>).
template <class A>
struct amplitude {
    using lanes_type = A;
    static QVIT_INLINE A real(A value) { return value; }
    static QVIT_INLINE A scale(A factor, A value) { return factor * value; }
    /// factor * value + to
    static QVIT_INLINE A add_scaled(A factor, A value, A to) { return simd::fma(factor, value, to); }
    static QVIT_INLINE A conjugate(A value) { return value; }
    /// Re(conj(a) b) + to
    static QVIT_INLINE A add_inner(A a, A b, A to) { return simd::fma(a, b, to); }
};

template <class S>
struct amplitude<complex_lanes<S>> {
    using lanes_type = S;
    using A = complex_lanes<S>;
    static QVIT_INLINE A real(S value) { return {value, S(real_of<S>(0))}; }
    static QVIT_INLINE A scale(S factor, A value) { return {factor * value.re, factor * value.im}; }
    static QVIT_INLINE A add_scaled(S factor, A value, A to) {
        return {simd::fma(factor, value.re, to.re), simd::fma(factor, value.im, to.im)};
    }
    static QVIT_INLINE A conjugate(A value) { return {value.re, -value.im}; }
    static QVIT_INLINE S add_inner(A a, A b, S to) { return simd::fma(a.re, b.re, simd::fma(a.im, b.im, to)); }
    static QVIT_INLINE A times_minus_i(A value) { return {value.im, -value.re}; }
};

/// (a0, a1) -> U (a0, a1) for a one-wire gate; cosine and sine are those of half its angle, the inverse has -sine.
template <operation Kind, class A, class S>
QVIT_INLINE void apply_to_pair(S cosine, S sine, A& a0, A& a1) {
    using field = amplitude<A>;
    const A b0 = a0;
    const A b1 = a1;
    if constexpr (Kind == ry) {
        a0 = field::add_scaled(-sine, b1, field::scale(cosine, b0));
        a1 = field::add_scaled(sine, b0, field::scale(cosine, b1));
    } else if constexpr (Kind == rx) {
        a0 = field::add_scaled(sine, field::times_minus_i(b1), field::scale(cosine, b0));
        a1 = field::add_scaled(sine, field::times_minus_i(b0), field::scale(cosine, b1));
    } else if constexpr (Kind == rz) {
        a0 = field::add_scaled(sine, field::times_minus_i(b0), field::scale(cosine, b0));
        a1 = field::add_scaled(-sine, field::times_minus_i(b1), field::scale(cosine, b1));
    } else if constexpr (Kind == h) {
        const S root_half(static_cast<real_of<S>>(0.70710678118654752440));
        a0 = field::scale(root_half, b0 + b1);
        a1 = field::scale(root_half, b0 - b1);
    } else if constexpr (Kind == y) {
        a0 = field::times_minus_i(b1);
        a1 = -field::times_minus_i(b0);
    } else if constexpr (Kind == x) {
        a0 = b1;
        a1 = b0;
    } else {
        static_assert(Kind == z);
        a1 = -b1;
    }
}

/// (a0, a1) -> -i G (a0, a1) for the generator G of a rotation: d/dt U(t) a = (1/2) (-i G) U(t) a.
template <operation Kind, class A>
QVIT_INLINE void apply_generator(A& a0, A& a1) {
    const A b0 = a0;
    const A b1 = a1;
    if constexpr (Kind == ry) {
        a0 = -b1;
        a1 = b0;
    } else if constexpr (Kind == rx) {
        a0 = amplitude<A>::times_minus_i(b1);
        a1 = amplitude<A>::times_minus_i(b0);
    } else {
        static_assert(Kind == rz);
        a0 = amplitude<A>::times_minus_i(b0);
        a1 = -amplitude<A>::times_minus_i(b1);
    }
}

}  // namespace qvit::inline QVIT_ABI
