// SPDX-License-Identifier: Apache-2.0
// engines_wider_gates.cpp over lanes of float.
#include <doctest/doctest.h>

#include <qvit/simd/lanes.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>

using namespace reference;

TEST_CASE("engines over lanes of float: gates of two and three wires") {
    for_each_wider_gate_circuit(check_over<qvit::lanes<float>>{});
}
