// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/qasm_lexer.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A gate that the OpenQASM 2 reader knows: most are one `operation`, a few are written as several.
struct qasm_gate {
    enum class recipe : std::uint8_t { unknown, plain, u2, cu3, cu, csx };

    recipe made_by = recipe::unknown;
    operation kind = operation::id;
    std::uint16_t parameters = 0;
    std::uint16_t qubits = 1;
    std::uint16_t gates = 1;   ///< how many operations it becomes
    bool is_language = false;  ///< U and CX need no include
};

namespace detail {
struct qasm_gate_row {
    std::uint64_t word = 0;
    qasm_gate gate{};
};

/// The gates by their words, in a hash table with open addressing: looking one up takes about two probes.
struct qasm_gate_table {
    static constexpr std::size_t size = 128;
    qasm_gate_row rows[size]{};

    static constexpr std::size_t place_of(std::uint64_t word) {
        return static_cast<std::size_t>(word * 0x9e3779b97f4a7c15 >> 57);
    }
    constexpr void add(std::string_view name, const qasm_gate& gate) {
        std::size_t place = place_of(qasm_word(name));
        while (rows[place].word != 0) place = (place + 1) % size;
        rows[place] = {qasm_word(name), gate};
    }
    constexpr void add(std::string_view name, operation kind, bool is_language = false) {
        add(name, {qasm_gate::recipe::plain, kind, static_cast<std::uint16_t>(angles_of(kind)),
                   static_cast<std::uint16_t>(wires_of(kind)), 1, is_language});
    }
    constexpr qasm_gate_table() {
        for (const operation kind :
             {operation::id,  operation::x,   operation::y,    operation::z,   operation::h,    operation::s,
              operation::sdg, operation::t,   operation::tdg,  operation::sx,  operation::sxdg, operation::rx,
              operation::ry,  operation::rz,  operation::p,    operation::u3,  operation::cnot, operation::cy,
              operation::cz,  operation::ch,  operation::swap, operation::crx, operation::cry,  operation::crz,
              operation::cp,  operation::rxx, operation::ryy,  operation::rzz, operation::ccx,  operation::cswap})
            add(name_of(kind), kind);
        add("U", operation::u3, true);
        add("CX", operation::cnot, true);
        add("u", operation::u3);
        add("u1", operation::p);
        add("cu1", operation::cp);
        add("u0", {qasm_gate::recipe::plain, operation::id, 1, 1, 1, false});  // waits
        add("u2", {qasm_gate::recipe::u2, operation::u3, 2, 1, 1, false});
        add("cu3", {qasm_gate::recipe::cu3, operation::u3, 3, 2, 6, false});
        add("cu", {qasm_gate::recipe::cu, operation::u3, 4, 2, 7, false});
        add("csx", {qasm_gate::recipe::csx, operation::sx, 0, 2, 3, false});
    }
};
inline constexpr qasm_gate_table qasm_gates{};
inline constexpr qasm_gate no_qasm_gate{};
}  // namespace detail

/// The gate of this name in the OpenQASM 2 language or in qelib1.inc as Qiskit ships it, except its rccx, rc3x, c3x,
/// c3sqrtx and c4x. rz is u1 up to a global phase, and so on: phases that no measurement sees are not kept.
constexpr const qasm_gate& qasm_gate_named(std::uint64_t word) {
    std::size_t place = detail::qasm_gate_table::place_of(word);
    for (; detail::qasm_gates.rows[place].word != 0; place = (place + 1) % detail::qasm_gate_table::size)
        if (detail::qasm_gates.rows[place].word == word) return detail::qasm_gates.rows[place].gate;
    return detail::no_qasm_gate;
}

/// Adds the operations of a gate to a sink: `sink.add(gate)` for each. `values` are its parameters, `wires` its qubits.
constexpr void write_qasm_gate(const qasm_gate& kind, const double* values, const std::uint16_t* wires, auto& sink) {
    auto one = [&](operation what, std::uint16_t wire, angle first = 0.0, angle second = 0.0, angle third = 0.0) {
        sink.add(gate{what, {wire}, {first, second, third}, 0});
    };
    auto two = [&](operation what, angle first = 0.0) { sink.add(gate{what, {wires[0], wires[1]}, {first}, 0}); };
    switch (kind.made_by) {
        case qasm_gate::recipe::plain: {
            gate made;
            made.kind = kind.kind;
            for (std::size_t i = 0; i < wires_of(kind.kind); ++i) made.wires[i] = wires[i];
            for (std::size_t i = 0; i < angles_of(kind.kind); ++i) made.angles[i] = values[i];
            sink.add(made);
            break;
        }
        case qasm_gate::recipe::u2:
            one(operation::u3, wires[0], pi / 2, values[0], values[1]);
            break;
        case qasm_gate::recipe::cu:
            one(operation::p, wires[0], values[3]);
            [[fallthrough]];
        case qasm_gate::recipe::cu3: {  // control by conjugation: A X B X C with A B C = 1 (Barenco et al. 1995, 5.1)
            const double theta = values[0];
            const double phi = values[1];
            const double lambda = values[2];
            one(operation::p, wires[0], (lambda + phi) / 2);
            one(operation::p, wires[1], (lambda - phi) / 2);
            two(operation::cnot);
            one(operation::u3, wires[1], -theta / 2, 0.0, -(phi + lambda) / 2);
            two(operation::cnot);
            one(operation::u3, wires[1], theta / 2, phi, 0.0);
            break;
        }
        case qasm_gate::recipe::csx:  // SX = H P(pi / 2) H
            one(operation::h, wires[1]);
            two(operation::cp, pi / 2);
            one(operation::h, wires[1]);
            break;
        case qasm_gate::recipe::unknown:
            break;
    }
}

}  // namespace qvit::inline QVIT_ABI
