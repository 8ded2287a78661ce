// SPDX-License-Identifier: Apache-2.0
// Measures a wire that is not there.
// EXPECT: outside the register
// EXPECT-GCC: Wire < Width [with
// EXPECT-GCC: Wire = 7
// EXPECT-GCC: Width = 4
// EXPECT-CLANG: (7 < 4)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, measure<z, 0, 7>);
#else
constexpr auto projection = circuit<4>(encode<ry>, measure<z, 0, 3>);
#endif
static_assert(projection.outputs == 2);
