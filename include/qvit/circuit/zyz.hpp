// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/angle.hpp>
#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>
#include <qvit/meta/constant_math.hpp>

namespace qvit::inline QVIT_ABI {

/// A one-wire matrix as e^{i phase} RZ(phi) RY(theta) RZ(lambda), radians; RZ(lambda) acts first.
struct zyz_angles {
    double phase = 0;
    double theta = 0;
    double phi = 0;
    double lambda = 0;
    friend constexpr bool operator==(const zyz_angles&, const zyz_angles&) = default;
};

namespace detail::decompose {
/// The angle of z in the complex plane, in [-pi, pi].
constexpr double argument(complex_constant z) { return constant_math::atan2(z.im, z.re); }

/// A multiple of pi / 4 where the angle is one but for rounding: exact zeros let a caller drop gates.
constexpr double tidy(double angle) {
    const double eighths = static_cast<double>(static_cast<int>(angle / (pi / 4) + (angle < 0 ? -0.5 : 0.5)));
    const double error = angle - eighths * (pi / 4);
    return error < 1e-14 && error > -1e-14 ? eighths * (pi / 4) : angle;
}

/// `angle` less the multiple of `period` that leaves it in (-period / 2, period / 2]; the multiple goes to `removed`.
constexpr double wrap(double angle, double period, int& removed) {
    removed = 0;
    for (; angle > period / 2 + 1e-14; angle -= period) ++removed;
    for (; angle <= -period / 2 + 1e-14; angle += period) --removed;
    return tidy(angle);
}
constexpr double wrap_phase(double phase) {
    int turns = 0;
    return wrap(phase, 2 * pi, turns);
}
}  // namespace detail::decompose

/// The rotations that make up a unitary of one wire; theta in [0, pi], the others in (-pi, pi].
///
/// A diagonal or anti-diagonal matrix has lambda = 0. Angles within 1e-14 of a multiple of pi / 4 are that multiple.
/// Exact to rounding, about 1e-15; the matrix has to be unitary (`is_unitary`), of one wire, both unchecked. About 500
/// of clang's constexpr steps.
///
///     constexpr zyz_angles hadamard = zyz_of(h_matrix);   // pi / 2 about Y behind pi about Z, phase pi / 2
constexpr zyz_angles zyz_of(const unitary_matrix& matrix) {
    const complex_constant upper = matrix.entry[0][0], lower = matrix.entry[1][1];
    const complex_constant raise = matrix.entry[1][0], sink = complex_constant() - matrix.entry[0][1];
    const double diagonal = upper.norm() + lower.norm(), across = raise.norm() + sink.norm();
    zyz_angles result;
    result.theta =
        detail::decompose::tidy(2 * constant_math::atan2(constant_math::sqrt(across), constant_math::sqrt(diagonal)));

    // The matrix is e^{i phase} [[cos e^{-i sum}, -sin e^{-i difference}], [sin e^{i difference}, cos e^{i sum}]] with
    // sum, difference = (phi +- lambda) / 2. The phase comes from the larger pair; a pair that is 0 has no angle.
    const complex_constant first = diagonal >= across ? upper : sink, second = diagonal >= across ? lower : raise;
    result.phase = (detail::decompose::argument(first) + detail::decompose::argument(second)) / 2;
    const double of_larger = (detail::decompose::argument(second) - detail::decompose::argument(first)) / 2;
    const bool one_pair = result.theta == 0 || result.theta == pi;
    const double of_smaller =
        one_pair ? of_larger : detail::decompose::argument(diagonal >= across ? raise : lower) - result.phase;
    int turns_of_phi = 0, turns_of_lambda = 0;
    result.phi = detail::decompose::wrap(of_larger + of_smaller, 2 * pi, turns_of_phi);
    const double lambda = diagonal >= across ? of_larger - of_smaller : of_smaller - of_larger;
    result.lambda = detail::decompose::wrap(lambda, 2 * pi, turns_of_lambda);
    result.phase = detail::decompose::wrap_phase(result.phase + (turns_of_phi + turns_of_lambda) * pi);
    return result;
}

}  // namespace qvit::inline QVIT_ABI
