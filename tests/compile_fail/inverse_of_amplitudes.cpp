// SPDX-License-Identifier: Apache-2.0
// An amplitude encoding is no gate.
// EXPECT: [qvit::inverse] only gates have an inverse
// EXPECT-GCC: AmplitudesInside = true
// EXPECT-CLANG: only_gates_inside
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/inverse.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(inverse(encode_amplitudes, apply<h>), measure<z>);
#else
constexpr auto projection = circuit<4>(encode_amplitudes, inverse(apply<h>), measure<z>);
#endif
static_assert(projection.outputs == 4);
