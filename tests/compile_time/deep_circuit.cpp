// SPDX-License-Identifier: Apache-2.0
// 248 gates on 8 wires with all gradients: what a deep circuit costs the compiler. See CMakeLists.txt.
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/statevector/evaluator.hpp>

namespace {
using namespace qvit;
using S = lanes<float>;

constexpr auto deep = circuit<8>(encode<ry>, repeat<15>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
static_assert(deep.gate_count == 248);
using run_type = evaluator<deep, S, engine::lane_statevector>;
}  // namespace

void run(const float* weights, const S* inputs, S* outputs, S* saved, const S* output_gradient, S* input_gradient,
         float* weight_gradient) {
    const run_type run(weights);
    run_type::gradient_sum sum;
    run.forward(inputs, outputs, saved);
    run.backward(saved, output_gradient, input_gradient, sum);
    run.add_weight_gradient(sum, weight_gradient);
}
