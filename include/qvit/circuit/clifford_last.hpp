// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/inverted.hpp>
#include <qvit/circuit/lower_gate.hpp>
#include <qvit/circuit/pauli_frame.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/table.hpp>

namespace qvit::inline QVIT_ABI {

/// Whether a kind of gate maps Pauli strings to Pauli strings.
constexpr bool is_clifford(operation kind) {
    return kind <= sxdg ? kind != t && kind != tdg && kind != id : kind >= cnot && kind <= iswap && kind != ch;
}

namespace detail {
/// What lower_gate writes of a Clifford gate on the wires 0, 1: Clifford gates only.
struct frame_writer {
    pauli_frame<2> clifford{2};
    constexpr pauli_frame<2>& frame() { return clifford; }
    constexpr pauli_string<2> identity() const { return {}; }
    constexpr pauli_string<2> pauli(auto...) const { return {}; }
    constexpr void rotate(const pauli_string<2>&, const angle&) {}
    constexpr void rotate_wire(operation, std::size_t, const angle&) {}
};
/// The Pauli string on the first and second wire of a gate: X, Z of the first are bits 0, 1; of the second 2, 3.
constexpr pauli_string<2> string_of_code(std::size_t code) {
    pauli_string<2> p;
    for (std::size_t wire = 0; wire < 2; ++wire) {
        p.x.assign(wire, ((code >> (2 * wire)) & 1) != 0);
        p.z.assign(wire, ((code >> (2 * wire + 1)) & 1) != 0);
    }
    return p;
}
constexpr std::size_t code_of_string(const auto& p, std::size_t first, std::size_t second, bool two) {
    std::size_t code = (p.x.contains(first) ? 1u : 0u) | (p.z.contains(first) ? 2u : 0u);
    if (two) code |= (p.x.contains(second) ? 4u : 0u) | (p.z.contains(second) ? 8u : 0u);
    return code;
}
struct clifford_image {
    std::uint8_t code = 0;
    bool negative = false;
};
/// E^dagger P E of every Clifford kind E and every P on its wires. A template: evaluated only where the pass is used.
template <class = void>
inline constexpr auto clifford_images = [] {
    std::array<std::array<clifford_image, 16>, operation_count> table{};
    const std::array<unitary_matrix, 1> none{};
    for (std::size_t kind = 0; kind < operation_count; ++kind) {
        const auto e = static_cast<operation>(kind);
        if (!is_clifford(e)) continue;
        frame_writer writer;
        lower_gate(writer, gate{e, {0, 1}, {}, 0}, none);
        for (std::size_t code = 0; code < (wires_of(e) == 1 ? 4 : 16); ++code) {
            const pauli_string<2> image = writer.clifford.image(string_of_code(code));
            table[kind][code] = {static_cast<std::uint8_t>(code_of_string(image, 0, 1, true)), image.negative};
        }
    }
    return table;
}();

/// P <- E^dagger P E.
template <class String>
constexpr void pull_through(const gate& e, String& p) {
    const bool two = wires_of(e.kind) == 2;
    const clifford_image image = clifford_images<>[static_cast<std::size_t>(e.kind)]
                                                  [code_of_string(p, e.wires[0], e.wires[1], two)];
    for (std::size_t i = 0; i < wires_of(e.kind); ++i) {
        p.x.assign(e.wires[i], ((image.code >> (2 * i)) & 1) != 0);
        p.z.assign(e.wires[i], ((image.code >> (2 * i + 1)) & 1) != 0);
    }
    p.negative = p.negative != image.negative;
}

/// The string that a gate rotates about: RX, RY, RZ, RXX, RYY, RZZ; the identity for any other.
template <class String>
constexpr String axis_of_rotation(const gate& g) {
    constexpr operation axes[] = {x, y, z};
    String p;
    if (g.kind >= rx && g.kind <= rz) {
        p.set(g.wires[0], axes[static_cast<std::size_t>(g.kind) - static_cast<std::size_t>(rx)]);
    } else if (g.kind >= rxx && g.kind <= rzz) {
        for (std::size_t i = 0; i < 2; ++i)
            p.set(g.wires[i], axes[static_cast<std::size_t>(g.kind) - static_cast<std::size_t>(rxx)]);
    }
    return p;
}
/// The gate that rotates about p by the angle of g, or one of kind `id` where there is none.
template <class String>
constexpr gate rotation_about(const String& p, const gate& g, std::size_t width) {
    gate result{};
    std::size_t wires = 0;
    operation axis = id;
    for (std::size_t wire = 0; wire < width; ++wire) {
        if (!p.acts_on(wire)) continue;
        if (wires == 2 || (wires == 1 && p.at(wire) != axis)) return {};
        axis = p.at(wire);
        result.wires[wires++] = static_cast<std::uint16_t>(wire);
    }
    const operation kinds[2][3] = {{rx, ry, rz}, {rxx, ryy, rzz}};
    result.kind = kinds[wires - 1][static_cast<std::size_t>(axis) - static_cast<std::size_t>(x)];
    result.angles[0] = p.negative ? negated(g.angles[0]) : g.angles[0];
    return result;
}

/// Appends a gate; a rotation goes in front of the Clifford gates that it can pass.
template <class String, class Gates>
constexpr void append_clifford_last(const gate& g, std::size_t width, Gates& gates) {
    String p = axis_of_rotation<String>(g);
    std::size_t place = gates.size();
    gate moved = g;
    for (std::size_t i = gates.size(); !p.is_identity() && i-- > 0;) {
        const gate& e = gates[i];
        bool apart = true;
        for (std::size_t k = 0; k < wires_of(e.kind); ++k) apart = apart && !p.acts_on(e.wires[k]);
        if (apart) continue;
        if (is_clifford(e.kind)) {
            pull_through(e, p);
            if (const gate there = rotation_about(p, g, width); there.kind != id) {
                place = i;
                moved = there;
            }
        } else {
            const String other = axis_of_rotation<String>(e);
            if (other.is_identity() || other.anticommutes(p)) break;
        }
    }
    gates.push_back(moved);
    for (std::size_t i = gates.size() - 1; i > place; --i) gates[i] = gates[i - 1];
    gates[place] = moved;
}
}  // namespace detail

/// The same circuit with its Clifford gates as late as they can be: rotations go in front of them as rotations about
/// what the Clifford gates make of their axes, wherever that is RX, RY, RZ, RXX, RYY or RZZ again.
///
/// CNOT(0, 1) RZ(t)(1) becomes RZZ(t)(0, 1) CNOT(0, 1); H RX(t) becomes RZ(t) H; a minus sign goes to the angle. Other
/// gates stay where they are, and rotations do not pass those. The unitary is the same for all inputs and weights, with
/// its phase; inputs, weights, start and measurements keep their numbers. `simplified` then finds more to merge. (The
/// engines' own normal form, `program`, moves all Clifford gates to the very end, by rotations about any strings.)
/// Cost: none at run time, O(gates^2) while compiling.
///
///     constexpr auto pushed = clifford_last<projection>();   constexpr auto small = simplified<pushed>();
template <const auto& Circuit>
requires is_circuit<Circuit>
constexpr auto clifford_last() {
    struct written {
        decltype(Circuit.gates) gates{};
        std::size_t count = 0;
        constexpr std::size_t size() const { return count; }
        constexpr void push_back(const gate& g) { gates[count++] = g; }
        constexpr gate& operator[](std::size_t i) { return gates[i]; }
    };
    written list{};
    for (const gate& g : Circuit.gates)
        detail::append_clifford_last<pauli_string<Circuit.width>>(g, Circuit.width, list);
    auto result = Circuit;
    result.gates = list.gates;
    return result;
}

/// The same for a circuit known at run time.
inline runtime_circuit clifford_last(const runtime_circuit& circuit) {
    runtime_circuit result = circuit;
    result.gates.clear();
    for (const gate& g : circuit.gates)
        detail::append_clifford_last<pauli_string<runtime_circuit::max_width>>(g, circuit.width, result.gates);
    return result;
}

}  // namespace qvit::inline QVIT_ABI
