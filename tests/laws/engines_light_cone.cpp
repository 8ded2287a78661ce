// SPDX-License-Identifier: Apache-2.0
// Each output from the wires that it can depend on: the light cone engine, where cones are smaller than the register,
// where they are all of it, and where an output has none.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;

template <const auto& Circuit, class S>
void check_cone(const char* name) {
    const std::vector<engine_subject> subjects{subject<Circuit, S, qvit::engine::light_cone>(name),
                                               subject<Circuit, S, qvit::engine::lane_statevector>(name)};
    check_all_laws(subjects[0]);
    check_engines_agree(subjects);
}
}  // namespace

TEST_CASE("light cone: forced where the closed form is chosen, and where cones are as wide as the register") {
    check_cone<rx_chain<4, 1>, double>("rx_chain<4, 1>");
    check_cone<ry_ring<4, 2>, double>("ry_ring<4, 2>");
    check_cone<one_energy, double>("one_energy");
    check_cone<signed_strings, double>("signed_strings");
    check_cone<some_probabilities, double>("some_probabilities");
}
TEST_CASE("light cone: lanes") {
    check_cone<separate_registers, lanes<float>>("separate_registers");
    check_cone<real_sums, lanes<double>>("real_sums");
}
