// SPDX-License-Identifier: Apache-2.0
// A Pauli string of three letters on four wires.
// EXPECT: [qvit::pauli] a Pauli string has one letter for every wire
// EXPECT-GCC: Letters == Width [with
// EXPECT-GCC: Letters = 3
// EXPECT-GCC: Width = 4
// EXPECT-CLANG: (3 == 4)
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure_strings.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, measure_strings(pauli<"ZZI">));
#else
constexpr auto projection = circuit<4>(encode<ry>, measure_strings(pauli<"ZZII">));
#endif
static_assert(projection.outputs == 1);
