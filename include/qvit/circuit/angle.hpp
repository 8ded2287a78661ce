// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

inline constexpr double pi = 3.14159265358979323846;

/// What an angle reads: nothing, entry `index` of the input vector, of the trainable weights, or the product of the
/// inputs `index` and `second` (IQP-type feature maps).
enum class angle_source : std::uint8_t { constant, data, weight, data_product };

namespace detail {
/// Not constexpr: that a constant calls it is the compiler's error message, and its name the text.
[[noreturn]] inline void an_angle_reads_an_entry_below_two_to_the_32() { std::abort(); }
constexpr std::uint32_t entry_number(std::size_t entry) {
    if (entry >> 32 != 0) an_angle_reads_an_entry_below_two_to_the_32();
    return static_cast<std::uint32_t>(entry);
}
}  // namespace detail

/// An angle as an expression in one thing: scale * source + offset, in radians.
///
/// Angles are data: a circuit says that a gate reads 2 * input 3 + pi / 4, never what input 3 is.
/// A constant is `offset` alone; its scale is 0.
///
///     constexpr angle a = 2 * input(3) + pi / 4;   constexpr angle shared = weight(0);   input(0) * input(1)
struct angle {
    angle_source source = angle_source::constant;
    std::uint32_t index = 0;
    std::uint32_t second = 0;
    double scale = 0;
    double offset = 0;

    constexpr angle() = default;
    constexpr angle(double radians) : offset(radians) {}  // a number is an angle: apply<rz, 0>(pi / 4)
    constexpr angle(angle_source from, std::size_t entry, std::size_t other = 0, double factor = 1, double plus = 0)
        : source(from),
          index(detail::entry_number(entry)),
          second(detail::entry_number(other)),
          scale(factor),
          offset(plus) {}

    /// The angle's value, in the precision of the inputs and weights.
    template <class R>
    constexpr R value(const R* inputs, const R* weights) const {
        const R factor = static_cast<R>(scale);
        const R plus = static_cast<R>(offset);
        switch (source) {
            case angle_source::data:
                return factor * inputs[index] + plus;
            case angle_source::weight:
                return factor * weights[index] + plus;
            case angle_source::data_product:
                return factor * inputs[index] * inputs[second] + plus;
            case angle_source::constant:
                break;
        }
        return plus;
    }

    constexpr bool reads_data() const { return source == angle_source::data || source == angle_source::data_product; }
    constexpr bool reads_weight() const { return source == angle_source::weight; }

    friend constexpr angle operator*(double factor, angle a) {
        a.scale *= factor;
        a.offset *= factor;
        return a;
    }
    friend constexpr angle operator*(angle a, double factor) { return factor * a; }
    friend constexpr angle operator/(angle a, double divisor) { return (1 / divisor) * a; }
    friend constexpr angle operator+(angle a, double radians) {
        a.offset += radians;
        return a;
    }
    friend constexpr angle operator+(double radians, angle a) { return a + radians; }
    friend constexpr angle operator-(angle a, double radians) { return a + -radians; }
    friend constexpr angle operator-(angle a) { return -1.0 * a; }
    friend constexpr angle operator-(double radians, angle a) { return -a + radians; }
    friend constexpr bool operator==(const angle&, const angle&) = default;
};

/// Entry `index` of the input vector. A type of its own, so that a product of two inputs is an angle and a product with
/// anything else does not compile.
struct input_angle : angle {
    constexpr explicit input_angle(std::size_t entry) : angle(angle_source::data, entry) {}
    friend constexpr angle operator*(input_angle a, input_angle b) {
        return {angle_source::data_product, a.index, b.index};
    }
};

constexpr input_angle input(std::size_t index) { return input_angle(index); }
/// Trainable angle `index`; several gates that name the same one share it.
constexpr angle weight(std::size_t index) { return {angle_source::weight, index}; }

}  // namespace qvit::inline QVIT_ABI
