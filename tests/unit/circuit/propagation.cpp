// SPDX-License-Identifier: Apache-2.0
// The Heisenberg picture and the programs made from it, against dense matrices made here.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <vector>

#include <qvit/circuit/engine.hpp>
#include <qvit/circuit/heisenberg.hpp>
#include <qvit/circuit/monomials.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/core/random_stream.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/test_circuits.hpp>

using namespace qvit;

namespace {
using dense_matrix = std::vector<reference::state>;  // columns

/// The matrix whose columns are what `act` makes of the basis states of two wires.
dense_matrix matrix(auto&& act) {
    dense_matrix columns;
    for (std::size_t k = 0; k < 4; ++k) {
        reference::state basis(4);
        basis[k] = 1;
        columns.push_back(act(basis));
    }
    return columns;
}
dense_matrix product(const dense_matrix& a, const dense_matrix& b) {
    dense_matrix result(4, reference::state(4));
    for (std::size_t row = 0; row < 4; ++row)
        for (std::size_t column = 0; column < 4; ++column)
            for (std::size_t k = 0; k < 4; ++k) result[column][row] += a[k][row] * b[column][k];
    return result;
}
dense_matrix adjoint(const dense_matrix& a) {
    dense_matrix result(4, reference::state(4));
    for (std::size_t row = 0; row < 4; ++row)
        for (std::size_t column = 0; column < 4; ++column) result[row][column] = std::conj(a[column][row]);
    return result;
}
dense_matrix sum(double factor_a, const dense_matrix& a, double factor_b, const dense_matrix& b) {
    dense_matrix result(4, reference::state(4));
    for (std::size_t row = 0; row < 4; ++row)
        for (std::size_t column = 0; column < 4; ++column)
            result[column][row] = factor_a * a[column][row] + factor_b * b[column][row];
    return result;
}
double difference(const dense_matrix& a, const dense_matrix& b) {
    double largest = 0;
    for (std::size_t row = 0; row < 4; ++row)
        for (std::size_t column = 0; column < 4; ++column)
            largest = std::max(largest, std::abs(a[column][row] - b[column][row]));
    return largest;
}

dense_matrix matrix_of(operation kind, double angle, std::size_t a, std::size_t b) {
    return matrix([&](const reference::state& psi) {
        return wires_of(kind) == 2 ? reference::apply_matrix(reference::two_wire_matrix_of(kind), a, b, psi)
                                   : reference::apply_matrix(reference::matrix_of(kind, angle), a, psi);
    });
}
dense_matrix matrix_of(const pauli_string<2>& p) {
    return matrix([&](reference::state psi) {
        for (std::size_t wire = 0; wire < 2; ++wire) {
            const bool has_x = p.x.contains(wire);
            const bool has_z = p.z.contains(wire);
            if (has_x || has_z)
                psi = reference::apply_matrix(reference::matrix_of(has_x && has_z ? y : has_x ? x : z, 0), wire, psi);
        }
        for (auto& amplitude : psi) amplitude *= p.negative ? -1 : 1;
        return psi;
    });
}

/// All 32 signed Pauli strings of two wires.
std::vector<pauli_string<2>> all_strings() {
    std::vector<pauli_string<2>> strings;
    for (unsigned bits = 0; bits < 32; ++bits) {
        pauli_string<2> p;
        p.x.assign(0, (bits & 1) != 0);
        p.x.assign(1, (bits & 2) != 0);
        p.z.assign(0, (bits & 4) != 0);
        p.z.assign(1, (bits & 8) != 0);
        p.negative = (bits & 16) != 0;
        strings.push_back(p);
    }
    return strings;
}
}  // namespace

TEST_CASE("pauli_string: set, acts_on") {
    pauli_string<3> p;
    p.set(0, x);
    p.set(1, y);
    p.set(2, z);
    CHECK((p.x.contains(0) && !p.z.contains(0)));
    CHECK((p.x.contains(1) && p.z.contains(1)));
    CHECK((!p.x.contains(2) && p.z.contains(2)));
    CHECK((p.acts_on(0) && p.acts_on(1) && p.acts_on(2)));
    CHECK_FALSE(pauli_string<3>{}.acts_on(1));
}

TEST_CASE("pauli_string: U^dagger P U of every fixed gate and every string") {
    for (const operation kind : {x, y, z, h, cnot, cz})
        for (std::size_t a = 0; a < 2; ++a)
            for (const pauli_string<2>& p : all_strings()) {
                const std::size_t b = 1 - a;
                pauli_string<2> moved = p;
                moved.conjugate(kind, a, b);
                const dense_matrix u = matrix_of(kind, 0, a, b);
                CHECK(difference(matrix_of(moved), product(adjoint(u), product(matrix_of(p), u))) < 1e-15 * 4);
            }
}

TEST_CASE("pauli_string: rotations commute, or split into cosine and sine") {
    for (const operation kind : {rx, ry, rz})
        for (std::size_t wire = 0; wire < 2; ++wire)
            for (const pauli_string<2>& p : all_strings())
                for (const double angle : {0.0, 0.7, -2.4, 4.0}) {
                    const dense_matrix u = matrix_of(kind, angle, wire, 0);
                    const dense_matrix exact = product(adjoint(u), product(matrix_of(p), u));
                    const dense_matrix moved = p.anticommutes(kind, wire)
                                                   ? sum(std::cos(angle), matrix_of(p), std::sin(angle),
                                                         matrix_of(p.rotated_partner(kind, wire)))
                                                   : matrix_of(p);
                    CHECK(difference(exact, moved) < 1e-15 * 4);
                }
}

TEST_CASE("pauli_string: anticommutes is what the matrices say") {
    for (const operation kind : {x, y, z})
        for (std::size_t wire = 0; wire < 2; ++wire)
            for (const pauli_string<2>& p : all_strings()) {
                const dense_matrix g = matrix_of(kind, 0, wire, 0);
                const dense_matrix anticommutator = sum(1, product(matrix_of(p), g), 1, product(g, matrix_of(p)));
                const dense_matrix zero(4, reference::state(4));
                CHECK(p.anticommutes(kind, wire) == (difference(anticommutator, zero) < 1e-15));
            }
}

namespace {
/// <O> by the trigonometric sum, with the angles of the merged slots.
template <const auto& Circuit, std::size_t Output>
double by_terms(const std::vector<double>& inputs, const std::vector<double>& weights) {
    constexpr auto sum = propagate_back<64>(merged<Circuit>, Circuit.observables[Output]);
    static_assert(sum.complete);
    std::vector<double> angle(merged<Circuit>.slot_count);
    for (std::size_t i = 0; i < merged<Circuit>.source_count; ++i) {
        const auto& entry = merged<Circuit>.sources[i];
        angle[entry.slot] +=
            entry.source.source == angle_source::data ? inputs[entry.source.index] : weights[entry.source.index];
    }
    double total = 0;
    for (std::size_t t = 0; t < sum.count; ++t) {
        double value = sum.terms[t].pauli.negative ? -1 : 1;
        sum.terms[t].cosines.for_each([&](std::size_t slot) { value *= std::cos(angle[slot]); });
        sum.terms[t].sines.for_each([&](std::size_t slot) { value *= std::sin(angle[slot]); });
        total += value;
    }
    return total;
}
}  // namespace

TEST_CASE("propagate_back: the sum of terms is the oracle's expectation value") {
    const std::vector<double> inputs{0.3, -1.1, 2.0, 0.8};
    const std::vector<double> weights{0.5, 1.7, -0.4, 2.2, -1.3, 0.9, 0.1, -2.5, 1.2};
    auto check = [&](double value, const auto& table, std::size_t output) {
        const auto exact = reference::outputs(reference::dense(table), inputs.data(), weights.data());
        CHECK(std::abs(value - exact[output]) < 1e-14);
    };
    check(by_terms<reference::ry_ring<4, 1>, 0>(inputs, weights), reference::ry_ring<4, 1>, 0);
    check(by_terms<reference::ry_ring<3, 2>, 1>(inputs, weights), reference::ry_ring<3, 2>, 1);
    check(by_terms<reference::rx_chain<4, 2>, 3>(inputs, weights), reference::rx_chain<4, 2>, 3);
    check(by_terms<reference::selected_wires, 2>(inputs, weights), reference::selected_wires, 2);
    check(by_terms<reference::mixed<2>, 0>(inputs, weights), reference::mixed<2>, 0);
    check(by_terms<reference::real_flips, 4>(inputs, weights), reference::real_flips, 4);
}

namespace {
// One layer gives one term per output with one cosine per wire of the light cone.
constexpr auto first_output = propagate_back<4>(merged<reference::ry_ring<4, 1>>, observable{z, 0});
static_assert(first_output.complete && first_output.count == 1);
static_assert(first_output.terms[0].cosines.count() == 3 && first_output.terms[0].sines.empty());
static_assert(!first_output.terms[0].cosines.contains(0));
// <Y> of a real state has no term; too little room is reported and not run over.
static_assert(propagate_back<4>(merged<reference::zero_output>, observable{y, 0}).count == 0);
static_assert(!propagate_back<2>(merged<reference::ry_ring<4, 3>>, observable{z, 0}).complete);
static_assert(propagate_back<2>(merged<reference::ry_ring<4, 3>>, observable{z, 0}).count <= 2);
static_assert(propagate_back<4>(merged<reference::idle_wire>, observable{z, 1}).count == 1);
static_assert(propagate_back<4>(merged<reference::idle_wire>, observable{x, 1}).count == 0);

// ---- engine choice ----
static_assert(closed_form<reference::ry_ring<4, 1>>.feasible &&
              best_engine<reference::ry_ring<4, 1>>() == engine::closed_form);
static_assert(best_engine<reference::ry_ring<8, 1>>() == engine::closed_form);
static_assert(closed_form<reference::ry_ring<8, 1>>.multiply_adds() <= 2 * 8);
static_assert(!closed_form<reference::ry_ring<5, 3>>.feasible);
static_assert(best_engine<reference::ry_ring<5, 3>>() == engine::lane_statevector);
static_assert(best_engine<reference::ry_ring<8, 2>>() == engine::lane_statevector);
static_assert(best_engine<reference::rx_chain<4, 1>>() == engine::closed_form);
// No engine fits: the door says so (compile_fail/too_many_wires.cpp); the choice itself stays harmless.
static_assert(best_engine<reference::ry_ring<12, 3>>() == engine::lane_statevector);
// Complex amplitudes cost more than real ones, more gates more than fewer.
static_assert(lane_statevector_cost<reference::rx_chain<4, 2>>() > lane_statevector_cost<reference::ry_ring<4, 2>>());
static_assert(lane_statevector_cost<reference::ry_ring<5, 3>>() > lane_statevector_cost<reference::ry_ring<5, 2>>());

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

// Prefix products of a ring: one multiplication per output beyond the first factor, not one per factor.
static_assert(closed_form<reference::ry_ring<16, 1>>.token.product_count <= 2 * 16);
static_assert(closed_form<reference::rx_chain<4, 1>>.token.product_count == 3);
static_assert(closed_form<reference::ry_ring<4, 1>>.uniform.node_count() ==
              0);  // the layer's weights merged into the data
static_assert(closed_form<reference::ry_ring<4, 2>>.uniform.factor_count > 0);
}  // namespace

TEST_CASE("monomials: every node of a program is the product it was asked for") {
    random_stream draw(11);
    for (int round = 0; round < 50; ++round) {
        monomial_builder<8, 64> builder;
        for (std::size_t slot = 0; slot < 8; ++slot) {
            builder.add_factor(slot, false);
            builder.add_factor(slot, true);
        }
        std::array<double, 8> angle{};
        for (double& a : angle) a = draw.uniform(-3, 3);
        std::vector<std::uint16_t> nodes;
        std::vector<double> expected;
        for (int k = 0; k < 6; ++k) {
            bit_set<8> cosines;
            bit_set<8> sines;
            double value = 1;
            for (std::size_t slot = 0; slot < 8; ++slot) {
                const auto kind = draw.below(3);
                if (kind == 1) cosines.insert(slot), value *= std::cos(angle[slot]);
                if (kind == 2) sines.insert(slot), value *= std::sin(angle[slot]);
            }
            nodes.push_back(builder.monomial(cosines, sines));
            expected.push_back(value);
        }
        const auto& program = builder.program();
        REQUIRE(program.complete);
        std::vector<double> value;
        for (std::size_t k = 0; k < program.factor_count; ++k)
            value.push_back(program.factors[k].sine ? std::sin(angle[program.factors[k].slot])
                                                    : std::cos(angle[program.factors[k].slot]));
        for (std::size_t k = 0; k < program.product_count; ++k) {
            REQUIRE(program.products[k].left < value.size());  // only earlier nodes
            REQUIRE(program.products[k].right < value.size());
            value.push_back(value[program.products[k].left] * value[program.products[k].right]);
        }
        for (std::size_t k = 0; k < nodes.size(); ++k)
            CHECK(std::abs((nodes[k] == program.none ? 1 : value[nodes[k]]) - expected[k]) < 1e-15);
    }
}
