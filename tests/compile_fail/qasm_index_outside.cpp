// SPDX-License-Identifier: Apache-2.0
// An OpenQASM program whose second gate names qubit 3 of a register of three.
// EXPECT: [qvit::qasm] the OpenQASM 2 text has a mistake at this line and column.
// EXPECT: index_outside_register
// EXPECT-GCC: Line = 1;
// EXPECT-GCC: Column = 76;
// EXPECT-CLANG: qasm_is_correct<1UL, 76UL,
// ONE-ERROR
#include <qvit/circuit/qasm.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto program = qasm<"OPENQASM 2.0; include \"qelib1.inc\"; qreg wires[3]; h wires; rx(pi/4) wires[3];">;
#else
constexpr auto program = qasm<"OPENQASM 2.0; include \"qelib1.inc\"; qreg wires[3]; h wires; rx(pi/4) wires[2];">;
#endif
static_assert(program.width == 3);
