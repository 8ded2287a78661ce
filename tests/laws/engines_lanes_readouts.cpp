// SPDX-License-Identifier: Apache-2.0
// Forms of angle and of readout over lanes of float, what models run on.
#include <doctest/doctest.h>

#include <reference/angle_circuits.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/readout_circuits.hpp>

using namespace reference;

TEST_CASE("engines over lanes: angles and readouts, in float") {
    check_all_laws(subject<input_products, qvit::lanes<float>, qvit::engine::lane_statevector>("input_products"));
    check_all_laws(subject<quarter_turns, qvit::lanes<float>, qvit::engine::lane_statevector>("quarter_turns"));
    check_all_laws(subject<signed_strings, qvit::lanes<float>, qvit::engine::lane_statevector>("signed_strings"));
    check_all_laws(
        subject<some_probabilities, qvit::lanes<float>, qvit::engine::lane_statevector>("some_probabilities"));
    check_all_laws(subject<parity_score, qvit::lanes<float>, qvit::engine::closed_form>("parity_score"));
}
