// SPDX-License-Identifier: Apache-2.0
// A circuit and then its inverse gives |0..0> back, by the statevector: whatever an engine simplifies, merges or
// cancels on the way has to keep that.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>

using namespace reference;

TEST_CASE("echo: gates") {
    check_echo<u3_gates, double>("u3_gates");
    check_echo<swaps, double>("swaps");
    check_echo<controlled_rotations, double>("controlled_rotations");
    check_echo<two_wire_rotations, double>("two_wire_rotations");
    check_echo<matrices_on_two_wires, double>("matrices_on_two_wires");
}
TEST_CASE("echo: gates on lanes of float") { check_echo<givens, qvit::lanes<float>>("givens"); }
