// SPDX-License-Identifier: Apache-2.0
// engines_scalar.cpp and engines_readouts.cpp over lanes of float, what models run on.
#include <doctest/doctest.h>

#include <qvit/simd/lanes.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace reference;

TEST_CASE("engines over lanes of float: basic circuits") { for_each_basic_circuit(check_over<qvit::lanes<float>>{}); }
TEST_CASE("engines over lanes of float: readouts") { for_each_readout_circuit(check_over<qvit::lanes<float>>{}); }
