// SPDX-License-Identifier: Apache-2.0
// Every compile-time circuit and every law on the oracle: what the engines are held to later holds for itself.
#include <doctest/doctest.h>

#include <set>
#include <string>

#include <reference/angle_circuits.hpp>
#include <reference/engine_laws.hpp>
#include <reference/gate_circuits.hpp>
#include <reference/inverse_circuit.hpp>
#include <reference/random_table.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;

struct check_on_oracle {
    template <const auto& Circuit>
    void operator()(const char* name) const {
        const engine_subject subject = oracle_subject(name, dense(Circuit));
        if (Circuit.width <= 5)
            check_all_laws(subject);
        else  // the other laws run a circuit some hundred times, which takes seconds here
            law_state_has_norm_one(subject);
        if constexpr (!Circuit.amplitude_input)
            law_echo(oracle_subject(name + std::string(" and its inverse"), dense(echo<Circuit>)), 10);
    }
};

struct collect_facts {
    std::set<std::string>& names;
    std::set<qvit::operation>& kinds;
    std::set<std::size_t>& widths;
    template <const auto& Circuit>
    void operator()(const char* name) const {
        CHECK(names.insert(name).second);
        widths.insert(Circuit.width);
        for (const qvit::gate& g : Circuit.gates) kinds.insert(g.kind);
    }
};
}  // namespace

TEST_CASE("basic circuits on the oracle") { for_each_basic_circuit(check_on_oracle{}); }
TEST_CASE("gate circuits on the oracle") { for_each_gate_circuit(check_on_oracle{}); }
TEST_CASE("angle circuits on the oracle") { for_each_angle_circuit(check_on_oracle{}); }
TEST_CASE("readout circuits on the oracle") { for_each_readout_circuit(check_on_oracle{}); }
TEST_CASE("shape circuits on the oracle") { for_each_shape_circuit(check_on_oracle{}); }
TEST_CASE("random compile-time circuits on the oracle") { for_each_random_table(check_on_oracle{}); }
TEST_CASE("amplitude circuits on the oracle") { for_each_amplitude_circuit(check_on_oracle{}); }

TEST_CASE("the test circuits have every gate and every width to 8") {
    std::set<std::string> names;
    std::set<qvit::operation> kinds;
    std::set<std::size_t> widths;
    const collect_facts collect{names, kinds, widths};
    for_each_basic_circuit(collect);
    for_each_gate_circuit(collect);
    for_each_angle_circuit(collect);
    for_each_readout_circuit(collect);
    for_each_shape_circuit(collect);
    for_each_amplitude_circuit(collect);
    CHECK(names.size() >= 60);
    CHECK(kinds.size() == qvit::operation_count);
    CHECK(widths == std::set<std::size_t>{1, 2, 3, 4, 5, 6, 7, 8});
    std::set<qvit::operation> of_one;
    for (const qvit::gate& g : every_gate.gates) of_one.insert(g.kind);
    CHECK(of_one.size() == qvit::operation_count);
}
