// SPDX-License-Identifier: Apache-2.0
// Z_1 X_1 is no Pauli string.
// EXPECT: [qvit::pauli_on] a product of Paulis names a wire twice.
// EXPECT-GCC: RepeatedWires = 1
// EXPECT-CLANG: (1 == 0)
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure_strings.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, measure_sum(pauli_on<z, 1>* pauli_on<x, 1>));
#else
constexpr auto projection = circuit<4>(encode<ry>, measure_sum(pauli_on<z, 1>* pauli_on<x, 0>));
#endif
static_assert(projection.outputs == 1);
