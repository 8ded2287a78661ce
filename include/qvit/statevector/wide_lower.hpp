// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_unitary.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
inline complex_constant unit_phase(double angle) { return {std::cos(angle), std::sin(angle)}; }

/// exp(-i t P / 2) for P of rx, ry, rz, or diag(1, e^it) for p; its derivative in t where `derivative`.
inline matrix2 rotation_matrix(operation kind, double t, bool derivative) {
    const double c = derivative ? -std::sin(t / 2) / 2 : std::cos(t / 2);
    const double s = derivative ? std::cos(t / 2) / 2 : std::sin(t / 2);
    if (kind == rx) return {c, {0, -s}, {0, -s}, c};
    if (kind == ry) return {c, -s, s, c};
    if (kind == rz) return {{c, -s}, 0, 0, {c, s}};
    const complex_constant turned = unit_phase(t);
    if (derivative) return {0, 0, 0, complex_constant(0, 1) * turned};
    return {1, 0, 0, turned};
}

inline matrix2 constant_matrix(operation kind) {
    constexpr double r = 0.70710678118654752440;
    switch (kind) {
        case x:
            return {0, 1, 1, 0};
        case y:
            return {0, {0, -1}, {0, 1}, 0};
        case z:
            return {1, 0, 0, -1};
        case h:
            return {r, r, r, -r};
        case s:
            return {1, 0, 0, {0, 1}};
        case sdg:
            return {1, 0, 0, {0, -1}};
        case t:
            return {1, 0, 0, {r, r}};
        case tdg:
            return {1, 0, 0, {r, -r}};
        case sx:
            return {{.5, .5}, {.5, -.5}, {.5, -.5}, {.5, .5}};
        case sxdg:
            return {{.5, -.5}, {.5, .5}, {.5, .5}, {.5, -.5}};
        default:
            return {};
    }
}

/// u3(theta, phi, lambda) or, where `turn` is 1..3, its derivative in that angle.
inline matrix2 u3_matrix(const std::array<double, 3>& angle, unsigned turn) {
    const double c = turn == 1 ? -std::sin(angle[0] / 2) / 2 : std::cos(angle[0] / 2);
    const double s = turn == 1 ? std::cos(angle[0] / 2) / 2 : std::sin(angle[0] / 2);
    const complex_constant i(0, 1);
    matrix2 m{c, complex_constant(-s) * unit_phase(angle[2]), complex_constant(s) * unit_phase(angle[1]),
              complex_constant(c) * unit_phase(angle[1] + angle[2])};
    if (turn == 2) m = {0, 0, i * m.entry[2], i * m.entry[3]};
    if (turn == 3) m = {0, i * m.entry[1], 0, i * m.entry[3]};
    return m;
}

/// Rot(phi, theta, omega) = RZ(omega) RY(theta) RZ(phi), or its derivative in angle `turn` of 1..3.
inline matrix2 rot_matrix(const std::array<double, 3>& angle, unsigned turn) {
    return rotation_matrix(rz, angle[2], turn == 3) * rotation_matrix(ry, angle[1], turn == 2) *
           rotation_matrix(rz, angle[0], turn == 1);
}
}  // namespace detail

/// Calls emit(primitive) for the factors of a gate, in the order in which they act, exact in the global phase.
///
/// `matrix` is the user's for unitary1 and unitary2. RXX, RYY, RBS, ISWAP: the CNOT a -> b maps the two wires' parity
/// to b, where the gate is a rotation of a that b controls; the wide engine pays nothing for CNOTs.
inline void lower_gate(const gate& g, const std::array<double, 3>& angles, const unitary_matrix* matrix, auto&& emit) {
    const std::uint32_t a = g.wires[0];
    const std::uint32_t b = g.wires[1];
    const auto bit = [](std::uint32_t wire) { return std::uint64_t{1} << wire; };
    const auto constant = [&](std::uint64_t controls, std::uint32_t target, const matrix2& m) {
        emit(wide_primitive{controls, controls, target, m, 0, {}, 0, 0, 0});
    };
    const auto flip = [&](std::uint64_t controls, std::uint32_t target) {
        constant(controls, target, detail::constant_matrix(x));
    };
    // `sense` is the derivative of the angle that the primitive gets in the gate's own.
    const auto turn = [&](std::uint64_t controls, std::uint64_t values, std::uint32_t target, operation kind,
                          double angle, double sense = 1) {
        wide_primitive p{controls, values, target, detail::rotation_matrix(kind, angle, false), 1, {}, 0, 0, 0};
        p.derivative[0] = detail::rotation_matrix(kind, angle, true);
        for (complex_constant& e : p.derivative[0].entry) e = complex_constant(sense) * e;
        emit(p);
    };
    const auto three_angles = [&](auto&& matrix_of) {
        emit(wide_primitive{
            0, 0, a, matrix_of(angles, 0), 3, {matrix_of(angles, 1), matrix_of(angles, 2), matrix_of(angles, 3)}});
    };
    switch (g.kind) {
        case id:
            break;
        case x:
        case y:
        case z:
        case h:
        case s:
        case sdg:
        case t:
        case tdg:
        case sx:
        case sxdg:
            constant(0, a, detail::constant_matrix(g.kind));
            break;
        case rx:
        case ry:
        case rz:
        case p:
            turn(0, 0, a, g.kind, angles[0]);
            break;
        case u3:
            three_angles(detail::u3_matrix);
            break;
        case rot:
            three_angles(detail::rot_matrix);
            break;
        case cnot:
            flip(bit(a), b);
            break;
        case cy:
            constant(bit(a), b, detail::constant_matrix(y));
            break;
        case cz:
            constant(bit(a), b, detail::constant_matrix(z));
            break;
        case ch:
            constant(bit(a), b, detail::constant_matrix(h));
            break;
        case crx:
        case cry:
        case crz:
        case cp:
            turn(bit(a), bit(a), b, g.kind == crx ? rx : g.kind == cry ? ry : g.kind == crz ? rz : p, angles[0]);
            break;
        case swap:
            flip(bit(a), b);
            flip(bit(b), a);
            flip(bit(a), b);
            break;
        case iswap:
            flip(bit(a), b);
            constant(bit(b), a, {0, {0, 1}, {0, 1}, 0});
            flip(bit(a), b);
            break;
        case rxx:
            flip(bit(a), b);
            turn(0, 0, a, rx, angles[0]);
            flip(bit(a), b);
            break;
        case ryy:
            flip(bit(a), b);
            turn(bit(b), 0, a, rx, -angles[0], -1);
            turn(bit(b), bit(b), a, rx, angles[0]);
            flip(bit(a), b);
            break;
        case rzz:
            turn(bit(b), 0, a, rz, angles[0]);
            turn(bit(b), bit(b), a, rz, -angles[0], -1);
            break;
        case rbs:
            flip(bit(a), b);
            turn(bit(b), bit(b), a, ry, -2 * angles[0], -2);
            flip(bit(a), b);
            break;
        case ccx:
            flip(bit(a) | bit(b), g.wires[2]);
            break;
        case cswap:
            flip(bit(g.wires[2]), b);
            flip(bit(a) | bit(b), g.wires[2]);
            flip(bit(g.wires[2]), b);
            break;
        case unitary1:
            constant(0, a, {matrix->entry[0][0], matrix->entry[0][1], matrix->entry[1][0], matrix->entry[1][1]});
            break;
        case unitary2:
            lower_unitary(*matrix, a, b, emit);
            break;
    }
}

}  // namespace qvit::inline QVIT_ABI
