// SPDX-License-Identifier: Apache-2.0
// The closed form knows the gradients of 64 wires; finite differences of a statevector do not.
// EXPECT: [qvit::gradcheck] finite differences need a register, and no memory holds one of this many wires
// EXPECT-GCC: Width <= Limit [with
// EXPECT-GCC: Width = 64
// EXPECT-GCC: Limit = 48
// EXPECT-CLANG: (64 <= 48)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/statevector/evaluator_gradient.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto wires = circuit<64>(encode<ry>, measure<z>);
#else
constexpr auto wires = circuit<6>(encode<ry>, measure<z>);
#endif
bool right() { return gradcheck<wires>().ok; }
