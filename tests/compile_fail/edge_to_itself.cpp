// SPDX-License-Identifier: Apache-2.0
// An edge from a wire to itself: no two-wire gate can stand there.
// EXPECT: [qvit::circuit] a gate names one wire twice, or an edge joins a wire to itself.
// EXPECT-GCC: SelfEdges = 1
// EXPECT-CLANG: (1 == 0)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, entangle<cnot>(edges<edge{0, 1}, edge{2, 2}>), measure<z>);
#else
constexpr auto projection = circuit<4>(encode<ry>, entangle<cnot>(edges<edge{0, 1}, edge{2, 3}>), measure<z>);
#endif
static_assert(projection.width == 4);
