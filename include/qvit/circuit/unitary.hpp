// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A complex constant of a circuit; std::complex is not constexpr enough and costs 0.4 s per translation unit.
struct complex_constant {
    double re = 0;
    double im = 0;
    constexpr complex_constant() = default;
    constexpr complex_constant(double real, double imaginary = 0) : re(real), im(imaginary) {}
    friend constexpr complex_constant operator+(complex_constant a, complex_constant b) {
        return {a.re + b.re, a.im + b.im};
    }
    friend constexpr complex_constant operator-(complex_constant a, complex_constant b) {
        return {a.re - b.re, a.im - b.im};
    }
    friend constexpr complex_constant operator*(complex_constant a, complex_constant b) {
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }
    constexpr complex_constant conjugate() const { return {re, -im}; }
    constexpr double norm() const { return re * re + im * im; }  ///< |z|^2
    friend constexpr bool operator==(const complex_constant&, const complex_constant&) = default;
};

/// A constant matrix over `wires` wires, row by row, in the top left corner of a 4 x 4; over |b a>, index a + 2 b.
/// A row whose first entry is in braces needs a second pair: `{{{0, -.5}, 0, 0, {0, .5}}}`.
struct unitary_matrix {
    std::size_t wires = 1;
    std::array<std::array<complex_constant, 4>, 4> entry{};

    constexpr std::size_t dimension() const { return std::size_t{1} << wires; }
    /// The largest |(U U^dagger - 1)_jk|^2.
    constexpr double distance_from_unitary() const {
        double worst = 0;
        for (std::size_t j = 0; j < dimension(); ++j)
            for (std::size_t k = 0; k < dimension(); ++k) {
                complex_constant sum(j == k ? -1 : 0);
                for (std::size_t i = 0; i < dimension(); ++i) sum = sum + entry[j][i] * entry[k][i].conjugate();
                worst = sum.norm() > worst ? sum.norm() : worst;
            }
        return worst;
    }
    /// Unitary to 1e-10, which numbers typed with 10 digits reach.
    constexpr bool is_unitary() const { return distance_from_unitary() < 1e-20; }

    constexpr unitary_matrix adjoint() const {
        unitary_matrix result;
        result.wires = wires;
        // Entries outside, which a constant's initialiser may leave out, cannot be read by g++ 12.
        for (std::size_t j = 0; j < dimension(); ++j)
            for (std::size_t k = 0; k < dimension(); ++k) result.entry[j][k] = entry[k][j].conjugate();
        return result;
    }
    friend constexpr bool operator==(const unitary_matrix&, const unitary_matrix&) = default;
};

}  // namespace qvit::inline QVIT_ABI
