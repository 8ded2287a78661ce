// SPDX-License-Identifier: Apache-2.0
// 12 wires that are entangled are too many for a statevector on lanes.
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

constexpr auto projection = circuit<12>(encode<ry>, repeat<1>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
#ifdef QVIT_MISTAKE
void evaluate(const float* weights) { evaluator<projection, float, engine::lane_statevector> run(weights); }
#else
void evaluate(const float* weights) { evaluator<projection, float> run(weights); }
#endif
