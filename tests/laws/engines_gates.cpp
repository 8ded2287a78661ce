// SPDX-License-Identifier: Apache-2.0
// Every gate of one wire where its wire is already entangled, on every engine, in double.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>

using namespace reference;

TEST_CASE("scalar engines: gates of one wire") { for_each_one_wire_gate_circuit(check_over<double>{}); }
