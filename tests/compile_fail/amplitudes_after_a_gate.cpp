// SPDX-License-Identifier: Apache-2.0
// Amplitudes are where a circuit starts.
// EXPECT: encode_amplitudes_has_to_be_the_first_part_and_stand_once
// ONE-ERROR IN 20 LINES
#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(apply<h>, encode_amplitudes, measure<z>);
#else
constexpr auto projection = circuit<4>(encode_amplitudes, apply<h>, measure<z>);
#endif
