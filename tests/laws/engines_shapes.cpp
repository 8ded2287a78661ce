// SPDX-License-Identifier: Apache-2.0
// Widths 1 to 8, depth, wires and weights that no output sees, registers that start in their inputs, on every engine,
// in double.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/shape_circuits.hpp>

using namespace reference;

TEST_CASE("scalar engines: shape circuits") { for_each_shape_circuit(check_over<double>{}); }

TEST_CASE("scalar engines: amplitude circuits") { for_each_amplitude_circuit(check_over<double>{}); }

TEST_CASE("scalar engines: weights that no output sees have a gradient of exactly zero in the closed form") {
    const engine_subject seen = subject<dead_wires, double, qvit::engine::closed_form>("dead_wires");
    const batch_result result = seen.run(random_batch(seen.circuit, 5));
    for (const std::size_t weight : {3U, 7U, 8U, 9U}) CHECK(result.weight_gradient[weight] == 0.0);
}
