// SPDX-License-Identifier: Apache-2.0
// The Heisenberg picture: measured strings moved back through a program, and the products made from their terms.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/closed_form.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/heisenberg.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/monomials.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/core/random_stream.hpp>
#include <reference/angle_circuits.hpp>
#include <reference/dense_program.hpp>
#include <reference/gate_circuits.hpp>
#include <reference/readout_circuits.hpp>
#include <reference/shape_circuits.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
using reference::ry_ring;

double value_of(const auto& term, const std::vector<double>& angles) {
    double value = term.pauli.negative ? -1 : 1;
    term.cosines.for_each([&](std::size_t slot) { value *= std::cos(angles[slot]); });
    term.sines.for_each([&](std::size_t slot) { value *= std::sin(angles[slot]); });
    return value;
}

/// <string> for every measured string, from the dense program.
template <const auto& Circuit>
std::vector<double> dense_values(const std::vector<double>& angles) {
    const auto& p = program<Circuit>;
    const auto psi = reference::apply_rotations(p, angles, reference::zero_state(p.width));
    std::vector<double> values;
    for (const auto& string : p.strings) values.push_back(reference::expectation(string, p.width, psi));
    return values;
}
}  // namespace

TEST_CASE("propagate_back: the sum of terms is the expectation value, for every string of the test circuits") {
    std::size_t complete = 0;
    std::size_t incomplete = 0;
    auto check = [&]<const auto & Circuit>(const char* name) {
        CAPTURE(name);
        const auto& p = program<Circuit>;
        const auto reach = reach_of(p);
        for (std::uint64_t seed = 1; seed <= 3; ++seed) {
            const auto angles = reference::angles_of(p, reference::numbers(Circuit, seed));
            const auto exact = dense_values<Circuit>(angles);
            for (std::size_t k = 0; k < exact.size(); ++k) {
                CAPTURE(k);
                const auto sum = propagate_back<128>(p, reach, p.strings[k]);
                CHECK(sum.terms.size() <= 128);
                (sum.complete ? complete : incomplete) += 1;
                if (!sum.complete) continue;
                double total = 0;
                for (const auto& term : sum.terms) {
                    CHECK_FALSE(term.cosines.meets(term.sines));
                    CHECK(term.pauli.x.empty());
                    total += value_of(term, angles);
                }
                CHECK(std::abs(total - exact[k]) < 1e-13);
            }
        }
    };
    reference::for_each_basic_circuit(check);
    reference::for_each_gate_circuit(check);
    reference::for_each_angle_circuit(check);
    reference::for_each_readout_circuit(check);
    reference::for_each_shape_circuit(check);
    CHECK(complete > 400);
    CHECK(incomplete > 0);
}

namespace {
/// FACTS.md, section 1: out_0 = c_1 ... c_{n-1} and out_j = c_0 ... c_j; a chain gives plain prefix products.
template <const auto& Circuit>
constexpr bool terms_are_prefix_products(bool ring) {
    const auto& p = program<Circuit>;
    if (p.rotations.size() != Circuit.width) return false;
    const auto reach = reach_of(p);
    for (std::size_t j = 0; j < Circuit.width; ++j) {
        const auto sum = propagate_back<2>(p, reach, p.strings[j]);
        if (!sum.complete || sum.terms.size() != 1) return false;
        const auto& term = sum.terms[0];
        if (term.pauli.negative || !term.sines.empty()) return false;
        for (std::size_t i = 0; i < Circuit.width; ++i) {
            const bool expected = ring && j == 0 ? i > 0 : i <= j;
            if (term.cosines.contains(i) != expected) return false;
        }
    }
    return true;
}
static_assert(terms_are_prefix_products<ry_ring<3, 1>>(true) && terms_are_prefix_products<ry_ring<4, 1>>(true) &&
              terms_are_prefix_products<ry_ring<8, 1>>(true) && terms_are_prefix_products<ry_ring<16, 1>>(true));
static_assert(terms_are_prefix_products<reference::rx_chain<4, 1>>(false) &&
              terms_are_prefix_products<reference::rx_chain<9, 1>>(false));
// Two wires have one CNOT, one wire none: c_0 and c_0 c_1.
static_assert(terms_are_prefix_products<ry_ring<2, 1>>(false) && terms_are_prefix_products<ry_ring<1, 1>>(false));

template <const auto& Circuit>
constexpr auto terms_of(std::size_t string) {
    return propagate_back<2>(program<Circuit>, reach_of(program<Circuit>), program<Circuit>.strings[string]);
}
// <Y> of a real state has no term; too little room is reported and not run over.
static_assert(terms_of<reference::zero_output>(0).terms.empty() && terms_of<reference::zero_output>(0).complete);
static_assert(!terms_of<ry_ring<4, 3>>(0).complete && terms_of<ry_ring<4, 3>>(0).terms.size() <= 2);
static_assert(terms_of<reference::idle_wire>(1).terms.size() == 1);  // <Z_1> = 1
static_assert(terms_of<reference::idle_wire>(1).terms[0].cosines.empty());
static_assert(terms_of<reference::idle_wire>(4).terms.empty());  // <X_1> = 0

// What no rotation reaches: wires are released by the first rotation that has X or Y there.
constexpr auto reach = reach_of(program<reference::idle_wire>);
static_assert(!reach.reached.contains(1) && reach.reached.count() > 0);
constexpr auto deep_reach = reach_of(program<ry_ring<4, 3>>);
static_assert(deep_reach.reached.count() == 4 && deep_reach.released.size() == 12);
static_assert(deep_reach.releases[0] && deep_reach.releases[3] && !deep_reach.releases[4] && !deep_reach.releases[11]);

// ---- closed form ----
// Prefix products of a ring: one multiplication per output beyond the first factor, not one per factor.
static_assert(closed_form<ry_ring<8, 1>>.feasible && closed_form<ry_ring<8, 1>>.token.product_count < 2 * 8);
static_assert(closed_form<ry_ring<64, 1>>.feasible && closed_form<ry_ring<64, 1>>.token.product_count < 2 * 64);
static_assert(closed_form<ry_ring<64, 1>>.term_count == 64 && closed_form<ry_ring<64, 1>>.longest_output == 1);
static_assert(closed_form<ry_ring<64, 1>>.multiply_adds() == closed_form<ry_ring<64, 1>>.token.product_count);
static_assert(closed_form<reference::rx_chain<4, 1>>.token.product_count == 3);
// The layer's weights merged into the data; those of a second layer are coefficients.
static_assert(closed_form<ry_ring<4, 1>>.uniform.node_count() == 0);
static_assert(closed_form<ry_ring<4, 2>>.feasible && closed_form<ry_ring<4, 2>>.uniform.factor_count > 0);
static_assert(closed_form<reference::no_inputs>.token.node_count() == 0);
// A constant circuit is a sum of nothing or of ones.
static_assert(closed_form<reference::no_angles>.feasible && closed_form<reference::no_angles>.multiply_adds() == 0);
// Too many terms, and no closed form over given amplitudes.
static_assert(!closed_form<ry_ring<5, 3>>.feasible);
static_assert(!closed_form<reference::amplitudes_in>.feasible && !closed_form<reference::real_amplitudes_in>.feasible);

/// Every node of a monomial program, from the angles of its slots.
std::vector<double> nodes_of(const auto& monomials, const std::vector<double>& angles) {
    std::vector<double> value;
    for (std::size_t k = 0; k < monomials.factor_count; ++k) {
        const auto& factor = monomials.factors[k];
        value.push_back(factor.sine ? std::sin(angles.at(factor.slot)) : std::cos(angles.at(factor.slot)));
    }
    for (std::size_t k = 0; k < monomials.product_count; ++k) {
        REQUIRE(monomials.products[k].left < value.size());  // only earlier nodes
        REQUIRE(monomials.products[k].right < value.size());
        value.push_back(value[monomials.products[k].left] * value[monomials.products[k].right]);
    }
    return value;
}

template <const auto& Circuit>
void check_closed_form(const char* name) {
    CAPTURE(name);
    constexpr const auto& plan = closed_form<Circuit>;
    static_assert(plan.feasible);
    const auto angles = reference::angles_of(program<Circuit>, reference::numbers(Circuit, 4));
    const auto token = nodes_of(plan.token, angles);
    const auto uniform = nodes_of(plan.uniform, angles);
    for (std::size_t k = 0; k < plan.token.factor_count; ++k)
        CHECK_FALSE(program<Circuit>.uniform[plan.token.factors[k].slot]);
    for (std::size_t k = 0; k < plan.uniform.factor_count; ++k)
        CHECK(program<Circuit>.uniform[plan.uniform.factors[k].slot]);
    std::vector<double> values(Circuit.strings.size());
    std::vector<std::size_t> terms(Circuit.strings.size());
    for (std::size_t t = 0; t < plan.term_count; ++t) {
        const auto& term = plan.terms[t];
        const double monomial = term.monomial == plan.token.none ? 1 : token.at(term.monomial);
        const double coefficient = term.coefficient == plan.uniform.none ? 1 : uniform.at(term.coefficient);
        values.at(term.string) += (term.negative ? -1 : 1) * monomial * coefficient;
        ++terms[term.string];
    }
    const auto exact = dense_values<Circuit>(angles);
    for (std::size_t k = 0; k < exact.size(); ++k) CHECK(std::abs(values[k] - exact[k]) < 1e-13);
    CHECK(*std::max_element(terms.begin(), terms.end()) == plan.longest_output);
}
}  // namespace

TEST_CASE("closed_form: the sum of products is the expectation value") {
    check_closed_form<ry_ring<8, 1>>("ry_ring<8, 1>");
    check_closed_form<ry_ring<4, 2>>("ry_ring<4, 2>");
    check_closed_form<reference::rx_chain<4, 2>>("rx_chain<4, 2>");
    check_closed_form<reference::mixed<2>>("mixed<2>");
    check_closed_form<reference::selected_wires>("selected_wires");
    check_closed_form<reference::idle_wire>("idle_wire");
    check_closed_form<reference::no_inputs>("no_inputs");
    check_closed_form<reference::clifford_around_angles>("clifford_around_angles");
    check_closed_form<reference::single_wire>("single_wire");
    check_closed_form<reference::parity_score>("parity_score");
}

namespace {
// ---- monomials ----
constexpr bit_set<8> set_of(std::initializer_list<std::size_t> bits) {
    bit_set<8> result;
    for (const std::size_t bit : bits) result.insert(bit);
    return result;
}

constexpr auto prefixes = [] {
    monomial_builder<8, 16> builder;
    for (std::size_t slot = 0; slot < 5; ++slot) builder.add_factor(slot, false);
    builder.add_factor(2, true);
    struct {
        std::array<std::uint16_t, 6> node{};
        std::size_t products = 0;
        bool complete = false;
    } result;
    result.node[0] = builder.monomial(set_of({}), set_of({}));
    result.node[1] = builder.monomial(set_of({3}), set_of({}));
    result.node[2] = builder.monomial(set_of({0, 1}), set_of({}));
    result.node[3] = builder.monomial(set_of({0, 1, 2, 3}), set_of({}));
    result.node[4] = builder.monomial(set_of({0, 1, 2, 3}), set_of({}));
    result.node[5] = builder.monomial(set_of({0, 1}), set_of({2}));
    result.products = builder.program().product_count;
    result.complete = builder.program().complete;
    return result;
}();
static_assert(prefixes.node[0] == monomial_program<8, 16>::none);    // the empty product
static_assert(prefixes.node[1] == 3);                                // a factor alone needs no product
static_assert(prefixes.node[3] == prefixes.node[4]);                 // asked for twice, made once
static_assert(prefixes.products == 1 + 2 + 1 && prefixes.complete);  // c0 c1, then times c2 c3; and times s2

constexpr bool too_small_is_reported() {
    monomial_builder<8, 1> builder;
    for (std::size_t slot = 0; slot < 4; ++slot) builder.add_factor(slot, false);
    builder.monomial(set_of({0, 1, 2, 3}), set_of({}));
    return !builder.program().complete && builder.program().product_count == 1;
}
static_assert(too_small_is_reported());
}  // namespace

TEST_CASE("monomials: every node of a program is the product it was asked for") {
    random_stream draw(11);
    for (int round = 0; round < 50; ++round) {
        monomial_builder<8, 64> builder;
        for (std::size_t slot = 0; slot < 8; ++slot) {
            builder.add_factor(slot, false);
            builder.add_factor(slot, true);
        }
        std::vector<double> angles;
        for (std::size_t slot = 0; slot < 8; ++slot) angles.push_back(draw.uniform(-3, 3));
        std::vector<std::uint16_t> nodes;
        std::vector<double> expected;
        for (int k = 0; k < 6; ++k) {
            bit_set<8> cosines;
            bit_set<8> sines;
            double value = 1;
            for (std::size_t slot = 0; slot < 8; ++slot) {
                const auto kind = draw.below(3);
                if (kind == 1) cosines.insert(slot), value *= std::cos(angles[slot]);
                if (kind == 2) sines.insert(slot), value *= std::sin(angles[slot]);
            }
            nodes.push_back(builder.monomial(cosines, sines));
            expected.push_back(value);
        }
        REQUIRE(builder.program().complete);
        const auto value = nodes_of(builder.program(), angles);
        for (std::size_t k = 0; k < nodes.size(); ++k)
            CHECK(std::abs((nodes[k] == builder.program().none ? 1 : value.at(nodes[k])) - expected[k]) < 1e-15);
    }
}
