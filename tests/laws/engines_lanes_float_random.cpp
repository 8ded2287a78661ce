// SPDX-License-Identifier: Apache-2.0
// engines_random.cpp over lanes of float.
#include <doctest/doctest.h>

#include <qvit/simd/lanes.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/random_table.hpp>

using namespace reference;

TEST_CASE("engines over lanes of float: random circuits") { for_each_random_table(check_over<qvit::lanes<float>>{}); }
