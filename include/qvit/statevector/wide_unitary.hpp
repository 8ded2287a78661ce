// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_primitive.hpp>

namespace qvit::inline QVIT_ABI {

/// Calls emit(primitive) for at most eight factors of a unitary matrix on the wires a, b (over |b a>), in the order in
/// which they act. Their product is the matrix to a few roundings; they are real where it is.
///
/// Givens rotations of neighbouring rows in Gray code order 00, 01, 11, 10 make the matrix diagonal; two such rows
/// differ in one bit, so each rotation is a 2 x 2 matrix on one wire controlled by the other (arXiv quant-ph/0406176,
/// section 2). A matrix that is not unitary is not the product.
inline void lower_unitary(const unitary_matrix& matrix, std::uint32_t a, std::uint32_t b, auto&& emit) {
    constexpr std::array<std::size_t, 4> gray{0, 1, 3, 2};
    const auto bit = [](std::uint32_t wire) { return std::uint64_t{1} << wire; };
    std::array<std::array<complex_constant, 4>, 4> m{};
    for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t k = 0; k < 4; ++k) m[j][k] = matrix.entry[gray[j]][gray[k]];

    std::array<wide_primitive, 6> undone{};
    std::size_t count = 0;
    for (std::size_t column = 0; column < 3; ++column)
        for (std::size_t row = 3; row > column; --row) {
            const complex_constant upper = m[row - 1][column];
            const complex_constant lower = m[row][column];
            if (lower == complex_constant(0)) continue;
            const double length = std::sqrt(upper.norm() + lower.norm());
            const complex_constant u = complex_constant(1 / length) * upper;
            const complex_constant v = complex_constant(1 / length) * lower;
            const matrix2 rotation{u.conjugate(), v.conjugate(), complex_constant(-1) * v, u};
            const auto& r = rotation.entry;
            for (std::size_t k = 0; k < 4; ++k) {
                const complex_constant top = m[row - 1][k];
                m[row - 1][k] = r[0] * top + r[1] * m[row][k];
                m[row][k] = r[2] * top + r[3] * m[row][k];
            }
            matrix2 back = rotation.adjoint();
            if (row == 3) back = {back.entry[3], back.entry[2], back.entry[1], back.entry[0]};  // rows 11, 10
            const bool on_b = row == 2;                                                         // rows 01, 11
            const std::uint64_t control = on_b ? bit(a) : bit(b);
            undone[count++] = {control, row == 1 ? 0 : control, on_b ? b : a, back, 0, {}, 0, 0, 0};
        }
    for (std::size_t half = 0; half < 2; ++half) {
        const matrix2 phases{m[half == 0 ? 0 : 3][half == 0 ? 0 : 3], 0, 0, m[half == 0 ? 1 : 2][half == 0 ? 1 : 2]};
        if (!phases.is_identity()) emit(wide_primitive{bit(b), half == 0 ? 0 : bit(b), a, phases, 0, {}, 0, 0, 0});
    }
    while (count > 0) emit(undone[--count]);
}

}  // namespace qvit::inline QVIT_ABI
