// SPDX-License-Identifier: Apache-2.0
// A letter that is no Pauli.
// EXPECT: [qvit::pauli] a Pauli string is written with the letters I, X, Y and Z.
// EXPECT-GCC: OtherCharacters = 1
// EXPECT-CLANG: (1 == 0)
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure_strings.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, measure_strings(pauli<"ZAII">));
#else
constexpr auto projection = circuit<4>(encode<ry>, measure_strings(pauli<"ZYII">));
#endif
static_assert(projection.outputs == 1);
