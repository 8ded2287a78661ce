// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/kak.hpp>
#include <qvit/circuit/zyz.hpp>

namespace qvit::inline QVIT_ABI {

/// Most rotations a gate becomes.
constexpr std::size_t most_rotations_of(operation kind) {
    switch (kind) {
        case t:
        case tdg:
        case rx:
        case ry:
        case rz:
        case p:
        case rxx:
        case ryy:
        case rzz:
            return 1;
        case ch:
        case crx:
        case cry:
        case crz:
        case rbs:
            return 2;
        case u3:
        case rot:
        case cp:
        case unitary1:
            return 3;
        case ccx:
        case cswap:
            return 7;
        case unitary2:
            return 15;
        default:
            return 0;
    }
}

namespace detail {
constexpr void euler(auto& writer, const zyz_angles& u, std::size_t wire) {
    writer.rotate_wire(z, wire, u.lambda);
    writer.rotate_wire(y, wire, u.theta);
    writer.rotate_wire(z, wire, u.phi);
}
constexpr void controlled_rotation(auto& writer, operation axis, std::size_t a, std::size_t b, const angle& turn) {
    writer.rotate(writer.pauli(axis, b), turn / 2);
    writer.rotate(writer.pauli(z, a, axis, b), -turn / 2);
}
constexpr void toffoli(auto& writer, std::size_t a, std::size_t b, std::size_t c) {
    // CCZ = exp(i pi/8 (1 - Z_a)(1 - Z_b)(1 - Z_c))
    writer.frame().append_h(c);
    for (unsigned subset = 1; subset < 8; ++subset) {
        auto axis = writer.identity();
        const std::size_t wires[3] = {a, b, c};
        unsigned size = 0;
        for (unsigned i = 0; i < 3; ++i)
            if ((subset >> i) & 1) {
                axis.multiply(writer.pauli(z, wires[i]), 0);
                ++size;
            }
        writer.rotate(axis, size % 2 == 1 ? pi / 4 : -pi / 4);
    }
    writer.frame().append_h(c);
}
}  // namespace detail

/// Writes a gate into a program_writer as Clifford gates and rotations about Pauli strings, exact up to a global phase:
/// e.g. CRX(t)(a, b) = exp(-i t/4 X_b) exp(+i t/4 Z_a X_b).
constexpr void lower_gate(auto& writer, const gate& g, const auto& matrices) {
    const std::size_t a = g.wires.elements[0];
    const std::size_t b = g.wires.elements[1];
    const angle& angle0 = g.angles.elements[0];
    switch (g.kind) {
        case id:
            break;
        case x:
        case y:
        case z:
            writer.frame().append_quarter_turns(g.kind, a, 2);
            break;
        case h:
            writer.frame().append_h(a);
            break;
        case s:
            writer.frame().append_quarter_turns(z, a, 1);
            break;
        case sdg:
            writer.frame().append_quarter_turns(z, a, 3);
            break;
        case sx:
            writer.frame().append_quarter_turns(x, a, 1);
            break;
        case sxdg:
            writer.frame().append_quarter_turns(x, a, 3);
            break;
        case t:
            writer.rotate(writer.pauli(z, a), pi / 4);
            break;
        case tdg:
            writer.rotate(writer.pauli(z, a), -pi / 4);
            break;
        case rx:
            writer.rotate_wire(x, a, angle0);
            break;
        case ry:
            writer.rotate_wire(y, a, angle0);
            break;
        case rz:
        case p:
            writer.rotate_wire(z, a, angle0);
            break;
        case u3:  // RZ(phi) RY(theta) RZ(lambda)
            writer.rotate_wire(z, a, g.angles.elements[2]);
            writer.rotate_wire(y, a, g.angles.elements[0]);
            writer.rotate_wire(z, a, g.angles.elements[1]);
            break;
        case rot:  // RZ(omega) RY(theta) RZ(phi)
            writer.rotate_wire(z, a, g.angles.elements[0]);
            writer.rotate_wire(y, a, g.angles.elements[1]);
            writer.rotate_wire(z, a, g.angles.elements[2]);
            break;
        case cnot:
            writer.frame().append_cnot(a, b);
            break;
        case cy:  // S_b CNOT S_b^dagger
            writer.frame().append_quarter_turns(z, b, 3);
            writer.frame().append_cnot(a, b);
            writer.frame().append_quarter_turns(z, b, 1);
            break;
        case cz:
            writer.frame().append_cz(a, b);
            break;
        case ch:  // H = RY(pi/4) Z RY(-pi/4)
            writer.rotate(writer.pauli(y, b), -pi / 4);
            writer.frame().append_cz(a, b);
            writer.rotate(writer.pauli(y, b), pi / 4);
            break;
        case swap:
            writer.frame().append_swap(a, b);
            break;
        case iswap:
            writer.frame().append_quarter_turns(z, a, 1);
            writer.frame().append_quarter_turns(z, b, 1);
            writer.frame().append_cz(a, b);
            writer.frame().append_swap(a, b);
            break;
        case crx:
            detail::controlled_rotation(writer, x, a, b, angle0);
            break;
        case cry:
            detail::controlled_rotation(writer, y, a, b, angle0);
            break;
        case crz:
            detail::controlled_rotation(writer, z, a, b, angle0);
            break;
        case cp:  // exp(i t (1 - Z_a)(1 - Z_b) / 4)
            writer.rotate(writer.pauli(z, a), angle0 / 2);
            writer.rotate(writer.pauli(z, b), angle0 / 2);
            writer.rotate(writer.pauli(z, a, z, b), -angle0 / 2);
            break;
        case rxx:
            writer.rotate(writer.pauli(x, a, x, b), angle0);
            break;
        case ryy:
            writer.rotate(writer.pauli(y, a, y, b), angle0);
            break;
        case rzz:
            writer.rotate(writer.pauli(z, a, z, b), angle0);
            break;
        case rbs:  // exp(-i t (X_a Y_b - Y_a X_b) / 2)
            writer.rotate(writer.pauli(x, a, y, b), angle0);
            writer.rotate(writer.pauli(y, a, x, b), -angle0);
            break;
        case ccx:
            detail::toffoli(writer, a, b, g.wires.elements[2]);
            break;
        case cswap:
            writer.frame().append_cnot(g.wires.elements[2], b);
            detail::toffoli(writer, a, b, g.wires.elements[2]);
            writer.frame().append_cnot(g.wires.elements[2], b);
            break;
        case unitary1:
            detail::euler(writer, zyz_of(matrices[g.matrix]), a);
            break;
        case unitary2: {
            const kak_decomposition k = kak_of(matrices[g.matrix]);
            detail::euler(writer, k.before[0], a);
            detail::euler(writer, k.before[1], b);
            writer.rotate(writer.pauli(x, a, x, b), k.xx);
            writer.rotate(writer.pauli(y, a, y, b), k.yy);
            writer.rotate(writer.pauli(z, a, z, b), k.zz);
            detail::euler(writer, k.after[0], a);
            detail::euler(writer, k.after[1], b);
            break;
        }
    }
}

}  // namespace qvit::inline QVIT_ABI
