// SPDX-License-Identifier: Apache-2.0
// An observable on a wire that is not there.
// EXPECT: outside the register
// EXPECT-GCC: Wire < Width [with
// EXPECT-GCC: Wire = 4
// EXPECT-GCC: Width = 4
// EXPECT-CLANG: (4 < 4)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure_strings.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, measure_sum(pauli_on<z, 0, 4>));
#else
constexpr auto projection = circuit<4>(encode<ry>, measure_sum(pauli_on<z, 0, 3>));
#endif
static_assert(projection.outputs == 1);
