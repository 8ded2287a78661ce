// SPDX-License-Identifier: Apache-2.0
// Lanes of samples against the scalar run of each sample, in float and double, and the laws for both: few circuits,
// engines_lanes_float*.cpp have all in float.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;

std::vector<engine_subject> on_lanes_of_float() {
    std::vector<engine_subject> subjects;
    add_engines<ry_ring<3, 2>, lanes<float>>(subjects, "ry_ring<3, 2>");
    subjects.push_back(subject<ry_ring<4, 1>, lanes<float>, engine::closed_form>("ry_ring<4, 1>"));
    return subjects;
}
std::vector<engine_subject> on_lanes_of_double() {
    std::vector<engine_subject> subjects;
    add_engines<merged_reuploading, lanes<double>>(subjects, "merged_reuploading");
    subjects.push_back(subject<selected_wires, lanes<double>, engine::closed_form>("selected_wires"));
    subjects.push_back(subject<rx_chain<3, 1>, lanes<double>, engine::lane_statevector>("rx_chain<3, 1>"));
    return subjects;
}

void check_same(const std::vector<engine_subject>& lanes, const std::vector<engine_subject>& scalars,
                double tolerance) {
    REQUIRE(lanes.size() == scalars.size());
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        INFO(lanes[i].name);
        const batch b = random_batch(lanes[i].circuit, 2 * lanes[i].lanes + 1, 9);
        check_near(lanes[i].run(b), scalars[i].run(b), tolerance);
    }
}
}  // namespace

TEST_CASE("engines over lanes of float") { check_all_laws(on_lanes_of_float()); }
TEST_CASE("engines over lanes of double") { check_all_laws(on_lanes_of_double()); }

TEST_CASE("engines over lanes: eight wires, two layers") {
    check_all_laws(subject<ry_ring<8, 2>, lanes<float>, engine::lane_statevector>("ry_ring<8, 2>"));
}
TEST_CASE("lane l is the scalar run of sample l, in float") {
    std::vector<engine_subject> scalars;
    add_engines<ry_ring<3, 2>, float>(scalars, "ry_ring<3, 2>");
    scalars.push_back(subject<ry_ring<4, 1>, float, engine::closed_form>("ry_ring<4, 1>"));
    check_all_laws(scalars);
    check_same(on_lanes_of_float(), scalars, 5e-6);
}

TEST_CASE("lane l is the scalar run of sample l, in double") {
    std::vector<engine_subject> scalars;
    add_engines<merged_reuploading, double>(scalars, "merged_reuploading");
    scalars.push_back(subject<selected_wires, double, engine::closed_form>("selected_wires"));
    scalars.push_back(subject<rx_chain<3, 1>, double, engine::lane_statevector>("rx_chain<3, 1>"));
    check_same(on_lanes_of_double(), scalars, 1e-14);
}
