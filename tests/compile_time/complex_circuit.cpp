// SPDX-License-Identifier: Apache-2.0
// 120 gates with complex amplitudes on 8 wires, on the engine that the compiler picks: what the choice and complex kernels
// cost the compiler. See CMakeLists.txt.
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>

namespace {
using namespace qvit;
using S = lanes<float>;

constexpr auto mixed = circuit<8>(
    encode<ry>, repeat<4>(rotate<rx>, entangle<crz>(ring), rotate<rz>, entangle<cnot>(chain)), measure<z, 0, 3, 7>);
static_assert(mixed.gate_count == 132);
using run_type = evaluator<mixed, S>;
}  // namespace

void run(const float* weights, const S* inputs, S* outputs, S* saved, const S* output_gradient, S* input_gradient,
         float* weight_gradient) {
    const run_type run(weights);
    run_type::gradient_sum sum;
    run.forward(inputs, outputs, saved);
    run.backward(saved, output_gradient, input_gradient, sum);
    run.add_weight_gradient(sum, weight_gradient);
}
