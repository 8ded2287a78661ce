// SPDX-License-Identifier: Apache-2.0
// A butterfly on six wires does not split into halves.
// EXPECT: [qvit::butterfly] the register's width has to be a power of two
// EXPECT-GCC: Width = 6
// EXPECT-CLANG: 6
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/butterfly.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<6>(encode<ry>, entangle<rbs>(butterfly), measure<z>);
#else
constexpr auto projection = circuit<8>(encode<ry>, entangle<rbs>(butterfly), measure<z>);
#endif
static_assert(projection.outputs > 0);
