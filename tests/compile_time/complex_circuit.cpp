// SPDX-License-Identifier: Apache-2.0
// 248 gates with complex amplitudes on 8 wires, Rot and a ring of CNOTs, on the engine that the compiler picks: 360
// rotations, which share kernels as far as their stages are alike. See CMakeLists.txt.
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>

namespace {
using namespace qvit;
using S = lanes<float>;

constexpr auto rotated = circuit<8>(encode<ry>, repeat<15>(rotate<rot>, entangle<cnot>(ring)), measure<z>);
static_assert(rotated.gate_count == 248);
using run_type = evaluator<rotated, S>;
}  // namespace

void run(const float* weights, const S* inputs, S* outputs, S* saved, const S* output_gradient, S* input_gradient,
         float* weight_gradient) {
    const run_type run(weights);
    run_type::gradient_sum sum;
    run.forward(inputs, outputs, saved);
    run.backward(saved, output_gradient, input_gradient, sum);
    run.add_weight_gradient(sum, weight_gradient);
}
