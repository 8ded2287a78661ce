// SPDX-License-Identifier: Apache-2.0
// Every basic circuit on every engine that takes it, one sample at a time, in double: the widest sweep at the lowest
// compile time. engines_gates.cpp and its neighbours do the same for the other circuits.
#include <doctest/doctest.h>

#include <reference/evaluator_subject.hpp>
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
TEST_CASE("scalar engines: RY + CNOT ring, three layers") { check_all_laws(ry_rings<3>()); }

TEST_CASE("scalar engines: basic circuits") { for_each_basic_circuit(check_over<double>{}); }

TEST_CASE("scalar engines: eight wires, two layers") {
    check_all_laws(subject<ry_ring<8, 2>, double, qvit::engine::lane_statevector>("ry_ring<8, 2>"));
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
