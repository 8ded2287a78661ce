// SPDX-License-Identifier: Apache-2.0
// Every gate of two and three wires where its wires are already entangled, on every engine, in double.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>

namespace {
using namespace reference;

struct check_in_double {
    template <const auto& Circuit>
    void operator()(const char* name) const {
        check_engines<Circuit, double>(name);
    }
};
}  // namespace

TEST_CASE("scalar engines: gates of two and three wires") { for_each_wider_gate_circuit(check_in_double{}); }
