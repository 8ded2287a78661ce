// SPDX-License-Identifier: Apache-2.0
// 2^21 inputs.
// EXPECT: [qvit::encode_amplitudes] too many wires
// EXPECT-GCC: Width <= Limit [with
// EXPECT-GCC: Width = 21
// EXPECT-GCC: Limit = 20
// EXPECT-CLANG: (21 <= 20)
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<21>(encode_amplitudes, measure<z>);
#else
constexpr auto projection = circuit<20>(encode_amplitudes, measure<z>);
#endif
static_assert(projection.outputs > 0);
