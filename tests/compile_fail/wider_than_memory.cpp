// SPDX-License-Identifier: Apache-2.0
// 2^49 amplitudes.
// EXPECT: [qvit::evaluator] more wires than any memory holds
// EXPECT-GCC: Width <= Limit [with
// EXPECT-GCC: Width = 49
// EXPECT-GCC: Limit = 48
// EXPECT-CLANG: (49 <= 48)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/statevector/evaluator.hpp>

using namespace qvit;

constexpr auto wires = circuit<49>(encode<ry>, measure<z>);
#ifdef QVIT_MISTAKE
void evaluate(const float* weights) { evaluator<wires, float, engine::wide_statevector> run(weights); }
#else
void evaluate(const float* weights) { evaluator<wires, float> run(weights); }
#endif
