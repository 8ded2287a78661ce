// SPDX-License-Identifier: Apache-2.0
// A CNOT whose control is its target.
// EXPECT: [qvit::circuit] a gate names one wire twice, or an edge joins a wire to itself.
// EXPECT-GCC: SelfEdges = 1
// EXPECT-CLANG: (1 == 0)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, apply<cnot, 1, 1>, measure<z>);
#else
constexpr auto projection = circuit<4>(encode<ry>, apply<cnot, 1, 2>, measure<z>);
#endif
static_assert(projection.width == 4);
