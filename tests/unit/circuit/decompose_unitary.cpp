// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <limits>
#include <random>
#include <utility>

#include <qvit/circuit/kak.hpp>
#include <qvit/circuit/zyz.hpp>

using namespace qvit;

namespace {
using complex = std::complex<double>;
constexpr complex i_unit{0, 1};

/// A square matrix, written for clarity.
template <std::size_t Size>
struct matrix {
    std::array<std::array<complex, Size>, Size> entry{};
    static matrix identity() {
        matrix result;
        for (std::size_t j = 0; j < Size; ++j) result.entry[j][j] = 1;
        return result;
    }
    friend matrix operator*(const matrix& a, const matrix& b) {
        matrix result;
        for (std::size_t j = 0; j < Size; ++j)
            for (std::size_t k = 0; k < Size; ++k)
                for (std::size_t i = 0; i < Size; ++i) result.entry[j][k] += a.entry[j][i] * b.entry[i][k];
        return result;
    }
    friend matrix operator*(complex factor, matrix m) {
        for (auto& row : m.entry)
            for (complex& value : row) value *= factor;
        return m;
    }
    friend matrix operator+(matrix a, const matrix& b) {
        for (std::size_t j = 0; j < Size; ++j)
            for (std::size_t k = 0; k < Size; ++k) a.entry[j][k] += b.entry[j][k];
        return a;
    }
};
using matrix2 = matrix<2>;
using matrix4 = matrix<4>;

const matrix2 pauli_x{{{{0, 1}, {1, 0}}}}, pauli_y{{{{0, -i_unit}, {i_unit, 0}}}}, pauli_z{{{{1, 0}, {0, -1}}}};

/// b x a over |b a>, index a + 2 b.
matrix4 kronecker(const matrix2& b, const matrix2& a) {
    matrix4 result;
    for (std::size_t j = 0; j < 4; ++j)
        for (std::size_t k = 0; k < 4; ++k) result.entry[j][k] = b.entry[j / 2][k / 2] * a.entry[j % 2][k % 2];
    return result;
}

/// exp(-i angle / 2 P) for P^2 = 1.
template <std::size_t Size>
matrix<Size> rotation(const matrix<Size>& p, double angle) {
    return complex(std::cos(angle / 2)) * matrix<Size>::identity() + (-i_unit * std::sin(angle / 2)) * p;
}

matrix2 rebuilt(const zyz_angles& parts) {
    return std::exp(i_unit * parts.phase) *
           (rotation(pauli_z, parts.phi) * rotation(pauli_y, parts.theta) * rotation(pauli_z, parts.lambda));
}
matrix4 canonical(double xx, double yy, double zz) {
    return rotation(kronecker(pauli_x, pauli_x), xx) * rotation(kronecker(pauli_y, pauli_y), yy) *
           rotation(kronecker(pauli_z, pauli_z), zz);
}
matrix4 rebuilt(const kak_decomposition& parts) {
    return std::exp(i_unit * parts.phase) *
           (kronecker(rebuilt(parts.after[1]), rebuilt(parts.after[0])) * canonical(parts.xx, parts.yy, parts.zz) *
            kronecker(rebuilt(parts.before[1]), rebuilt(parts.before[0])));
}

template <std::size_t Size>
double difference(const matrix<Size>& a, const matrix<Size>& b) {
    double worst = 0;
    for (std::size_t j = 0; j < Size; ++j)
        for (std::size_t k = 0; k < Size; ++k) {
            const double error = std::abs(a.entry[j][k] - b.entry[j][k]);
            if (!(error <= worst)) worst = std::isnan(error) ? std::numeric_limits<double>::infinity() : error;
        }
    return worst;
}

template <std::size_t Size>
unitary_matrix as_unitary(const matrix<Size>& m) {
    unitary_matrix result;
    result.wires = Size / 2;
    for (std::size_t j = 0; j < Size; ++j)
        for (std::size_t k = 0; k < Size; ++k) result.entry[j][k] = {m.entry[j][k].real(), m.entry[j][k].imag()};
    return result;
}
template <std::size_t Size>
matrix<Size> as_matrix(const unitary_matrix& m) {
    matrix<Size> result;
    for (std::size_t j = 0; j < Size; ++j)
        for (std::size_t k = 0; k < Size; ++k) result.entry[j][k] = {m.entry[j][k].re, m.entry[j][k].im};
    return result;
}

bool in_range(double angle, double bound) { return angle > -bound && angle <= bound; }
double error_of(const matrix2& m) {
    const zyz_angles parts = zyz_of(as_unitary(m));
    CHECK((parts.theta >= 0 && parts.theta <= pi));
    CHECK((in_range(parts.phi, pi) && in_range(parts.lambda, pi) && in_range(parts.phase, pi)));
    return difference(rebuilt(parts), m);
}
double error_of(const matrix4& m) {
    const kak_decomposition parts = kak_of(as_unitary(m));
    CHECK((in_range(parts.xx, pi / 2) && in_range(parts.yy, pi / 2) && in_range(parts.zz, pi / 2)));
    CHECK(in_range(parts.phase, pi));
    for (const zyz_angles& gate : {parts.before[0], parts.before[1], parts.after[0], parts.after[1]})
        CHECK(gate.phase == 0);
    return difference(rebuilt(parts), m);
}

struct source_of_unitaries {
    std::mt19937_64 bits{2026};
    double angle() { return std::uniform_real_distribution<double>(-pi, pi)(bits); }
    std::size_t below(std::size_t bound) { return std::uniform_int_distribution<std::size_t>(0, bound - 1)(bits); }

    /// Haar-distributed by Gram-Schmidt on a Gaussian matrix, twice for accuracy; orthogonal if `real`.
    template <std::size_t Size>
    matrix<Size> unitary(bool real = false) {
        std::normal_distribution<double> normal;
        matrix<Size> m;
        for (std::size_t j = 0; j < Size; ++j) {
            for (complex& value : m.entry[j]) value = {normal(bits), real ? 0 : normal(bits)};
            for (int pass = 0; pass < 2; ++pass) {
                for (std::size_t k = 0; k < j; ++k) {
                    complex overlap = 0;
                    for (std::size_t i = 0; i < Size; ++i) overlap += std::conj(m.entry[k][i]) * m.entry[j][i];
                    for (std::size_t i = 0; i < Size; ++i) m.entry[j][i] -= overlap * m.entry[k][i];
                }
                double norm = 0;
                for (const complex& value : m.entry[j]) norm += std::norm(value);
                for (complex& value : m.entry[j]) value /= std::sqrt(norm);
            }
        }
        return m;
    }
    matrix4 local() { return kronecker(unitary<2>(), unitary<2>()); }
    /// Between random one-wire gates.
    matrix4 dressed(double xx, double yy, double zz) { return local() * canonical(xx, yy, zz) * local(); }
};

constexpr complex_constant i_constant{0, 1};
constexpr double half_root = constant_math::sqrt(0.5);
constexpr unitary_matrix two_wires(const std::array<std::array<complex_constant, 4>, 4>& rows) { return {2, rows}; }
constexpr unitary_matrix identity_matrix = two_wires({{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, 1}}});
constexpr unitary_matrix cnot_matrix = two_wires({{{1, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}}});
constexpr unitary_matrix cz_matrix = two_wires({{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, -1}}});
constexpr unitary_matrix swap_matrix = two_wires({{{1, 0, 0, 0}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 0, 1}}});
constexpr unitary_matrix iswap_matrix =
    two_wires({{{1, 0, 0, 0}, {0, 0, i_constant, 0}, {0, i_constant, 0, 0}, {0, 0, 0, 1}}});
constexpr complex_constant half_plus{0.5, 0.5}, half_minus{0.5, -0.5};
constexpr unitary_matrix root_of_swap =
    two_wires({{{1, 0, 0, 0}, {0, half_plus, half_minus, 0}, {0, half_minus, half_plus, 0}, {0, 0, 0, 1}}});
constexpr unitary_matrix hadamards =
    two_wires({{{.5, .5, .5, .5}, {.5, -.5, .5, -.5}, {.5, .5, -.5, -.5}, {.5, -.5, -.5, .5}}});
constexpr unitary_matrix fourier = two_wires({{{.5, .5, .5, .5},
                                               {.5, 0.5 * i_constant, -.5, -0.5 * i_constant},
                                               {.5, -.5, .5, -.5},
                                               {.5, -0.5 * i_constant, -.5, 0.5 * i_constant}}});

/// How many of xx, yy, zz have the given magnitude.
constexpr int count_of(const kak_decomposition& parts, double magnitude) {
    int found = 0;
    for (const double angle : {parts.xx, parts.yy, parts.zz}) found += angle == magnitude || angle == -magnitude;
    return found;
}
constexpr kak_decomposition cnot_parts = kak_of(cnot_matrix), cz_parts = kak_of(cz_matrix),
                            swap_parts = kak_of(swap_matrix), iswap_parts = kak_of(iswap_matrix),
                            root_parts = kak_of(root_of_swap), hadamard_parts = kak_of(hadamards),
                            fourier_parts = kak_of(fourier);
static_assert(kak_of(identity_matrix) == kak_decomposition{});
static_assert(count_of(cnot_parts, 0) == 2 && count_of(cnot_parts, pi / 2) == 1);
static_assert(cz_parts.xx == 0 && cz_parts.yy == 0 && cz_parts.zz == pi / 2);
static_assert(cz_parts.before[0] == zyz_angles{} && cz_parts.after[0].theta == 0 && cz_parts.after[1].theta == 0);
static_assert(count_of(swap_parts, pi / 2) == 3 && swap_parts.after[0] == zyz_angles{});
static_assert(count_of(iswap_parts, pi / 2) == 2 && count_of(iswap_parts, 0) == 1);
static_assert(count_of(root_parts, pi / 4) == 3);
static_assert(count_of(hadamard_parts, 0) == 3 && hadamard_parts.before[0] == zyz_angles{});

constexpr unitary_matrix hadamard{1, {{{half_root, half_root}, {half_root, -half_root}}}};
constexpr unitary_matrix not_gate{1, {{{0, 1}, {1, 0}}}};
static_assert(zyz_of(hadamard) == zyz_angles{pi / 2, pi / 2, 0, pi});
static_assert(zyz_of({1, {{{1, 0}, {0, i_constant}}}}) == zyz_angles{pi / 4, 0, pi / 2, 0});
static_assert(zyz_of(not_gate) == zyz_angles{-pi / 2, pi, pi, 0});
}  // namespace

TEST_CASE("zyz_of: random unitaries, and every product of up to six Clifford generators") {
    source_of_unitaries random;
    double worst = 0;
    for (int i = 0; i < 3000; ++i) worst = std::max(worst, error_of(random.unitary<2>()));
    CHECK(worst < 4e-15);

    const matrix2 generators[] = {
        as_matrix<2>(hadamard), {{{{1, 0}, {0, i_unit}}}}, {{{{1, 0}, {0, std::exp(i_unit * (pi / 4))}}}}};
    worst = 0;
    for (std::size_t word = 0; word < 729; ++word) {
        matrix2 product = matrix2::identity();
        for (std::size_t rest = word, letter = 0; letter < 6; ++letter, rest /= 3)
            product = product * generators[rest % 3];
        worst = std::max(worst, error_of(product));
    }
    CHECK(worst < 4e-15);
}

TEST_CASE("zyz_of: nearly diagonal and nearly anti-diagonal") {
    source_of_unitaries random;
    double worst = 0;
    for (double small = 1; small > 1e-20; small /= 3)
        for (int i = 0; i < 20; ++i)
            for (const double theta : {small, pi - small})
                worst = std::max(worst,
                                 error_of(rebuilt(zyz_angles{random.angle(), theta, random.angle(), random.angle()})));
    CHECK(worst < 1e-14);
}

TEST_CASE("kak_of: random unitary and orthogonal matrices") {
    source_of_unitaries random;
    double worst = 0, worst_orthogonal = 0;
    for (int i = 0; i < 5000; ++i) {
        worst = std::max(worst, error_of(random.unitary<4>()));
        worst_orthogonal = std::max(worst_orthogonal, error_of(random.unitary<4>(true)));  // both determinants
    }
    CHECK(worst < 2e-14);
    CHECK(worst_orthogonal < 2e-14);
}

TEST_CASE("kak_of: the named gates, decomposed while compiling") {
    const std::pair<kak_decomposition, unitary_matrix> named[] = {
        {cnot_parts, cnot_matrix},  {cz_parts, cz_matrix},       {swap_parts, swap_matrix}, {iswap_parts, iswap_matrix},
        {root_parts, root_of_swap}, {hadamard_parts, hadamards}, {fourier_parts, fourier}};
    for (const auto& [parts, gate] : named) CHECK(difference(rebuilt(parts), as_matrix<4>(gate)) < 4e-15);
}

TEST_CASE("kak_of: every permutation of the states, with phases") {
    double worst = 0;
    std::array<std::size_t, 4> order{0, 1, 2, 3};
    const complex phases[] = {1, i_unit, -1, -i_unit};
    do
        for (std::size_t code = 0; code < 256; ++code) {
            matrix4 m;
            for (std::size_t j = 0, rest = code; j < 4; ++j, rest /= 4) m.entry[j][order[j]] = phases[rest % 4];
            worst = std::max(worst, error_of(m));
        }
    while (std::next_permutation(order.begin(), order.end()));
    CHECK(worst < 1e-14);
}

TEST_CASE("kak_of: products of one-wire gates need no two-wire gate, diagonal matrices only zz") {
    source_of_unitaries random;
    double worst = 0;
    for (int i = 0; i < 2000; ++i) {
        const matrix4 local = std::exp(i_unit * random.angle()) * random.local();
        worst = std::max(worst, error_of(local));
        CHECK(count_of(kak_of(as_unitary(local)), 0) == 3);
        matrix4 diagonal;
        for (std::size_t j = 0; j < 4; ++j) diagonal.entry[j][j] = std::exp(i_unit * random.angle());
        worst = std::max(worst, error_of(diagonal));
        const kak_decomposition parts = kak_of(as_unitary(diagonal));
        CHECK((parts.xx == 0 && parts.yy == 0));
        for (const zyz_angles& gate : {parts.before[0], parts.before[1], parts.after[0], parts.after[1]})
            CHECK(gate.theta == 0);
    }
    CHECK(worst < 2e-14);
}

TEST_CASE("kak_of: gates between random one-wire gates keep their class") {
    source_of_unitaries random;
    double worst = 0;
    for (int i = 0; i < 1000; ++i) {
        const matrix4 like_cnot = random.local() * as_matrix<4>(cnot_matrix) * random.local();
        const matrix4 like_iswap = random.local() * as_matrix<4>(iswap_matrix) * random.local();
        const matrix4 like_swap = random.local() * as_matrix<4>(swap_matrix) * random.local();
        const matrix4 like_root = random.local() * as_matrix<4>(root_of_swap) * random.local();
        for (const matrix4& m : {like_cnot, like_iswap, like_swap, like_root}) worst = std::max(worst, error_of(m));
        const kak_decomposition cnot_class = kak_of(as_unitary(like_cnot));
        CHECK((count_of(cnot_class, 0) == 2 && count_of(cnot_class, pi / 2) == 1));
        const kak_decomposition iswap_class = kak_of(as_unitary(like_iswap));
        CHECK((count_of(iswap_class, 0) == 1 && count_of(iswap_class, pi / 2) == 2));
        CHECK(count_of(kak_of(as_unitary(like_swap)), pi / 2) == 3);
        CHECK(count_of(kak_of(as_unitary(like_root)), pi / 4) == 3);
        // Two CNOTs suffice for xx and yy without zz, whichever way they are named.
        CHECK(count_of(kak_of(as_unitary(random.dressed(random.angle(), random.angle(), 0))), 0) == 1);
    }
    CHECK(worst < 2e-14);
}

TEST_CASE("kak_of: nearly degenerate matrices") {
    source_of_unitaries random;
    double worst = 0;
    for (double small = 0.1; small > 1e-18; small /= 2)
        for (int i = 0; i < 20; ++i) {
            double angles[3];
            for (double& angle : angles)
                angle = static_cast<double>(random.below(4)) * (pi / 4) +
                        (random.below(4) == 0 ? 0 : small * random.angle());
            worst = std::max(worst, error_of(random.dressed(angles[0], angles[1], angles[2])));
            worst = std::max(worst, error_of(canonical(angles[0], angles[1], angles[2])));
        }
    CHECK(worst < 5e-14);
}

TEST_CASE("kak_of: a matrix typed with ten digits comes out as exactly as it is unitary") {
    source_of_unitaries random;
    double worst = 0;
    for (int i = 0; i < 500; ++i) {
        matrix4 m = i % 2 == 0 ? random.unitary<4>() : random.local();
        for (auto& row : m.entry)
            for (complex& value : row)
                value = {std::round(value.real() * 1e10) / 1e10, std::round(value.imag() * 1e10) / 1e10};
        worst = std::max(worst, error_of(m));
    }
    CHECK(worst < 1e-9);
    CHECK(worst > 1e-12);  // the digits that were cut are missed
}
