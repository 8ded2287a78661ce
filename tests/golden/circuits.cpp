// SPDX-License-Identifier: Apache-2.0
// Circuits against golden/circuits.npz, which an independent simulator wrote (make_model_goldens.py).
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include <qvit/data/npz.hpp>
#include <reference/evaluator_subject.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;

const qvit::npz_file& file() {
    static const qvit::npz_file opened(QVIT_SOURCE_DIR "/tests/golden/circuits.npz");
    return opened;
}

std::vector<double> numbers(const std::string& name) { return file().read(name).as<double>(); }

struct golden_case {
    batch given;
    batch_result expected;
};

golden_case read(const std::string& key) {
    golden_case g;
    g.given.samples = file().header(key + "/x").shape.at(0);
    g.given.inputs = numbers(key + "/x");
    g.given.weights = numbers(key + "/theta");
    g.given.upstream = numbers(key + "/g");
    g.expected.outputs = numbers(key + "/z");
    g.expected.input_gradient = numbers(key + "/grad_x");
    g.expected.weight_gradient = numbers(key + "/grad_theta");
    return g;
}

void check_tensors(const batch_result& a, const batch_result& b, double tolerance) {
    CHECK(relative_difference(a.outputs, b.outputs) <= tolerance);
    CHECK(relative_difference(a.input_gradient, b.input_gradient) <= tolerance);
    CHECK(relative_difference(a.weight_gradient, b.weight_gradient) <= tolerance);
}

void check_subject(const engine_subject& subject, const std::string& key) {
    INFO(subject.name);
    const golden_case g = read(key);
    REQUIRE(g.given.samples == 5);
    check_tensors(subject.run(g.given), g.expected, subject.is_double ? 1e-10 : 2e-5);
}

template <const auto& Circuit>
void check_oracle(const std::string& key) {
    INFO(key);
    const golden_case g = read(key);
    const dense_circuit circuit = dense(Circuit);
    REQUIRE(g.given.inputs.size() == 5 * circuit.inputs);
    REQUIRE(g.given.weights.size() == circuit.parameters);
    check_tensors(oracle(circuit, g.given), g.expected, 1e-10);
}

template <std::size_t Width>
void check_oracle_rings() {
    const std::string name = "ry_ring_n" + std::to_string(Width);
    check_oracle<ry_ring<Width, 1>>(name + "_L1");
    check_oracle<ry_ring<Width, 2>>(name + "_L2");
    check_oracle<ry_ring<Width, 3>>(name + "_L3");
}
}  // namespace

TEST_CASE("golden circuits: the oracle, all of them") {
    check_oracle_rings<1>();
    check_oracle_rings<2>();
    check_oracle_rings<3>();
    check_oracle_rings<4>();
    check_oracle_rings<5>();
    check_oracle_rings<8>();
    check_oracle<rx_chain<3, 1>>("rx_chain_n3_L1");
    check_oracle<rx_chain<3, 2>>("rx_chain_n3_L2");
    check_oracle<rx_chain<4, 1>>("rx_chain_n4_L1");
    check_oracle<rx_chain<4, 2>>("rx_chain_n4_L2");
    check_oracle<mixed<3>>("mixed_n3");
    check_oracle<mixed<4>>("mixed_n4");
    CHECK(file().names().size() == (6 * 3 + 4 + 2) * 6);  // a circuit added to the file is to be added here
}

TEST_CASE("golden circuits: closed form") {
    check_subject(subject<ry_ring<1, 3>, double, engine::closed_form>("ry_ring<1, 3>"), "ry_ring_n1_L3");
    check_subject(subject<ry_ring<4, 1>, double, engine::closed_form>("ry_ring<4, 1>"), "ry_ring_n4_L1");
    check_subject(subject<ry_ring<8, 1>, double, engine::closed_form>("ry_ring<8, 1>"), "ry_ring_n8_L1");
    check_subject(subject<ry_ring<8, 1>, float, engine::closed_form>("ry_ring<8, 1>"), "ry_ring_n8_L1");
    check_subject(subject<ry_ring<8, 1>, lanes<float>, engine::closed_form>("ry_ring<8, 1>"), "ry_ring_n8_L1");
    check_subject(subject<ry_ring<4, 2>, lanes<double>, engine::closed_form>("ry_ring<4, 2>"), "ry_ring_n4_L2");
    check_subject(subject<rx_chain<4, 2>, double, engine::closed_form>("rx_chain<4, 2>"), "rx_chain_n4_L2");
}

TEST_CASE("golden circuits: statevector on lanes") {
    check_subject(subject<ry_ring<4, 2>, double, engine::lane_statevector>("ry_ring<4, 2>"), "ry_ring_n4_L2");
    check_subject(subject<ry_ring<4, 2>, float, engine::lane_statevector>("ry_ring<4, 2>"), "ry_ring_n4_L2");
    check_subject(subject<ry_ring<4, 2>, lanes<float>, engine::lane_statevector>("ry_ring<4, 2>"), "ry_ring_n4_L2");
    check_subject(subject<ry_ring<8, 3>, double, engine::lane_statevector>("ry_ring<8, 3>"), "ry_ring_n8_L3");
    check_subject(subject<mixed<4>, double, engine::lane_statevector>("mixed<4>"), "mixed_n4");
}
