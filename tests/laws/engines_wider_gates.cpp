// SPDX-License-Identifier: Apache-2.0
// Every gate of two and three wires where its wires are already entangled, on every engine, in double.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>

using namespace reference;

TEST_CASE("scalar engines: gates of two and three wires") { for_each_wider_gate_circuit(check_over<double>{}); }
