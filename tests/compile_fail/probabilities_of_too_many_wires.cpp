// SPDX-License-Identifier: Apache-2.0
// The probabilities of all 11 wires.
// EXPECT: [qvit::measure_probabilities] too many wires
// EXPECT-GCC: WiresMeasured <= Limit [with
// EXPECT-GCC: WiresMeasured = 11
// EXPECT-GCC: Limit = 10
// EXPECT-CLANG: (11 <= 10)
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure_probabilities.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<11>(encode<ry>, measure_probabilities<>);
#else
constexpr auto projection = circuit<11>(encode<ry>, measure_probabilities<0, 1>);
#endif
static_assert(projection.width == 11);
