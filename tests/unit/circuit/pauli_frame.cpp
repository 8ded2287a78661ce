// SPDX-License-Identifier: Apache-2.0
// Pauli strings, their products and their images under Clifford gates, against dense matrices.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

#include <qvit/circuit/pauli_frame.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/core/random_stream.hpp>
#include <reference/dense_program.hpp>

using namespace qvit;

namespace {
/// All signed Pauli strings of the first `wires` wires.
template <std::size_t Width>
std::vector<pauli_string<Width>> all_strings(std::size_t wires) {
    constexpr std::array paulis{id, x, y, z};
    std::vector<pauli_string<Width>> strings;
    for (std::size_t code = 0; code < (std::size_t{2} << (2 * wires)); ++code) {
        pauli_string<Width> p;
        for (std::size_t wire = 0; wire < wires; ++wire) p.set(wire, paulis[(code >> (2 * wire)) & 3]);
        p.negative = (code >> (2 * wires)) != 0;
        strings.push_back(p);
    }
    return strings;
}
template <std::size_t Width>
pauli_string<Width> random_string(random_stream& draw) {
    constexpr std::array paulis{id, x, y, z};
    pauli_string<Width> p;
    for (std::size_t wire = 0; wire < Width; ++wire) p.set(wire, paulis[draw.below(4)]);
    p.negative = draw.below(2) == 0;
    return p;
}
constexpr reference::complex powers_of_i[] = {{1, 0}, {0, 1}, {-1, 0}, {0, -1}};

/// i^turns a b, column by column.
template <std::size_t Width>
std::vector<reference::state> product(const pauli_string<Width>& a, const pauli_string<Width>& b, unsigned turns) {
    return reference::columns_of(Width, [&](const reference::state& basis) {
        reference::state psi = reference::apply_pauli(a, Width, reference::apply_pauli(b, Width, basis));
        for (auto& amplitude : psi) amplitude *= powers_of_i[turns];
        return psi;
    });
}
template <std::size_t Width>
std::vector<reference::state> matrix(const pauli_string<Width>& p) {
    return reference::columns_of(Width,
                                 [&](const reference::state& psi) { return reference::apply_pauli(p, Width, psi); });
}

// ---- one wire at a time, at both ends of words ----
constexpr bool set_and_at_agree() {
    pauli_string<130> p;
    for (const std::size_t wire : {0U, 63U, 64U, 127U, 128U, 129U})
        for (const operation pauli : {y, x, id, z}) {
            p.set(wire, pauli);
            if (p.at(wire) != pauli || p.acts_on(wire) != (pauli != id)) return false;
        }
    return p.z.count() == 6 && p.x.empty() && !p.is_identity() && !p.acts_on(1);
}
static_assert(set_and_at_agree() && pauli_string<130>{}.is_identity());
}  // namespace

TEST_CASE("pauli_string: every product of two strings on two wires is the matrices' product, phase included") {
    for (const auto& a : all_strings<2>(2))
        for (const auto& b : all_strings<2>(2)) {
            const auto ab = product(a, b, 0);
            const auto ba = product(b, a, 0);
            const bool commute = reference::largest_difference(ab, ba) < 1e-15;
            CHECK(a.anticommutes(b) == !commute);
            for (const unsigned turns : commute ? std::array{0u, 2u} : std::array{1u, 3u}) {
                auto result = a;
                result.multiply(b, turns);
                CHECK(reference::largest_difference(matrix(result), product(a, b, turns)) < 1e-15);
            }
        }
}

TEST_CASE("pauli_string: a product with itself is the identity") {
    for (auto p : all_strings<2>(2)) {
        p.multiply(p, 0);
        CHECK(p == pauli_string<2>{});
    }
}

TEST_CASE("pauli_string: y_count counts Ys on every word") {
    random_stream draw(1);
    for (int round = 0; round < 50; ++round) {
        const auto p = random_string<130>(draw);
        unsigned expected = 0;
        for (std::size_t wire = 0; wire < 130; ++wire) expected += p.at(wire) == y ? 1 : 0;
        CHECK(p.y_count() == expected);
    }
}

TEST_CASE("pauli_string: products of wide strings are those of their wires") {
    random_stream draw(2);
    for (int round = 0; round < 50; ++round) {
        const auto a = random_string<130>(draw);
        const auto b = random_string<130>(draw);
        // Wire by wire with one-wire strings, which the first test has covered: phases multiply.
        unsigned turns = 0;
        pauli_string<130> expected;
        std::size_t differing = 0;
        for (std::size_t wire = 0; wire < 130; ++wire) {
            pauli_string<1> p;
            pauli_string<1> q;
            p.set(0, a.at(wire));
            q.set(0, b.at(wire));
            const bool odd = p.anticommutes(q);
            differing += odd ? 1 : 0;
            p.multiply(q, odd ? 3 : 0);  // p q = i (-i p q)
            turns += (odd ? 1u : 0u) + (p.negative ? 2u : 0u);
            expected.set(wire, p.at(0));
        }
        CHECK(a.anticommutes(b) == (differing % 2 == 1));
        const unsigned given = differing % 2;  // i^given a b is Hermitian
        expected.negative = ((turns + given) / 2 % 2 == 1) != (a.negative != b.negative);
        auto result = a;
        result.multiply(b, given);
        CHECK(result == expected);
    }
}

namespace {
/// A Clifford gate as the frame appends it, and as dense gates.
struct appended {
    enum { cnot_gate, cz_gate, swap_gate, h_gate, turns } kind;
    std::size_t a = 0;
    std::size_t b = 0;
    operation axis = z;
    unsigned quarters = 0;

    template <std::size_t Width>
    void append_to(pauli_frame<Width>& frame) const {
        if (kind == cnot_gate) frame.append_cnot(a, b);
        if (kind == cz_gate) frame.append_cz(a, b);
        if (kind == swap_gate) frame.append_swap(a, b);
        if (kind == h_gate) frame.append_h(a);
        if (kind == turns) frame.append_quarter_turns(axis, a, quarters);
    }
    reference::state apply(const reference::state& psi) const {
        if (kind == cnot_gate) return reference::apply_matrix(reference::matrix_of(cnot), a, b, psi);
        if (kind == cz_gate) return reference::apply_matrix(reference::matrix_of(cz), a, b, psi);
        if (kind == swap_gate) return reference::apply_matrix(reference::matrix_of(swap), a, b, psi);
        if (kind == h_gate) return reference::apply_matrix(reference::matrix_of(h), a, psi);
        const operation rotation = axis == x ? rx : axis == y ? ry : rz;
        return reference::apply_matrix(reference::matrix_of(rotation, quarters * pi / 2), a, psi);
    }
};
/// Every gate on a register.
std::vector<appended> all_gates(std::size_t wires) {
    std::vector<appended> gates;
    for (std::size_t a = 0; a < wires; ++a) {
        gates.push_back({appended::h_gate, a});
        for (const operation axis : {x, y, z})
            for (unsigned quarters = 0; quarters < 4; ++quarters)
                gates.push_back({appended::turns, a, 0, axis, quarters});
        for (std::size_t b = 0; b < wires; ++b) {
            if (a == b) continue;
            gates.push_back({appended::cnot_gate, a, b});
            gates.push_back({appended::cz_gate, a, b});
            gates.push_back({appended::swap_gate, a, b});
        }
    }
    return gates;
}

/// P C = C (C^dagger P C) for every string of the register.
template <std::size_t Width>
void check_images(const std::vector<appended>& word) {
    pauli_frame<Width> frame(Width);
    for (const appended& gate : word) gate.append_to(frame);
    auto run = [&](reference::state psi) {
        for (const appended& gate : word) psi = gate.apply(psi);
        return psi;
    };
    const auto columns = reference::columns_of(Width, run);
    for (const auto& p : all_strings<Width>(Width)) {
        const auto image = frame.image(p);
        double error = 0;
        for (std::size_t k = 0; k < columns.size(); ++k) {
            reference::state basis(columns.size());
            basis[k] = 1;
            error = std::max(error, reference::largest_difference(reference::apply_pauli(p, Width, columns[k]),
                                                                  run(reference::apply_pauli(image, Width, basis))));
        }
        CHECK(error < 1e-13);
    }
    for (std::size_t wire = 0; wire < Width; ++wire)
        for (const operation pauli : {x, y, z}) {
            pauli_string<Width> p;
            p.set(wire, pauli);
            CHECK(frame.image(pauli, wire) == frame.image(p));
        }
}
}  // namespace

TEST_CASE("pauli_frame: without gates every string is its own image") { check_images<2>({}); }

TEST_CASE("pauli_frame: the image of every string under every gate") {
    for (const appended& gate : all_gates(2)) check_images<2>({gate});
}

TEST_CASE("pauli_frame: the image of every string under random words of gates") {
    random_stream draw(4);
    const auto gates = all_gates(3);
    for (int round = 0; round < 60; ++round) {
        std::vector<appended> word;
        for (std::size_t i = 1 + draw.below(15); i-- > 0;)
            word.push_back(gates[draw.below(static_cast<std::uint32_t>(gates.size()))]);
        check_images<3>(word);
    }
}

TEST_CASE("pauli_frame: gates on wires of different words") {
    // The Z after a chain of CNOTs 0 -> 1 -> ... -> 129 was the Zs of all wires before it.
    pauli_frame<130> frame(130);
    for (std::size_t wire = 0; wire + 1 < 130; ++wire) frame.append_cnot(wire, wire + 1);
    pauli_string<130> all_z;
    for (std::size_t wire = 0; wire < 130; ++wire) all_z.set(wire, z);
    CHECK(frame.image(z, 129) == all_z);
    pauli_string<130> pair;  // the X reaches the next target only
    pair.set(63, x);
    pair.set(64, x);
    CHECK(frame.image(x, 63) == pair);
    frame.append_swap(0, 129);
    CHECK(frame.image(z, 0) == all_z);
    frame.append_h(0);
    CHECK(frame.image(x, 0) == all_z);
    frame.append_quarter_turns(x, 0, 2);  // X Z X = -Z: nothing for the image of X
    CHECK(frame.image(x, 0) == all_z);
    frame.append_quarter_turns(z, 0, 2);
    all_z.negative = true;
    CHECK(frame.image(x, 0) == all_z);
}
