// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/circuit/qasm_mistake.hpp>
#include <qvit/circuit/qasm_reader.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What `parse_qasm` returns: a circuit, or what is wrong and where. True if it is a circuit.
struct parsed_qasm {
    runtime_circuit circuit;
    qasm_mistake mistake = qasm_mistake::none;
    std::size_t line = 1;  ///< of the mistake; both count from 1, the column in bytes
    std::size_t column = 1;

    explicit operator bool() const { return mistake == qasm_mistake::none; }
    /// e.g. "line 3, column 9: no register or qubit of this name"
    std::string message() const {
        return "line " + std::to_string(line) + ", column " + std::to_string(column) + ": " +
               std::string(qvit::message(mistake));
    }
};

namespace detail {
struct qasm_growing_lists {
    template <class T, std::size_t Characters>
    using list = std::vector<T>;
};
struct qasm_gate_vector {
    std::vector<gate>& gates;
    void add(const gate& made) { gates.push_back(made); }
};
}  // namespace detail

/// Reads an OpenQASM 2.0 program; `qasm` is the same for a text that is known to the compiler.
///
/// Goes in: any bytes. Comes out: a circuit of at most 64 wires without inputs or weights, whose outputs are <Z> of
/// every qubit, qregs in the order of their declaration; or the first mistake. Global phases are not kept.
/// Read: qreg, creg, gate definitions (inlined), all of qelib1.inc but rccx, rc3x, c3x, c3sqrtx and c4x, U and CX,
/// whole registers as operands, and expressions. Ignored: barrier, and measure at the end of a qubit's life.
/// Refused: reset, if, opaque, other includes, gates after a measurement, and definitions that expand to more than
/// 2^18 gates. Cost: time and memory in proportion to the text and to the gates it expands to.
///
///     const parsed_qasm file = parse_qasm(text);
///     if (!file) std::puts(file.message().c_str());
inline parsed_qasm parse_qasm(std::string_view text) {
    parsed_qasm result;
    detail::qasm_gate_vector sink{result.circuit.gates};
    const qasm_outcome outcome = qasm_reader<detail::qasm_growing_lists, detail::qasm_gate_vector>(text, sink).read();
    if (outcome.mistake == qasm_mistake::none) {
        result.circuit.width = outcome.width;
        result.circuit.measure_all_z();
    } else {
        const text_position place = position_in(text, outcome.offset);
        result.circuit = {};
        result.mistake = outcome.mistake;
        result.line = place.line;
        result.column = place.column;
    }
    return result;
}

}  // namespace qvit::inline QVIT_ABI
