// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// Whether stages of rotations turn their last two register wires at once: worth it where additions cost nothing.
inline constexpr bool wide_pairs = QVIT_FREE_ADDS != 0;

/// The rotations of two wires at once, by angles of tangents t and u: of any four amplitudes a, b, c, d that differ in
/// these wires, a + d and b - c turn by the difference of the angles, a - d and b + c by their sum. That takes 6
/// multiply-adds and multiplications and 8 additions, where shears of one wire after the other take 8 multiply-adds;
/// and what is stored comes out of an addition, which leaves multiply-adds their reads of registers.
///
/// The result is that of the two shears [1 -t; t 1] and [1 -u; u 1] divided by `divisor(t, u)`, and times `factor`.
/// t and u have one sign, so that 1 + t u is at least 1.
template <class S>
struct wide_pair {
    S difference;  ///< the tangent of the angles' difference
    S own, turned;
    S factor;
    bool scaled;

    wide_pair(S t, S u, real_of<S> times) : factor(times), scaled(times != real_of<S>(1)) {
        const S sum = S(1) + t * u;
        difference = (t - u) / sum;
        own = (S(1) - t * u) / sum * factor;
        turned = (t + u) / sum * factor;
    }

    static constexpr real_of<S> divisor(real_of<S> t, real_of<S> u) { return (1 + t * u) / 2; }

    /// The amplitudes of the wires' values 00, 01, 10, 11; the first rotation is of the right one.
    QVIT_INLINE void turn(S& a, S& b, S& c, S& d) const {
        S slow = a + d, slow_partner = b - c;
        const S fast = a - d, fast_partner = b + c;
        if (scaled) {
            slow = slow * factor;
            slow_partner = slow_partner * factor;
        }
        const S p = simd::fnma(difference, slow_partner, slow), q = simd::fma(difference, slow, slow_partner);
        const S x = simd::fnma(turned, fast_partner, own * fast), y = simd::fma(turned, fast, own * fast_partner);
        a = p + x;
        d = p - x;
        b = y + q;
        c = y - q;
    }
};

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
