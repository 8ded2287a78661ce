// SPDX-License-Identifier: Apache-2.0
// Asks for light cones of a circuit whose outputs depend on all of its 12 wires.
// EXPECT: [qvit::evaluator] too many wires for a statevector on lanes
// EXPECT-GCC: Width <= Limit [with Limit = 10; Width = 11]
// EXPECT-CLANG: (11 <= 10)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/statevector/evaluator.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr auto projection = circuit<12>(encode<ry>, entangle<cnot>(ring), measure<z>);
#else
constexpr auto projection = circuit<12>(encode<ry>, entangle<cnot>(brick), measure<z>);
#endif
void evaluate(const float* weights) { evaluator<projection, float, engine::light_cone> run(weights); }
