// SPDX-License-Identifier: Apache-2.0
// A ring of range 4 joins each of four wires to itself.
// EXPECT: [qvit::circuit] a gate names one wire twice, or an edge joins a wire to itself.
// EXPECT-GCC: SelfEdges = 4
// EXPECT-CLANG: (4 == 0)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, entangle<cnot>(ring_of_range<4>), measure<z>);
#else
constexpr auto projection = circuit<4>(encode<ry>, entangle<cnot>(ring_of_range<3>), measure<z>);
#endif
static_assert(projection.outputs == 4);
