// SPDX-License-Identifier: Apache-2.0
// Every gate over lanes of float, what models run on.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/gate_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace reference;

TEST_CASE("engines over lanes: every gate, in float") {
    check_all_laws(subject<all_gates, qvit::lanes<float>, qvit::engine::lane_statevector>("all_gates"));
    check_all_laws(subject<every_gate, qvit::lanes<float>, qvit::engine::lane_statevector>("every_gate"));
    check_all_laws(subject<real_gates_of_more_wires, qvit::lanes<float>, qvit::engine::lane_statevector>(
        "real_gates_of_more_wires"));
}
