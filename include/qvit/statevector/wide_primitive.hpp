// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A complex 2 x 2 matrix, row by row.
struct matrix2 {
    std::array<complex_constant, 4> entry{1, 0, 0, 1};

    constexpr matrix2() = default;
    constexpr matrix2(complex_constant a, complex_constant b, complex_constant c, complex_constant d)
        : entry{a, b, c, d} {}

    friend constexpr matrix2 operator*(const matrix2& a, const matrix2& b) {
        const auto& l = a.entry;
        const auto& r = b.entry;
        return {l[0] * r[0] + l[1] * r[2], l[0] * r[1] + l[1] * r[3], l[2] * r[0] + l[3] * r[2],
                l[2] * r[1] + l[3] * r[3]};
    }
    constexpr matrix2 adjoint() const {
        return {entry[0].conjugate(), entry[2].conjugate(), entry[1].conjugate(), entry[3].conjugate()};
    }
    constexpr bool is_real() const {
        return entry[0].im == 0 && entry[1].im == 0 && entry[2].im == 0 && entry[3].im == 0;
    }
    constexpr bool is_diagonal() const { return entry[1] == 0 && entry[2] == 0; }
    constexpr bool is_flip() const { return *this == matrix2{0, 1, 1, 0}; }
    constexpr bool is_identity() const { return *this == matrix2{}; }
    friend constexpr bool operator==(const matrix2&, const matrix2&) = default;
};

/// What the wide engine executes: a 2 x 2 matrix on one wire, where the wires of `controls` have the bits of `values`.
/// Every gate of a circuit is a short product of these; see lower_gate.
struct wide_primitive {
    std::uint64_t controls = 0;
    std::uint64_t values = 0;
    std::uint32_t target = 0;
    matrix2 matrix;
    /// The matrix's derivative with respect to each of the gate's `angles` angles; 0 for a constant.
    std::uint32_t angles = 0;
    std::array<matrix2, 3> derivative{};
    /// Controls on wires outside of the tile that is worked on; the other wires are the tile's then.
    std::uint64_t outer_controls = 0;
    std::uint64_t outer_values = 0;

    std::uint32_t source = 0;  ///< the number of the gate it belongs to

    /// Whether the matrix is diagonal, whatever its angles: what may be exchanged must be so for derivatives too.
    constexpr bool is_diagonal() const {
        for (std::size_t i = 0; i < angles; ++i)
            if (!derivative[i].is_diagonal()) return false;
        return matrix.is_diagonal();
    }
    constexpr bool is_flip() const { return angles == 0 && matrix.is_flip(); }

    /// Which of O's eight numbers (see wide_overlap.hpp) its gradient reads: bit 2 j + k for the real part of O_jk, 4
    /// more for the imaginary one. Rotations read two.
    constexpr std::uint8_t overlaps_needed() const {
        unsigned needed = 0;
        for (std::size_t angle = 0; angle < angles; ++angle)
            for (std::size_t jk = 0; jk < 4; ++jk) {
                if (derivative[angle].entry[jk].re != 0) needed |= 1U << jk;
                if (derivative[angle].entry[jk].im != 0) needed |= 16U << jk;
            }
        return static_cast<std::uint8_t>(needed);
    }

    /// Whether the two may be exchanged: on every wire they share, both are diagonal or both flip it.
    constexpr bool commutes(const wide_primitive& other) const {
        const std::uint64_t bit = std::uint64_t{1} << target;
        const std::uint64_t other_bit = std::uint64_t{1} << other.target;
        if (target == other.target)
            return (is_diagonal() && other.is_diagonal()) ||
                   (is_flip() && other.is_flip() && (controls & other_bit) == 0);
        return ((other.controls & bit) == 0 || is_diagonal()) && ((controls & other_bit) == 0 || other.is_diagonal());
    }
};

}  // namespace qvit::inline QVIT_ABI
