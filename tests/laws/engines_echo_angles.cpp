// SPDX-License-Identifier: Apache-2.0
// engines_echo.cpp for forms of angle, structure, and every gate at once.
#include <doctest/doctest.h>

#include <reference/angle_circuits.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>
#include <reference/shape_circuits.hpp>

using namespace reference;

TEST_CASE("echo: angles and structure") {
    check_echo<shared_weights, double>("shared_weights");
    check_echo<quarter_turns, double>("quarter_turns");
    check_echo<diagonal_only, double>("diagonal_only");
    check_echo<one_wire_of_everything, double>("one_wire_of_everything");
    check_echo<clifford_only, double>("clifford_only");
}
TEST_CASE("echo: every gate") { check_echo<every_gate, double>("every_gate"); }
