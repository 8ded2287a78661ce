// SPDX-License-Identifier: Apache-2.0
// A deep circuit of 12 wires: its closed form has too many terms, and 12 wires are too many for a statevector on lanes.
// EXPECT: [qvit::evaluator] too many wires for a statevector on lanes
// EXPECT-GCC: Width <= Limit [with
// EXPECT-GCC: Width = 12
// EXPECT-GCC: Limit = 10
// EXPECT-CLANG: (12 <= 10)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<12>(encode<ry>, repeat<3>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
#else
constexpr auto projection = circuit<12>(encode<ry>, repeat<1>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
#endif
void evaluate(const float* weights) { evaluator<projection, float> run(weights); }
