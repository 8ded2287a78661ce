// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstdint>
#include <limits>

#include <qvit/core/config.hpp>

/// sqrt, sin, cos, tan, exp, log, atan2 and acos in double as constant expressions, which <cmath>'s are not in C++20.
///
/// Angles in radians. Within 1 ulp of the exact value; tan, acos and atan2 within 2.5 ulp. A call takes 10 to 80 of
/// clang's constexpr steps. The functions give the same bits at compile time and at run time unless the compiler
/// contracts products and sums into fma. sin, cos and tan take |x| up to 1.6e6, beyond it they give NaN; sqrt and log
/// of a negative number, acos outside [-1, 1] and every function of NaN give NaN; atan2 of two infinities is not
/// defined.
///
/// Source: argument reduction as in W. Cody and W. Waite, Software Manual for the Elementary Functions, 1980; Taylor
/// series on the reduced range.
///
///     static_assert(constant_math::sqrt(4) == 2);   constexpr double c = constant_math::cos(pi / 8);
namespace qvit::inline QVIT_ABI::constant_math {

namespace detail {
inline constexpr double nan = std::numeric_limits<double>::quiet_NaN();
inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double pi_over_2 = 0x1.921fb54442d18p+0, pi_over_2_rest = 0x1.1a62633145c07p-54;
inline constexpr double ln_2 = 0x1.62e42fee00000p-1, ln_2_rest = 0x1.a39ef35793c76p-33;  // the first has 32 bits

/// 2^exponent for a normal result.
constexpr double power_of_two(int exponent) {
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}
constexpr int exponent_of(double x) { return static_cast<int>(std::bit_cast<std::uint64_t>(x) >> 52 & 0x7ff) - 1023; }
constexpr bool is_negative(double x) { return std::bit_cast<std::uint64_t>(x) >> 63 != 0; }
/// What the rounding of difference = a - b lost, exactly, whichever of a and b is larger.
constexpr double lost_in_difference(double a, double b, double difference) {
    const double minus_b = difference - a;
    return (a - (difference - minus_b)) - (b + minus_b);
}

/// x = quarters * pi / 2 + angle + rest with |angle| <= pi / 4.
struct reduced_angle {
    double angle = 0;
    double rest = 0;
    unsigned quarters = 0;
};
constexpr reduced_angle reduce(double x) {
    if (!(x < 1.6e6 && x > -1.6e6)) return {nan, nan, 0};
    const int quarters = static_cast<int>(x * 0x1.45f306dc9c883p-1 + (x < 0 ? -0.5 : 0.5));
    if (quarters == 0) return {x, 0, 0};
    // pi / 2 in parts of 33 bits: `quarters` has 20, so their products are exact.
    const double q = quarters;
    const double first = x - q * 0x1.921fb544p+0;
    const double second = first - q * 0x1.0b4611a6p-34;
    const double third = second - q * 0x1.3198a2ep-69;
    const double rest = lost_in_difference(first, q * 0x1.0b4611a6p-34, second) +
                        lost_in_difference(second, q * 0x1.3198a2ep-69, third) - q * 0x1.b839a252049c1p-104;
    const double angle = third + rest;
    return {angle, (third - angle) + rest, static_cast<unsigned>(quarters) & 3};
}
/// sin and cos of angle + rest, up to |angle| = pi / 4.
constexpr double sin_near_zero(double x, double rest) {
    const double s = x * x;
    const double series =
        -1 / 6. +
        s * (1 / 120. +
             s * (-1 / 5040. +
                  s * (1 / 362880. + s * (-1 / 39916800. + s * (1 / 6227020800. + s * (-1 / 1307674368000. +
                                                                                       s * (1 / 355687428096000.)))))));
    return x + (x * s * series + rest * (1 - s / 2));
}
constexpr double cos_near_zero(double x, double rest) {
    const double s = x * x;
    const double series =
        1 / 24. +
        s * (-1 / 720. +
             s * (1 / 40320. +
                  s * (-1 / 3628800. + s * (1 / 479001600. + s * (-1 / 87178291200. + s * (1 / 20922789888000.))))));
    const double leading = 1 - s / 2;
    return leading + (((1 - leading) - s / 2) + (s * s * series - x * rest));
}
}  // namespace detail

constexpr double sqrt(double x) {
    if (!(x > 0) || x == detail::infinity) return x < 0 ? detail::nan : x;  // 0, infinity and NaN stay
    if (x < 0x1p-1022) return sqrt(x * 0x1p+108) * 0x1p-54;
    // x = m 4^half with m in [1, 4); a line that is 3 % off, three Newton steps, one more with an exact remainder.
    const int half = (detail::exponent_of(x) + 1024) / 2 - 512;
    const double m = x * detail::power_of_two(-half) * detail::power_of_two(-half);
    const double first = (m + 2) * (0.98 / 3);
    const double second = (first + m / first) / 2;
    const double third = (second + m / second) / 2;
    const double y = (third + m / third) / 2;
    const double high = std::bit_cast<double>(std::bit_cast<std::uint64_t>(y) & 0xfffffffff8000000);
    const double low = y - high;
    const double remainder = ((m - high * high) - 2 * (high * low)) - low * low;
    return (y + remainder / (2 * y)) * detail::power_of_two(half);
}

constexpr double sin(double x) {
    const auto [angle, rest, quarters] = detail::reduce(x);
    const double value = quarters % 2 == 0 ? detail::sin_near_zero(angle, rest) : detail::cos_near_zero(angle, rest);
    return quarters < 2 ? value : -value;
}

constexpr double cos(double x) {
    const auto [angle, rest, quarters] = detail::reduce(x);
    const double value = quarters % 2 == 0 ? detail::cos_near_zero(angle, rest) : detail::sin_near_zero(angle, rest);
    return quarters == 0 || quarters == 3 ? value : -value;
}

constexpr double tan(double x) {
    const auto [angle, rest, quarters] = detail::reduce(x);
    const double s = detail::sin_near_zero(angle, rest), c = detail::cos_near_zero(angle, rest);
    return quarters % 2 == 0 ? s / c : -c / s;
}

/// Infinite where the result exceeds the largest double, 0 below the smallest.
constexpr double exp(double x) {
    if (!(x <= 709.782712893384)) return x != x ? x : detail::infinity;
    if (x < -745.2) return 0;
    const int twos = static_cast<int>(x * 0x1.71547652b82fep+0 + (x < 0 ? -0.5 : 0.5));
    const double high = x - twos * detail::ln_2, low = twos * detail::ln_2_rest;
    const double r = high - low;
    const double series =
        1 / 2. +
        r * (1 / 6. +
             r * (1 / 24. +
                  r * (1 / 120. +
                       r * (1 / 720. +
                            r * (1 / 5040. +
                                 r * (1 / 40320. +
                                      r * (1 / 362880. +
                                           r * (1 / 3628800. +
                                                r * (1 / 39916800. + r * (1 / 479001600. + r / 6227020800.))))))))));
    // In two factors, because 2^twos itself may be no normal number.
    return (1 + (high + (r * r * series - low))) * detail::power_of_two(twos / 2) *
           detail::power_of_two(twos - twos / 2);
}

/// The natural logarithm; minus infinity for 0.
constexpr double log(double x) {
    if (!(x > 0) || x == detail::infinity) return x == 0 ? -detail::infinity : x < 0 ? detail::nan : x;
    if (x < 0x1p-1022) return log(x * 0x1p+54) - 54 * (detail::ln_2 + detail::ln_2_rest);
    // x = 2^twos (1 + f) with 1 + f in [0.71, 1.42); log(1 + f) = 2 atanh(s) with s = f / (2 + f), from f down.
    const std::uint64_t fraction = std::bit_cast<std::uint64_t>(x) & 0xfffffffffffff;
    const int over = fraction > 0x6a09e667f3bcd ? 1 : 0;
    const int twos = detail::exponent_of(x) + over;
    const double f = std::bit_cast<double>(fraction | static_cast<std::uint64_t>(1023 - over) << 52) - 1;
    const double s = f / (2 + f), z = s * s, half_square = f * f / 2;
    const double series =
        z *
        (2 / 3. +
         z * (2 / 5. +
              z * (2 / 7. + z * (2 / 9. + z * (2 / 11. +
                                               z * (2 / 13. +
                                                    z * (2 / 15. + z * (2 / 17. + z * (2 / 19. + z * (2 / 21.))))))))));
    return twos * detail::ln_2 + (f - (half_square - (s * (half_square + series) + twos * detail::ln_2_rest)));
}

/// The angle of the point (x, y), in [-pi, pi]; the signs of zeros count as in std::atan2.
constexpr double atan2(double y, double x) {
    if (x != x || y != y) return detail::nan;
    const double width = detail::is_negative(x) ? -x : x, height = detail::is_negative(y) ? -y : y;
    const double shrink = width > 1e300 || height > 1e300 ? 0.25 : 1;
    const double longer = (height > width ? height : width) * shrink,
                 shorter = (height > width ? width : height) * shrink;
    // atan(t) = atan(c) + atan((t - c) / (1 + c t)) for c = 0, 1/2, 1 leaves |u| <= 1/4.
    const double t = longer > 0 ? shorter / longer : 0;
    const double c = t < 0.25 ? 0 : t < 0.73 ? 0.5 : 1;
    const double atan_c = c == 0 ? 0 : c < 1 ? 0x1.dac670561bb4fp-2 : detail::pi_over_2 / 2;
    const double atan_c_rest = c == 0 ? 0 : c < 1 ? 0x1.a2b7f222f65e2p-56 : detail::pi_over_2_rest / 2;
    const double u = c == 0 ? t : (shorter - c * longer) / (longer + c * shorter);
    const double z = u * u;
    const double series =
        z *
        (-1 / 3. +
         z * (1 / 5. +
              z * (-1 / 7. +
                   z * (1 / 9. + z * (-1 / 11. +
                                      z * (1 / 13. +
                                           z * (-1 / 15. +
                                                z * (1 / 17. +
                                                     z * (-1 / 19. +
                                                          z * (1 / 21. + z * (-1 / 23. +
                                                                              z * (1 / 25. + z * (-1 / 27.)))))))))))));
    // The octant: sign * (atan_c + u + u series) + quarters * pi / 2, the large parts first.
    const bool steep = height > width, left = detail::is_negative(x);
    const double sign = steep != left ? -1 : 1, quarters = steep ? 1 : left ? 2 : 0;
    const double large = quarters * detail::pi_over_2 + sign * atan_c;
    const double large_rest = quarters * detail::pi_over_2_rest + sign * atan_c_rest -
                              detail::lost_in_difference(-sign * atan_c, quarters * detail::pi_over_2, -large);
    const double value = large + (sign * u + (large_rest + sign * u * series));
    return detail::is_negative(y) ? -value : value;
}

constexpr double acos(double x) { return x >= -1 && x <= 1 ? atan2(sqrt((1 - x) * (1 + x)), x) : detail::nan; }

}  // namespace qvit::inline QVIT_ABI::constant_math
