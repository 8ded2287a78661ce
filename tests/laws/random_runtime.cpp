// SPDX-License-Identifier: Apache-2.0
// Thousands of random circuits on the engine that takes them at run time, in double and over lanes of float.
#include <doctest/doctest.h>

#include <qvit/statevector/runtime_evaluator.hpp>
#include <reference/random_laws.hpp>
#include <reference/runtime_subject.hpp>

namespace {
using namespace reference;

template <class S>
engine_subject at_run_time(const qvit::runtime_circuit& circuit) {
    return runtime_subject<qvit::runtime_evaluator<S>, S>("run time", circuit);
}
}  // namespace

TEST_CASE("random circuits at run time, in double") { check_random_circuits(at_run_time<double>, 2000); }
TEST_CASE("random circuits at run time, wider and deeper") {
    check_random_circuits(at_run_time<double>, 60, {.least_width = 6, .most_width = 8, .most_gates = 60}, 10000);
}
TEST_CASE("random circuits at run time, over lanes of float") {
    check_random_circuits(at_run_time<qvit::lanes<float>>, 500, {.most_width = 4}, 20000);
}
