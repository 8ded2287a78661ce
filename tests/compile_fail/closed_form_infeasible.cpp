// SPDX-License-Identifier: Apache-2.0
// Asks for the closed form of a circuit that has none of reasonable size.
// EXPECT: [qvit::evaluator] the circuit has no closed form, or one of too many terms; use engine::lane_statevector.
// EXPECT-GCC: TermsOfAnOutput <= Limit [with Limit = 64; TermsOfAnOutput = 65]
// EXPECT-CLANG: (65 <= 64)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>

using namespace qvit;

constexpr auto projection = circuit<5>(encode<ry>, repeat<3>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
#ifdef QVIT_MISTAKE
constexpr engine chosen = engine::closed_form;
#else
constexpr engine chosen = best_engine<projection>();
#endif
void evaluate(const float* weights, const float* inputs, float* outputs, float* saved) {
    evaluator<projection, float, chosen> run(weights);
    run.forward(inputs, outputs, saved);
}
