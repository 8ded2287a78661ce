// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
__extension__ using qasm_wide = unsigned __int128;

constexpr int leading_zeros(qasm_wide value) {
    const auto high = static_cast<std::uint64_t>(value >> 64);
    return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<std::uint64_t>(value));
}
inline constexpr int largest_power_of_5 = 27;  // that fits 64 bits
struct five_table {
    std::uint64_t power[largest_power_of_5 + 1]{1};
    constexpr five_table() {
        for (int i = 1; i <= largest_power_of_5; ++i) power[i] = 5 * power[i - 1];
    }
};
inline constexpr five_table powers_of_5{};
constexpr double power_of_two(int exponent) {  // of a normal number
    return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}
}  // namespace detail

/// The double nearest to digits * 10^exponent, in constants too (std::from_chars is not constexpr).
///
/// Goes in: digits < 2^64, -300 <= exponent <= 150 and a product below 1e170; a product below 1e-290 gives 0.
/// Rounded to nearest, ties to even, for |exponent| <= 27, and for all that was written with 17 digits; elsewhere a
/// number closer than 2^-115 of itself to the middle of two doubles may be rounded the other way.
/// Cost: one division of 128 bits, and one more per unit of |exponent| above 27.
///
///     static_assert(decimal_to_double(78539816339744828, -17) == 0.78539816339744828);
constexpr double decimal_to_double(std::uint64_t digits, int exponent) {
    if (digits == 0) return 0;
    if (digits < (std::uint64_t{1} << 53) && exponent >= -22 && exponent <= 22) {  // both factors are exact doubles
        double power = 1;
        for (int i = exponent < 0 ? -exponent : exponent; i > 0; --i) power *= 10;
        return exponent < 0 ? static_cast<double>(digits) / power : static_cast<double>(digits) * power;
    }
    // 10^e = 2^e 5^e: mantissa * 2^binary, multiplied or divided by powers of 5 in 128 bits, cut off below. The power
    // of 5 up to 27 is one exact step.
    detail::qasm_wide mantissa = digits;
    int binary = exponent;
    bool cut = false;
    int fives = exponent < 0 ? -exponent : exponent;
    while (exponent < 0 && fives > 0) {
        const int step = fives > detail::largest_power_of_5 ? 1 : fives;
        const int shift = detail::leading_zeros(mantissa);
        mantissa <<= shift;
        binary -= shift;
        cut = cut || mantissa % detail::powers_of_5.power[step] != 0;
        mantissa /= detail::powers_of_5.power[step];
        fives -= step;
    }
    while (fives > 0) {
        const int step = (mantissa >> 64) != 0 || fives > detail::largest_power_of_5 ? 1 : fives;
        if ((mantissa >> 125) != 0) {
            cut = cut || (mantissa & 7) != 0;
            mantissa >>= 3;
            binary += 3;
        }
        mantissa *= detail::powers_of_5.power[step];
        fives -= step;
    }
    const int shift = detail::leading_zeros(mantissa);
    mantissa <<= shift;
    binary -= shift;
    constexpr int dropped = 128 - 53;
    const detail::qasm_wide half = detail::qasm_wide{1} << (dropped - 1);
    const detail::qasm_wide rest = mantissa & (2 * half - 1);
    auto rounded = static_cast<std::uint64_t>(mantissa >> dropped);
    if (rest > half || (rest == half && (cut || (rounded & 1) != 0))) ++rounded;
    if (binary + dropped < -1022) return 0;
    return static_cast<double>(rounded) * detail::power_of_two(binary + dropped);
}

}  // namespace qvit::inline QVIT_ABI
