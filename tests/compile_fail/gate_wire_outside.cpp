// SPDX-License-Identifier: Apache-2.0
// A gate on wire 5 of a register of four.
// EXPECT: outside the register
// EXPECT-GCC: Wire < Width [with
// EXPECT-GCC: Wire = 5
// EXPECT-GCC: Width = 4
// EXPECT-CLANG: (5 < 4)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, rotate<ry, 0, 5>, measure<z>);
#else
constexpr auto projection = circuit<4>(encode<ry>, rotate<ry, 0, 3>, measure<z>);
#endif
static_assert(projection.width == 4);
