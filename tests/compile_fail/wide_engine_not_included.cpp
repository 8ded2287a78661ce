// SPDX-License-Identifier: Apache-2.0
// A deep circuit of 12 wires: its closed form has too many terms, and 12 wires are too many for a statevector on lanes.
// EXPECT: [qvit::evaluator] only one register at a time runs this circuit: include <qvit/statevector/wide_statevector_engine.hpp>
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>
#ifndef QVIT_MISTAKE
#include <qvit/statevector/wide_statevector_engine.hpp>
#endif

using namespace qvit;

constexpr auto projection = circuit<12>(encode<ry>, repeat<3>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
void evaluate(const float* weights) { evaluator<projection, float> run(weights); }
