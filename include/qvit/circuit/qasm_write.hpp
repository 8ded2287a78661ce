// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>

#include <qvit/circuit/qasm_printer.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit as an OpenQASM 3.0 program over stdgates.inc; takes a circuit_table of at most 64 wires, too.
///
/// Inputs are declared as `input float[64] x0;`, x1, ..., weights as w0, w1, ...; angles are expressions in them. Gates
/// that stdgates.inc lacks (sxdg, rot, rxx, ryy, rzz, iswap, rbs, unitary_0, ...) are defined at the top where they are
/// used, equal up to a global phase. Numbers read back as the same double. Outputs, which OpenQASM has no words for,
/// are comments. Cost: one pass over the gates.
/// Fails, with `error` in the result: amplitude inputs.
///
///     std::puts(to_qasm3(projection).text.c_str());
inline qasm_text to_qasm3(const runtime_circuit& circuit) {
    return qasm_printer(circuit, qasm_printer::version::three, false, {}, {}).print();
}

/// The same with numbers for the `circuit.inputs` inputs and `circuit.parameters` weights, radians. Also fails where
/// their counts are wrong or an angle is not finite.
inline qasm_text to_qasm3(const runtime_circuit& circuit, std::span<const double> inputs,
                          std::span<const double> weights) {
    return qasm_printer(circuit, qasm_printer::version::three, true, inputs, weights).print();
}

/// A circuit with numbers for its inputs and weights as an OpenQASM 2.0 program over qelib1.inc as Qiskit ships it.
///
/// As `to_qasm3`; defined where they are used: ryy, rot, iswap, rbs and unitaries. Read back by `parse_qasm`, a circuit
/// without those has the same gates, angles bit by bit; one with them has their definitions' gates, the same unitary up
/// to a global phase.
///
///     const qasm_text program = to_qasm2(projection, inputs, weights);
///     if (!program) std::puts(program.error.c_str());
inline qasm_text to_qasm2(const runtime_circuit& circuit, std::span<const double> inputs,
                          std::span<const double> weights) {
    return qasm_printer(circuit, qasm_printer::version::two, true, inputs, weights).print();
}

/// OpenQASM 2 has no parameters: without values this fails for every circuit that has inputs or weights.
inline qasm_text to_qasm2(const runtime_circuit& circuit) {
    return qasm_printer(circuit, qasm_printer::version::two, false, {}, {}).print();
}

}  // namespace qvit::inline QVIT_ABI
