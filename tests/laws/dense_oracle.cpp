// SPDX-License-Identifier: Apache-2.0
// The oracle itself: matrices, states and identities that can be written down by hand.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <reference/close.hpp>
#include <reference/dense_simulator.hpp>
#include <reference/test_circuits.hpp>

namespace {
using namespace reference;
using qvit::operation;

const complex i_(0, 1);
const double root_half = std::sqrt(0.5);

double distance(const matrix& a, const matrix& b) {
    if (a.dimension != b.dimension) return std::numeric_limits<double>::infinity();
    double largest = 0;
    for (std::size_t i = 0; i < a.entries.size(); ++i)
        largest = std::max(largest, std::abs(a.entries[i] - b.entries[i]));
    return largest;
}
/// a e^(i angle) = b for the angle that makes the largest entry of b agree.
double distance_up_to_phase(matrix a, const matrix& b) {
    std::size_t largest = 0;
    for (std::size_t i = 0; i < b.entries.size(); ++i)
        if (std::abs(b.entries[i]) > std::abs(b.entries[largest]) + 1e-9) largest = i;
    const complex ratio = b.entries[largest] / a.entries[largest];
    if (!close(std::abs(ratio), 1, 0, 1e-9)) return 1;
    for (complex& entry : a.entries) entry *= ratio;
    return distance(a, b);
}

bool same(const state& a, const state& b) {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) < 1e-15)) return false;
    return true;
}
/// The matrix of a run-time circuit of these gates.
matrix of_gates(std::size_t width, const std::vector<qvit::gate>& gates) {
    qvit::runtime_circuit circuit(width);
    circuit.gates = gates;
    return unitary_of(dense(circuit), nullptr, nullptr);
}
}  // namespace

TEST_CASE("oracle: constant gates of one wire, letter by letter") {
    CHECK(distance(matrix_of(operation::id), {{1, 0}, {0, 1}}) == 0);
    CHECK(distance(matrix_of(operation::x), {{0, 1}, {1, 0}}) == 0);
    CHECK(distance(matrix_of(operation::y), {{0, -i_}, {i_, 0}}) == 0);
    CHECK(distance(matrix_of(operation::z), {{1, 0}, {0, -1}}) == 0);
    CHECK(distance(matrix_of(operation::h), {{root_half, root_half}, {root_half, -root_half}}) < 1e-16);
    CHECK(distance(matrix_of(operation::s), {{1, 0}, {0, i_}}) == 0);
    CHECK(distance(matrix_of(operation::t), {{1, 0}, {0, std::polar(1.0, qvit::pi / 4)}}) < 3e-16);
    // Squares and inverses.
    auto square = [](operation kind) { return matrix_of(kind) * matrix_of(kind); };
    CHECK(distance(square(operation::t), matrix_of(operation::s)) < 1e-15);
    CHECK(distance(square(operation::s), matrix_of(operation::z)) < 1e-15);
    CHECK(distance(square(operation::sx), matrix_of(operation::x)) < 1e-15);
    CHECK(distance(square(operation::h), identity_matrix(2)) < 1e-15);
    CHECK(distance(matrix_of(operation::sdg), adjoint(matrix_of(operation::s))) < 1e-15);
    CHECK(distance(matrix_of(operation::tdg), adjoint(matrix_of(operation::t))) < 1e-15);
    CHECK(distance(matrix_of(operation::sxdg), adjoint(matrix_of(operation::sx))) < 1e-15);
    CHECK(std::abs(matrix_of(operation::sx)(0, 0) - complex(0.5, 0.5)) < 1e-16);  // of the two roots, OpenQASM's
}

TEST_CASE("oracle: rotations of one wire at a third of a turn") {
    const double t = 2 * qvit::pi / 3;  // half of it is 60 degrees
    const double c = 0.5;
    const double s = std::sqrt(0.75);
    CHECK(distance(matrix_of(operation::rx, t), {{c, -i_ * s}, {-i_ * s, c}}) < 1e-15);
    CHECK(distance(matrix_of(operation::ry, t), {{c, -s}, {s, c}}) < 1e-15);
    CHECK(distance(matrix_of(operation::rz, t), {{c - i_ * s, 0}, {0, c + i_ * s}}) < 1e-15);
    CHECK(distance(matrix_of(operation::p, t), {{1, 0}, {0, -c + i_ * s}}) < 1e-15);
}

TEST_CASE("oracle: U3 by its names, and Rot is another order of the same angles") {
    using qvit::pi;
    CHECK(distance(matrix_of(operation::u3, pi / 2, 0, pi), matrix_of(operation::h)) < 1e-15);
    CHECK(distance(matrix_of(operation::u3, pi, 0, pi), matrix_of(operation::x)) < 1e-15);
    CHECK(distance(matrix_of(operation::u3, 0, 0, 0.7), matrix_of(operation::p, 0.7)) < 1e-15);
    CHECK(distance(matrix_of(operation::u3, 0.7, 0, 0), matrix_of(operation::ry, 0.7)) < 1e-15);
    CHECK(distance(matrix_of(operation::u3, 0.7, -pi / 2, pi / 2), matrix_of(operation::rx, 0.7)) < 1e-15);
    const double a = 0.3;
    const double b = -1.1;
    const double c = 2.4;
    const matrix product = matrix_of(operation::rz, c) * matrix_of(operation::ry, b) * matrix_of(operation::rz, a);
    CHECK(distance(matrix_of(operation::rot, a, b, c), product) < 1e-15);
    CHECK(distance_up_to_phase(matrix_of(operation::u3, b, c, a), product) < 1e-15);
    CHECK(distance_up_to_phase(matrix_of(operation::u3, a, b, c), product) > 0.1);
}

TEST_CASE("oracle: gates of two wires over |b a>, index a + 2 b") {
    const matrix cnot_matrix{{1, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}};
    CHECK(distance(matrix_of(operation::cnot), cnot_matrix) == 0);
    CHECK(distance(matrix_of(operation::cy), {{1, 0, 0, 0}, {0, 0, 0, -i_}, {0, 0, 1, 0}, {0, i_, 0, 0}}) == 0);
    CHECK(distance(matrix_of(operation::cz), {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, -1}}) == 0);
    CHECK(distance(matrix_of(operation::ch),
                   {{1, 0, 0, 0}, {0, root_half, 0, root_half}, {0, 0, 1, 0}, {0, root_half, 0, -root_half}}) < 1e-16);
    CHECK(distance(matrix_of(operation::swap), {{1, 0, 0, 0}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 0, 1}}) == 0);
    CHECK(distance(matrix_of(operation::iswap), {{1, 0, 0, 0}, {0, 0, i_, 0}, {0, i_, 0, 0}, {0, 0, 0, 1}}) == 0);
    const double t = 2 * qvit::pi / 3;
    const double c = 0.5;
    const double s = std::sqrt(0.75);
    CHECK(distance(matrix_of(operation::crx, t), {{1, 0, 0, 0}, {0, c, 0, -i_ * s}, {0, 0, 1, 0}, {0, -i_ * s, 0, c}}) <
          1e-15);
    CHECK(distance(matrix_of(operation::cry, t), {{1, 0, 0, 0}, {0, c, 0, -s}, {0, 0, 1, 0}, {0, s, 0, c}}) < 1e-15);
    CHECK(distance(matrix_of(operation::crz, t),
                   {{1, 0, 0, 0}, {0, c - i_ * s, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, c + i_ * s}}) < 1e-15);
    CHECK(distance(matrix_of(operation::cp, t), {{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, -c + i_ * s}}) <
          1e-15);
    CHECK(distance(matrix_of(operation::rbs, t - qvit::pi / 3),  // cos = c, sin = s
                   {{1, 0, 0, 0}, {0, c, -s, 0}, {0, s, c, 0}, {0, 0, 0, 1}}) < 1e-15);
}

TEST_CASE("oracle: two-wire rotations are cos - i sin of a product of Paulis") {
    const double t = 1.234;
    for (const auto& [kind, pauli] :
         {std::pair{operation::rxx, operation::x}, {operation::ryy, operation::y}, {operation::rzz, operation::z}}) {
        const matrix one = matrix_of(pauli);
        matrix expected(4);
        for (std::size_t row = 0; row < 4; ++row)
            for (std::size_t column = 0; column < 4; ++column)
                expected(row, column) = (row == column ? std::cos(t / 2) : 0) -
                                        i_ * std::sin(t / 2) * one(row & 1, column & 1) * one(row >> 1, column >> 1);
        CHECK(distance(matrix_of(kind, t), expected) < 1e-15);
    }
}

TEST_CASE("oracle: CNOT, CCX and CSWAP on basis states: the first wires are the controls") {
    // Wires 2, 0, 3 of four: |b> -> expected index.
    const matrix toffoli = of_gates(4, {{qvit::ccx, {2, 0, 3}, {}, 0}});
    const matrix fredkin = of_gates(4, {{qvit::cswap, {2, 0, 3}, {}, 0}});
    const matrix flip = of_gates(4, {{qvit::cnot, {2, 0}, {}, 0}});
    for (std::size_t basis = 0; basis < 16; ++basis) {
        const bool w0 = bit(basis, 0) != 0;
        const bool w2 = bit(basis, 2) != 0;
        const bool w3 = bit(basis, 3) != 0;
        CHECK(toffoli(w0 && w2 ? basis ^ 8 : basis, basis) == 1.0);
        CHECK(fredkin(w2 && w0 != w3 ? basis ^ 9 : basis, basis) == 1.0);
        CHECK(flip(w2 ? basis ^ 1 : basis, basis) == 1.0);
    }
}

TEST_CASE("oracle: known decompositions, global phase included") {
    using namespace qvit;
    const double a = 0.83;
    // Controlled gates from CNOTs.
    CHECK(distance(of_gates(2, {{cry, {0, 1}, {angle(a)}, 0}}), of_gates(2, {{ry, {1}, {angle(a / 2)}, 0},
                                                                             {cnot, {0, 1}, {}, 0},
                                                                             {ry, {1}, {angle(-a / 2)}, 0},
                                                                             {cnot, {0, 1}, {}, 0}})) < 1e-15);
    CHECK(distance(of_gates(2, {{rzz, {0, 1}, {angle(a)}, 0}}),
                   of_gates(2, {{cnot, {0, 1}, {}, 0}, {rz, {1}, {angle(a)}, 0}, {cnot, {0, 1}, {}, 0}})) < 1e-15);
    CHECK(distance(of_gates(2, {{cp, {0, 1}, {angle(a)}, 0}}), of_gates(2, {{p, {0}, {angle(a / 2)}, 0},
                                                                            {p, {1}, {angle(a / 2)}, 0},
                                                                            {cnot, {0, 1}, {}, 0},
                                                                            {p, {1}, {angle(-a / 2)}, 0},
                                                                            {cnot, {0, 1}, {}, 0}})) < 1e-15);
    // SWAP is three CNOTs; iSWAP is SWAP, CZ and S on both.
    CHECK(distance(of_gates(2, {{swap, {0, 1}, {}, 0}}),
                   of_gates(2, {{cnot, {0, 1}, {}, 0}, {cnot, {1, 0}, {}, 0}, {cnot, {0, 1}, {}, 0}})) < 1e-15);
    CHECK(distance(of_gates(2, {{iswap, {0, 1}, {}, 0}}),
                   of_gates(2, {{swap, {0, 1}, {}, 0}, {cz, {0, 1}, {}, 0}, {s, {0}, {}, 0}, {s, {1}, {}, 0}})) <
          1e-15);
    // RBS(a, b) turns |only b> into cos |only b> - sin |only a>; wire b loses amplitude to wire a.
    const matrix turned = of_gates(3, {{rbs, {0, 2}, {angle(a)}, 0}});
    CHECK(close(turned(4, 4).real(), std::cos(a), 0, 1e-15));
    CHECK(close(turned(1, 4).real(), -std::sin(a), 0, 1e-15));
    CHECK(close(turned(4, 1).real(), std::sin(a), 0, 1e-15));
    CHECK(turned(5, 5) == 1.0);
}

TEST_CASE("oracle: every gate is unitary on any wires, and its derivative is a central difference") {
    qvit::random_stream draw(5);
    for (std::size_t k = 0; k < qvit::operation_count; ++k) {
        const auto kind = static_cast<operation>(k);
        if (qvit::is_user_matrix(kind)) continue;
        INFO(qvit::name_of(kind));
        const std::array<double, 3> angles{draw.uniform(-7, 7), draw.uniform(-7, 7), draw.uniform(-7, 7)};
        const matrix m = matrix_of(kind, angles[0], angles[1], angles[2]);
        CHECK(m.dimension == std::size_t{1} << qvit::wires_of(kind));
        CHECK(distance(m * adjoint(m), identity_matrix(m.dimension)) < 1e-15);
        bool real = true;
        for (const complex& entry : m.entries) real = real && entry.imag() == 0;
        CHECK(real == qvit::facts_of(kind).real);
        for (std::size_t which = 0; which < 3; ++which) {
            auto moved = [&](double by) {
                auto other = angles;
                other[which] += by;
                return matrix_of(kind, other[0], other[1], other[2]);
            };
            const double h = 1e-4;
            matrix difference(m.dimension);
            for (std::size_t e = 0; e < m.entries.size(); ++e)
                difference.entries[e] = (moved(h).entries[e] - moved(-h).entries[e]) / (2 * h);
            const matrix derivative = matrix_derivative_of(kind, angles, which);
            CHECK(distance(derivative, difference) < 1e-8);
            CHECK((distance(derivative, matrix(m.dimension)) > 0) == (which < qvit::angles_of(kind)));
        }
    }
}

TEST_CASE("oracle: a Bell pair") {
    const dense_circuit bell = dense(no_angles);
    CHECK(same(run(bell, nullptr, nullptr), {root_half, 0, 0, root_half}));
    CHECK(largest_magnitude(outputs(bell, nullptr, nullptr)) < 1e-15);
}

TEST_CASE("oracle: RY(pi/3) on |0> is (cos pi/6, sin pi/6)") {
    const dense_circuit circuit =
        dense(qvit::circuit<1>(encode<qvit::ry>, measure<qvit::z>, measure<qvit::x>, measure<qvit::y>));
    const double angle = qvit::pi / 3;
    CHECK(same(run(circuit, &angle, nullptr), {std::sqrt(0.75), 0.5}));
    const auto values = outputs(circuit, &angle, nullptr);
    CHECK(close(values[0], 0.5, 0, 1e-15));
    CHECK(close(values[1], std::sqrt(0.75), 0, 1e-15));
    CHECK(close(values[2], 0, 0, 1e-15));
    const double upstream[] = {1, 0, 0};
    CHECK(close(gradient(circuit, &angle, nullptr, upstream).inputs[0], -std::sin(angle), 0, 1e-15));
}

TEST_CASE("oracle: RX turns |0> to -Y, RZ turns X to Y") {
    const double angle = 0.4;
    const dense_circuit rx_only = dense(qvit::circuit<1>(encode<qvit::rx>, measure<qvit::y>));
    CHECK(close(outputs(rx_only, &angle, nullptr)[0], -std::sin(angle), 0, 1e-15));
    const dense_circuit rz_after_h =
        dense(qvit::circuit<1>(apply<qvit::h>, encode<qvit::rz>, measure<qvit::x>, measure<qvit::y>));
    const auto values = outputs(rz_after_h, &angle, nullptr);
    CHECK(close(values[0], std::cos(angle), 0, 1e-15));
    CHECK(close(values[1], std::sin(angle), 0, 1e-15));
    const complex half = std::exp(complex(0, angle / 2));
    CHECK(same(run(rz_after_h, &angle, nullptr), {root_half * std::conj(half), root_half * half}));
}

TEST_CASE("oracle: wire 0 is the least significant bit") {
    // X on wire 0 gives index 1; a CNOT 0 -> 2 then sets bit 2; a CNOT 1 -> 0 does nothing as wire 1 is 0.
    const dense_circuit circuit =
        dense(qvit::circuit<3>(apply<qvit::x, 0>, apply<qvit::cnot, 0, 2>, apply<qvit::cnot, 1, 0>, measure<qvit::z>));
    CHECK(same(run(circuit, nullptr, nullptr), {0, 0, 0, 0, 0, 1, 0, 0}));
    CHECK(outputs(circuit, nullptr, nullptr) == std::vector<double>{-1, 1, -1});
}

TEST_CASE("oracle: H RX(x) does not depend on x: |+> is an eigenstate of X") {
    const dense_circuit circuit =
        dense(qvit::circuit<1>(apply<qvit::h>, encode<qvit::rx>, measure<qvit::x>, measure<qvit::y>, measure<qvit::z>));
    for (const double angle : {0.0, 0.3, 2.0}) {
        const auto values = outputs(circuit, &angle, nullptr);
        CHECK(close(values[0], 1, 0, 1e-15));
        CHECK(close(values[1], 0, 0, 1e-15));
        CHECK(close(values[2], 0, 0, 1e-15));
    }
}
