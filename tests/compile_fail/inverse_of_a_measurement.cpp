// SPDX-License-Identifier: Apache-2.0
// What was measured cannot be undone.
// EXPECT: [qvit::inverse] only gates have an inverse
// EXPECT-GCC: OutputsInside = 4
// EXPECT-CLANG: only_gates_inside
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/inverse.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, inverse(apply<h>, measure<z>), measure<z>);
#else
constexpr auto projection = circuit<4>(encode<ry>, inverse(apply<h>), measure<z>);
#endif
static_assert(projection.outputs == 4);
