// SPDX-License-Identifier: Apache-2.0
// Every circuit on both engines, one sample at a time, in double: the widest sweep at the lowest compile time.
#include <doctest/doctest.h>

#include <reference/engine_laws.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;

template <std::size_t Layers>
std::vector<engine_subject> ry_rings() {
    std::vector<engine_subject> subjects;
    add_engines<ry_ring<1, Layers>, double>(subjects, "ry_ring<1>");
    add_engines<ry_ring<2, Layers>, double>(subjects, "ry_ring<2>");
    add_engines<ry_ring<3, Layers>, double>(subjects, "ry_ring<3>");
    add_engines<ry_ring<4, Layers>, double>(subjects, "ry_ring<4>");
    add_engines<ry_ring<5, Layers>, double>(subjects, "ry_ring<5>");
    return subjects;
}
}  // namespace

TEST_CASE("scalar engines: RY + CNOT ring, one layer") {
    const auto subjects = ry_rings<1>();
    CHECK(subjects.size() == 10);  // the closed form exists for every width
    check_all_laws(subjects);
}
TEST_CASE("scalar engines: RY + CNOT ring, two layers") { check_all_laws(ry_rings<2>()); }
TEST_CASE("scalar engines: RY + CNOT ring, three layers") { check_all_laws(ry_rings<3>()); }

TEST_CASE("scalar engines: eight wires, two layers") {
    check_all_laws({subject<ry_ring<8, 2>, double, qvit::engine::lane_statevector>("ry_ring<8, 2>")});
}

TEST_CASE("scalar engines: complex amplitudes") {
    std::vector<engine_subject> subjects;
    add_engines<rx_chain<3, 1>, double>(subjects, "rx_chain<3, 1>");
    add_engines<rx_chain<4, 2>, double>(subjects, "rx_chain<4, 2>");
    add_engines<mixed<3>, double>(subjects, "mixed<3>");
    add_engines<mixed<4>, double>(subjects, "mixed<4>");
    add_engines<all_gates, double>(subjects, "all_gates");
    add_engines<phases_first, double>(subjects, "phases_first");
    check_all_laws(subjects);
}

TEST_CASE("scalar engines: real gates with flips, signs and edges of every direction") {
    std::vector<engine_subject> subjects;
    add_engines<real_flips, double>(subjects, "real_flips");
    check_all_laws(subjects);
}

TEST_CASE("scalar engines: inputs loaded more than once") {
    std::vector<engine_subject> subjects;
    add_engines<reuploading, double>(subjects, "reuploading");
    add_engines<merged_reuploading, double>(subjects, "merged_reuploading");
    check_all_laws(subjects);
}

TEST_CASE("scalar engines: chosen wires, idle wires, unread inputs, constant outputs") {
    std::vector<engine_subject> subjects;
    add_engines<selected_wires, double>(subjects, "selected_wires");
    add_engines<idle_wire, double>(subjects, "idle_wire");
    add_engines<unread_input, double>(subjects, "unread_input");
    add_engines<zero_output, double>(subjects, "zero_output");
    add_engines<single_wire, double>(subjects, "single_wire");
    CHECK(subjects.size() == 10);
    check_all_laws(subjects);
}

TEST_CASE("scalar engines: without weights, without inputs, without angles") {
    std::vector<engine_subject> subjects;
    add_engines<no_weights, double>(subjects, "no_weights");
    add_engines<no_inputs, double>(subjects, "no_inputs");
    add_engines<no_gates, double>(subjects, "no_gates");
    add_engines<no_angles, double>(subjects, "no_angles");
    CHECK(subjects.size() == 8);
    check_all_laws(subjects);
}

TEST_CASE("scalar engines: outputs that are constants are exact in the closed form") {
    const engine_subject idle = subject<idle_wire, double, qvit::engine::closed_form>("idle_wire");
    const batch b = random_batch(idle.circuit, 5);
    const batch_result result = idle.run(b);
    for (std::size_t s = 0; s < b.samples; ++s) {
        CHECK(result.outputs[s * 6 + 1] == 1.0);  // <Z_1>
        CHECK(result.outputs[s * 6 + 4] == 0.0);  // <X_1>
        CHECK(result.input_gradient[s * 3 + 1] == 0.0);
    }
    const engine_subject zero = subject<zero_output, double, qvit::engine::closed_form>("zero_output");
    const batch_result zeros = zero.run(random_batch(zero.circuit, 5));
    for (std::size_t s = 0; s < 5; ++s) {
        CHECK(zeros.outputs[s * 3] == 0.0);
        CHECK(zeros.outputs[s * 3 + 1] == 0.0);
    }
}
