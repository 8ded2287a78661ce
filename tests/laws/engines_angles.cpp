// SPDX-License-Identifier: Apache-2.0
// Every form of angle, on every engine, in double.
#include <doctest/doctest.h>

#include <reference/angle_circuits.hpp>
#include <reference/evaluator_subject.hpp>

using namespace reference;

TEST_CASE("scalar engines: angle circuits") { for_each_angle_circuit(check_over<double>{}); }
