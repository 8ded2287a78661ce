// SPDX-License-Identifier: Apache-2.0
// Strings, weighted sums and probabilities, on every engine, in double.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/readout_circuits.hpp>

namespace {
using namespace reference;

struct check_in_double {
    template <const auto& Circuit>
    void operator()(const char* name) const {
        check_engines<Circuit, double>(name);
    }
};
}  // namespace

TEST_CASE("scalar engines: readout circuits") { for_each_readout_circuit(check_in_double{}); }
