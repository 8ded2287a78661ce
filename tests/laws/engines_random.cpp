// SPDX-License-Identifier: Apache-2.0
// Random compile-time circuits on every engine: gates in no order that anybody would think of.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/random_table.hpp>

using namespace reference;

TEST_CASE("scalar engines: random circuits") { for_each_random_table(check_over<double>{}); }

TEST_CASE("echo: random circuits") {
    check_echo<random_table<3, 4, 16>, double>("random_table<3, 4, 16>");
    check_echo<random_table<2, 3, 24>, qvit::lanes<float>>("random_table<2, 3, 24>");
}
