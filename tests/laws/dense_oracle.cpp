// SPDX-License-Identifier: Apache-2.0
// The oracle itself, against states that can be written down by hand.
#include <doctest/doctest.h>

#include <cmath>

#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/engine_laws.hpp>
#include <reference/test_circuits.hpp>

namespace {
using reference::close;
using reference::dense_circuit;
using reference::state;

const double pi = std::acos(-1.0);
const double root_half = std::sqrt(0.5);

bool same(const state& a, const state& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) < 1e-15)) return false;
    return true;
}
}  // namespace

TEST_CASE("oracle: a Bell pair") {
    const dense_circuit bell = reference::dense(reference::no_angles);
    CHECK(same(reference::run(bell, nullptr, nullptr), {root_half, 0, 0, root_half}));
    CHECK(reference::largest_magnitude(reference::outputs(bell, nullptr, nullptr)) < 1e-15);
}

TEST_CASE("oracle: RY(pi/3) on |0> is (cos pi/6, sin pi/6)") {
    static constexpr auto table = reference::circuit<1>(reference::encode<qvit::ry>, reference::measure<qvit::z>,
                                                        reference::measure<qvit::x>, reference::measure<qvit::y>);
    const double angle = pi / 3;
    CHECK(same(reference::run(reference::dense(table), &angle, nullptr), {std::sqrt(0.75), 0.5}));
    const auto values = reference::outputs(reference::dense(table), &angle, nullptr);
    CHECK(close(values[0], 0.5, 0, 1e-15));
    CHECK(close(values[1], std::sqrt(0.75), 0, 1e-15));
    CHECK(close(values[2], 0, 0, 1e-15));
    const double upstream[] = {1, 0, 0};
    CHECK(close(reference::parameter_shift(reference::dense(table), &angle, nullptr, upstream).inputs[0],
                -std::sin(angle), 0, 1e-15));
}

TEST_CASE("oracle: RX turns |0> to -Y, RZ turns X to Y") {
    static constexpr auto rx_only = reference::circuit<1>(reference::encode<qvit::rx>, reference::measure<qvit::y>);
    const double angle = 0.4;
    CHECK(close(reference::outputs(reference::dense(rx_only), &angle, nullptr)[0], -std::sin(angle), 0, 1e-15));
    static constexpr auto rz_after_h = reference::circuit<1>(reference::apply<qvit::h>, reference::encode<qvit::rz>,
                                                             reference::measure<qvit::x>, reference::measure<qvit::y>);
    const auto values = reference::outputs(reference::dense(rz_after_h), &angle, nullptr);
    CHECK(close(values[0], std::cos(angle), 0, 1e-15));
    CHECK(close(values[1], std::sin(angle), 0, 1e-15));
    const std::complex<double> phase = std::exp(std::complex<double>(0, angle / 2));
    CHECK(same(reference::run(reference::dense(rz_after_h), &angle, nullptr),
               {root_half * std::conj(phase), root_half * phase}));
}

TEST_CASE("oracle: CNOT flips its second wire where the first is 1, and wire 0 is the least significant bit") {
    // X on wire 0 gives index 1; a CNOT 0 -> 2 then sets bit 2; a CNOT 1 -> 0 does nothing as wire 1 is 0.
    static constexpr auto table =
        reference::circuit<3>(reference::apply<qvit::x, 0>, reference::apply<qvit::cnot, 0, 2>,
                              reference::apply<qvit::cnot, 1, 0>, reference::measure<qvit::z>);
    CHECK(same(reference::run(reference::dense(table), nullptr, nullptr), {0, 0, 0, 0, 0, 1, 0, 0}));
    CHECK(reference::outputs(reference::dense(table), nullptr, nullptr) == std::vector<double>{-1, 1, -1});
}

TEST_CASE("oracle: H RX(x) does not depend on x: |+> is an eigenstate of X") {
    static constexpr auto table =
        reference::circuit<1>(reference::apply<qvit::h>, reference::encode<qvit::rx>, reference::measure<qvit::x>,
                              reference::measure<qvit::y>, reference::measure<qvit::z>);
    for (const double angle : {0.0, 0.3, 2.0}) {
        const auto values = reference::outputs(reference::dense(table), &angle, nullptr);
        CHECK(close(values[0], 1, 0, 1e-15));
        CHECK(close(values[1], 0, 0, 1e-15));
        CHECK(close(values[2], 0, 0, 1e-15));
    }
}

TEST_CASE("oracle: gates keep norm and inner products") {
    const dense_circuit circuit = reference::dense(reference::all_gates);
    qvit::random_stream draw(5);
    auto random_state = [&] {
        state psi(16);
        for (auto& amplitude : psi) amplitude = {draw.uniform(-1, 1), draw.uniform(-1, 1)};
        return psi;
    };
    state a = random_state();
    state b = random_state();
    const auto before = reference::inner(a, b);
    const double norm = reference::inner(a, a).real();
    for (const qvit::gate& g : circuit.gates) {
        const double angle = draw.uniform(-7, 7);
        for (state* psi : {&a, &b})
            *psi = qvit::wires_of(g.kind) == 2
                       ? reference::apply_matrix(reference::two_wire_matrix_of(g.kind), g.wires[0], g.wires[1], *psi)
                       : reference::apply_matrix(reference::matrix_of(g.kind, angle), g.wires[0], *psi);
        CHECK(close(reference::inner(a, a).real(), norm, 1e-14, 0));
        CHECK(std::abs(reference::inner(a, b) - before) < 1e-13);
    }
}

TEST_CASE("oracle: a rotation by -t undoes one by t, and X, Y, Z, H, CNOT, CZ undo themselves") {
    qvit::random_stream draw(6);
    state psi(8);
    for (auto& amplitude : psi) amplitude = {draw.uniform(-1, 1), draw.uniform(-1, 1)};
    for (const qvit::operation kind : {qvit::x, qvit::y, qvit::z, qvit::h, qvit::rx, qvit::ry, qvit::rz})
        for (std::size_t wire = 0; wire < 3; ++wire) {
            const double angle = draw.uniform(-7, 7);
            const state there = reference::apply_matrix(reference::matrix_of(kind, angle), wire, psi);
            CHECK_FALSE(same(there, psi));
            const state back = reference::apply_matrix(reference::matrix_of(kind, -angle), wire, there);
            for (std::size_t i = 0; i < psi.size(); ++i) CHECK(std::abs(back[i] - psi[i]) < 1e-15 * 4);
        }
    for (const qvit::operation kind : {qvit::cnot, qvit::cz}) {
        const auto matrix = reference::two_wire_matrix_of(kind);
        const state there = reference::apply_matrix(matrix, 2, 0, psi);
        CHECK_FALSE(same(there, psi));
        CHECK(same(reference::apply_matrix(matrix, 2, 0, there), psi));
    }
}
