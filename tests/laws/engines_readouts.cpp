// SPDX-License-Identifier: Apache-2.0
// Strings, weighted sums and probabilities, on every engine, in double.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/readout_circuits.hpp>

using namespace reference;

TEST_CASE("scalar engines: readout circuits") { for_each_readout_circuit(check_over<double>{}); }
