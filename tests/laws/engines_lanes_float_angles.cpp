// SPDX-License-Identifier: Apache-2.0
// engines_angles.cpp and engines_gates.cpp over lanes of float.
#include <doctest/doctest.h>

#include <qvit/simd/lanes.hpp>
#include <reference/angle_circuits.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>

using namespace reference;

TEST_CASE("engines over lanes of float: angles") { for_each_angle_circuit(check_over<qvit::lanes<float>>{}); }
TEST_CASE("engines over lanes of float: gates of one wire") {
    for_each_one_wire_gate_circuit(check_over<qvit::lanes<float>>{});
}
