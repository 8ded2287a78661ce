// SPDX-License-Identifier: Apache-2.0
// A circuit that ends without measure.
// EXPECT: [qvit::circuit] nothing is measured: end the circuit with measure<z>.
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, rotate<ry>);
#else
constexpr auto projection = circuit<4>(encode<ry>, rotate<ry>, measure<z>);
#endif
static_assert(projection.width == 4);
