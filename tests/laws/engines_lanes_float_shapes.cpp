// SPDX-License-Identifier: Apache-2.0
// engines_shapes.cpp over lanes of float.
#include <doctest/doctest.h>

#include <qvit/simd/lanes.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/shape_circuits.hpp>

using namespace reference;

TEST_CASE("engines over lanes of float: shapes") { for_each_shape_circuit(check_over<qvit::lanes<float>>{}); }
TEST_CASE("engines over lanes of float: amplitudes") { for_each_amplitude_circuit(check_over<qvit::lanes<float>>{}); }
