// SPDX-License-Identifier: Apache-2.0
// The probabilities of a wire and itself.
// EXPECT: [qvit::measure_probabilities] a wire is listed twice.
// EXPECT-GCC: RepeatedWires = 1
// EXPECT-CLANG: (1 == 0)
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure_probabilities.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(encode<ry>, measure_probabilities<1, 2, 1>);
#else
constexpr auto projection = circuit<4>(encode<ry>, measure_probabilities<1, 2, 0>);
#endif
static_assert(projection.outputs == 8);
