// SPDX-License-Identifier: Apache-2.0
// A CNOT whose target is outside; wires count from 0, so wire 4 is the fifth.
// EXPECT: outside the register
// EXPECT-GCC: Wire < Width [with
// EXPECT-GCC: Wire = 4
// EXPECT-GCC: Width = 4
// EXPECT-CLANG: (4 < 4)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(repeat<2>(rotate<ry>, apply<cnot, 0, 4>), measure<z>);
#else
constexpr auto projection = circuit<4>(repeat<2>(rotate<ry>, apply<cnot, 0, 3>), measure<z>);
#endif
static_assert(projection.width == 4);
