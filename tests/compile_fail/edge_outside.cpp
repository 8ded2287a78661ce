// SPDX-License-Identifier: Apache-2.0
// An edge list made for five wires, on four.
// EXPECT: outside the register
// EXPECT-GCC: Wire < Width [with
// EXPECT-GCC: Wire = 4
// EXPECT-GCC: Width = 4
// EXPECT-CLANG: (4 < 4)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, entangle<cnot>(edges<edge{0, 1}, edge{4, 2}>), measure<z>);
#else
constexpr auto projection = circuit<4>(encode<ry>, entangle<cnot>(edges<edge{0, 1}, edge{3, 2}>), measure<z>);
#endif
static_assert(projection.width == 4);
