// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/circuit/angle.hpp>
#include <qvit/circuit/unitary.hpp>
#include <qvit/circuit/zyz.hpp>
#include <qvit/core/config.hpp>
#include <qvit/meta/constant_math.hpp>

namespace qvit::inline QVIT_ABI {

/// A two-wire matrix over |b a> (index a + 2 b), wires a, b, as
/// e^{i phase} (after[1] x after[0]) exp(-i / 2 (xx XX + yy YY + zz ZZ)) (before[1] x before[0]),
/// that is: before[0] on a and before[1] on b; RXX(xx), RYY(yy), RZZ(zz); after[0] on a and after[1] on b.
/// The phases of the four one-wire gates are 0: `phase` holds them all.
struct kak_decomposition {
    std::array<zyz_angles, 2> before{};
    std::array<zyz_angles, 2> after{};
    double xx = 0;
    double yy = 0;
    double zz = 0;
    double phase = 0;
    friend constexpr bool operator==(const kak_decomposition&, const kak_decomposition&) = default;
};

namespace detail::decompose {
using complex_4x4 = std::array<std::array<complex_constant, 4>, 4>;
using real_4x4 = std::array<std::array<double, 4>, 4>;

/// The magic basis times sqrt(2), a state a column: |00> + |11>, i (|00> - |11>), i (|01> + |10>), |01> - |10>.
/// In it, pairs of SU(2) gates are SO(4), and XX, YY, ZZ are diagonal with signs + - + -, - + + -, + + - -.
inline constexpr complex_4x4 magic{{{1, {0, 1}, 0, 0}, {0, 0, {0, 1}, 1}, {0, 0, {0, 1}, -1}, {1, {0, -1}, 0, 0}}};
/// The inverse of `magic`.
inline constexpr complex_4x4 from_magic{
    {{.5, 0, 0, .5}, {{{0, -.5}, 0, 0, {0, .5}}}, {0, {0, -.5}, {0, -.5}, 0}, {0, .5, -.5, 0}}};

constexpr complex_4x4 product(const complex_4x4& a, const complex_4x4& b) {
    complex_4x4 result{};
    for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t k = 0; k < 4; ++k)
            result[j][k] = a[j][0] * b[0][k] + a[j][1] * b[1][k] + a[j][2] * b[2][k] + a[j][3] * b[3][k];
    return result;
}
template <class Matrix>
constexpr Matrix transposed(const Matrix& m) {
    Matrix result{};
    for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t k = 0; k < 4; ++k) result[j][k] = m[k][j];
    return result;
}

/// The rotation `vectors` for which vectors^T m vectors is diagonal, by Jacobi's method on the commuting real and
/// imaginary parts of a symmetric unitary m at once, so that eigenvalues which agree in one part are no special case.
/// On return m is the diagonal matrix.
constexpr real_4x4 diagonalise(complex_4x4& m) {
    real_4x4 vectors{{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}};
    bool rotated = true;
    for (int sweep = 0; rotated && sweep < 16; ++sweep) {
        rotated = false;
        for (std::size_t p = 0; p < 3; ++p)
            for (std::size_t q = p + 1; q < 4; ++q) {
                if (m[p][q].norm() < 4e-30) continue;  // rounding; rotating equal eigenvalues would only stir them
                // The rotation that makes the diagonal's difference as large as it can be, over both parts.
                const complex_constant apart = m[p][p] - m[q][q], twice = 2 * m[p][q];
                const double angle =
                    constant_math::atan2(2 * (apart * twice.conjugate()).re, apart.norm() - twice.norm()) / 4;
                const double c = constant_math::cos(angle), s = constant_math::sin(angle);
                for (std::size_t i = 0; i < 4; ++i) {
                    const complex_constant from_p = m[i][p], from_q = m[i][q];
                    m[i][p] = c * from_p + s * from_q;
                    m[i][q] = c * from_q - s * from_p;
                    const double vector_p = vectors[i][p], vector_q = vectors[i][q];
                    vectors[i][p] = c * vector_p + s * vector_q;
                    vectors[i][q] = c * vector_q - s * vector_p;
                }
                for (std::size_t i = 0; i < 4; ++i) {
                    const complex_constant from_p = m[p][i], from_q = m[q][i];
                    m[p][i] = c * from_p + s * from_q;
                    m[q][i] = c * from_q - s * from_p;
                }
                rotated = true;
            }
    }
    return vectors;
}

constexpr double determinant(const real_4x4& m) {
    const auto minor = [&m](std::size_t row, std::size_t j, std::size_t k) {
        return m[row][j] * m[row + 1][k] - m[row][k] * m[row + 1][j];
    };
    return minor(0, 0, 1) * minor(2, 2, 3) - minor(0, 0, 2) * minor(2, 1, 3) + minor(0, 0, 3) * minor(2, 1, 2) +
           minor(0, 1, 2) * minor(2, 0, 3) - minor(0, 1, 3) * minor(2, 0, 2) + minor(0, 2, 3) * minor(2, 0, 1);
}

/// The gates on wires a and b that a rotation given in the magic basis is; their phases are added to `phase`.
constexpr std::array<zyz_angles, 2> split(const real_4x4& rotation, double& phase) {
    complex_4x4 rows{};
    for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t k = 0; k < 4; ++k) rows[j][k] = rotation[j][k];
    const complex_4x4 pair = product(product(magic, rows), from_magic);
    // pair = B x A: the larger block of B_00 A and B_01 A gives A, its overlap with each block gives B.
    const double left = pair[0][0].norm() + pair[0][1].norm() + pair[1][0].norm() + pair[1][1].norm();
    const std::size_t column = left >= 1 ? 0 : 2;
    const double length = constant_math::sqrt((left >= 1 ? left : 2 - left) / 2);
    unitary_matrix a, b;
    for (std::size_t j = 0; j < 2; ++j)
        for (std::size_t k = 0; k < 2; ++k) a.entry[j][k] = (1 / length) * pair[j][column + k];
    for (std::size_t j = 0; j < 2; ++j)
        for (std::size_t k = 0; k < 2; ++k)
            b.entry[j][k] = 0.5 * (a.entry[0][0].conjugate() * pair[2 * j][2 * k] +
                                   a.entry[0][1].conjugate() * pair[2 * j][2 * k + 1] +
                                   a.entry[1][0].conjugate() * pair[2 * j + 1][2 * k] +
                                   a.entry[1][1].conjugate() * pair[2 * j + 1][2 * k + 1]);
    std::array<zyz_angles, 2> gates{zyz_of(a), zyz_of(b)};
    for (zyz_angles& gate : gates) {
        phase += gate.phase;
        gate.phase = 0;
    }
    return gates;
}
}  // namespace detail::decompose

/// The Cartan (KAK) decomposition of a unitary of two wires; xx, yy and zz in (-pi / 2, pi / 2].
///
/// A product of one-wire gates has xx = yy = zz = 0, a diagonal matrix at most zz, CNOT one of them and SWAP all three
/// at pi / 2; a matrix that two CNOTs can make has at most two. Angles within 1e-14 of a multiple of pi / 4 are that
/// multiple. Exact to about 1e-14. The matrix has to be of two wires and unitary (`is_unitary`), both unchecked; where
/// it is so to 1e-10 only, the result is off by as much.
/// Cost: at most 16 sweeps of six Jacobi rotations, mostly 3 to 5; 22 000 to 38 000 of clang's constexpr steps, 101 000
/// for a matrix of ten digits.
/// Source: J. Zhang et al., quant-ph/0209120, section III; F. Vatan and C. Williams, quant-ph/0308006.
///
///     constexpr kak_decomposition parts = kak_of(my_matrix);   // parts.zz, parts.before[0].theta, ...
constexpr kak_decomposition kak_of(const unitary_matrix& matrix) {
    // In the magic basis the matrix is left diag(e^{i angle}) right^T, both rotations; transposed times itself it is
    // right diag(e^{2 i angle}) right^T.
    using namespace detail::decompose;
    const complex_4x4 turned = product(product(from_magic, matrix.entry), magic);
    complex_4x4 squares = product(transposed(turned), turned);
    const real_4x4 right = diagonalise(squares);

    // Angles relative to the first one, so that no branch cut runs through equal eigenvalues.
    kak_decomposition result;
    result.phase = argument(squares[0][0]) / 2;
    std::array<double, 4> angles{};
    real_4x4 left{};
    for (std::size_t k = 0; k < 4; ++k) {
        angles[k] = wrap_phase(argument(squares[k][k] * squares[0][0].conjugate())) / 2;
        const double angle = angles[k] + result.phase;
        const complex_constant undo(constant_math::cos(angle), -constant_math::sin(angle));
        for (std::size_t j = 0; j < 4; ++j)
            left[j][k] = (undo * (right[0][k] * turned[j][0] + right[1][k] * turned[j][1] + right[2][k] * turned[j][2] +
                                  right[3][k] * turned[j][3]))
                             .re;
    }
    const auto flip = [&left](std::size_t column) {
        for (auto& row : left) row[column] = -row[column];
    };
    if (determinant(left) < 0) {
        angles[3] += pi;
        flip(3);
    }
    result.phase += (angles[1] + angles[2] + angles[3]) / 4;

    // exp(-i pi / 2 XX) is -i XX, two flipped columns of `left`; likewise YY and ZZ.
    const auto reduced = [&](double angle, std::size_t first, std::size_t second) {
        int half_turns = 0;
        const double rest = wrap(angle, pi, half_turns);
        result.phase -= half_turns * (pi / 2);
        if (half_turns % 2 != 0) {
            flip(first);
            flip(second);
        }
        return rest;
    };
    result.xx = reduced((angles[1] + angles[3] - angles[2]) / 2, 1, 3);
    result.yy = reduced((angles[3] - angles[1] - angles[2]) / 2, 0, 3);
    result.zz = reduced((angles[2] + angles[3] - angles[1]) / 2, 2, 3);
    result.after = split(left, result.phase);
    result.before = split(transposed(right), result.phase);
    result.phase = wrap_phase(result.phase);
    return result;
}

}  // namespace qvit::inline QVIT_ABI
