// SPDX-License-Identifier: Apache-2.0
// An OpenQASM program with a misspelt gate in line 4, column 1.
// EXPECT: [qvit::qasm] the OpenQASM 2 text has a mistake at this line and column.
// EXPECT: unknown_gate
// EXPECT-GCC: Line = 4;
// EXPECT-GCC: Column = 1;
// EXPECT-CLANG: qasm_is_correct<4UL, 1UL,
// ONE-ERROR
#include <qvit/circuit/qasm.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto program = qasm<R"(OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
cnot q[0], q[1];
)">;
#else
constexpr auto program = qasm<R"(OPENQASM 2.0;
include "qelib1.inc";
qreg q[2];
cx q[0], q[1];
)">;
#endif
static_assert(program.width == 2);
