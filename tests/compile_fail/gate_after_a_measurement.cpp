// SPDX-License-Identifier: Apache-2.0
// All outputs are read from the final state: a gate after a measurement would change what was measured before it.
// EXPECT: gates_have_to_stand_before_what_is_measured
// ONE-ERROR IN 20 LINES
// CLANG-LINES: 24
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<4>(apply<h>, measure<z>, apply<h>);
#else
constexpr auto projection = circuit<4>(apply<h>, apply<h>, measure<z>);
#endif
