// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <initializer_list>
#include <vector>

#include <qvit/circuit/gate.hpp>

/// Every gate's matrix, written down once, and its derivative by each angle.
///
/// A matrix over wires a, b, c has index a + 2 b + 4 c; a is the first-named wire, the control of a controlled gate.
namespace reference {

using complex = std::complex<double>;

/// A number and its derivative by one angle.
struct dual {
    complex value = 0;
    complex slope = 0;
    dual() = default;
    dual(complex number, complex derivative = 0) : value(number), slope(derivative) {}
    dual(double number) : value(number) {}
};
inline dual operator+(const dual& a, const dual& b) { return {a.value + b.value, a.slope + b.slope}; }
inline dual operator-(const dual& a) { return {-a.value, -a.slope}; }
inline dual operator*(const dual& a, const dual& b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
}
inline dual cosine(const dual& t) { return {std::cos(t.value), -std::sin(t.value) * t.slope}; }
inline dual sine(const dual& t) { return {std::sin(t.value), std::cos(t.value) * t.slope}; }
/// e^(it).
inline dual phase(const dual& t) { return cosine(t) + complex(0, 1) * sine(t); }

template <class Number>
struct square_matrix {
    std::size_t dimension = 0;
    std::vector<Number> entries;  ///< row by row

    explicit square_matrix(std::size_t size = 0) : dimension(size), entries(size * size) {}
    square_matrix(std::initializer_list<std::initializer_list<Number>> rows) : dimension(rows.size()) {
        for (const auto& row : rows) entries.insert(entries.end(), row);
    }
    Number& operator()(std::size_t row, std::size_t column) { return entries[row * dimension + column]; }
    const Number& operator()(std::size_t row, std::size_t column) const { return entries[row * dimension + column]; }
};
using matrix = square_matrix<complex>;
using dual_matrix = square_matrix<dual>;

inline matrix operator*(const matrix& a, const matrix& b) {
    matrix product(a.dimension);
    for (std::size_t row = 0; row < a.dimension; ++row)
        for (std::size_t k = 0; k < a.dimension; ++k)
            for (std::size_t column = 0; column < a.dimension; ++column)
                product(row, column) += a(row, k) * b(k, column);
    return product;
}
inline matrix adjoint(const matrix& m) {
    matrix result(m.dimension);
    for (std::size_t row = 0; row < m.dimension; ++row)
        for (std::size_t column = 0; column < m.dimension; ++column) result(row, column) = std::conj(m(column, row));
    return result;
}
inline matrix identity_matrix(std::size_t dimension) {
    matrix result(dimension);
    for (std::size_t i = 0; i < dimension; ++i) result(i, i) = 1;
    return result;
}

/// The gate on wire b where wire a is 1, nothing where a is 0.
inline dual_matrix controlled(const dual_matrix& gate) {
    dual_matrix result(4);
    result(0, 0) = result(2, 2) = 1;
    for (std::size_t row = 0; row < 2; ++row)
        for (std::size_t column = 0; column < 2; ++column) result(1 + 2 * row, 1 + 2 * column) = gate(row, column);
    return result;
}
/// A permutation of basis states: column i has its 1 in row image[i].
inline dual_matrix permutation(std::initializer_list<std::size_t> image) {
    dual_matrix result(image.size());
    std::size_t column = 0;
    for (const std::size_t row : image) result(row, column++) = 1;
    return result;
}

/// FACTS.md, section 7; the constant gates as OpenQASM's qelib1.inc and stdgates.inc have them. A user's matrix is not
/// here.
inline dual_matrix dual_matrix_of(qvit::operation kind, const std::array<dual, 3>& angles) {
    using qvit::operation;
    const complex i(0, 1);
    const double r = std::sqrt(0.5);
    const dual t = angles[0];
    const dual c = cosine(0.5 * t);
    const dual s = sine(0.5 * t);
    const dual minus_is = -i * s;
    const dual forth = phase(0.5 * t);  // e^(it/2)
    const dual back = phase(-0.5 * t);
    const dual_matrix x{{0, 1}, {1, 0}};
    const dual_matrix y{{0, -i}, {i, 0}};
    const dual_matrix z{{1, 0}, {0, -1}};
    const dual_matrix h{{r, r}, {r, -r}};
    switch (kind) {
        case operation::id:
            return {{1, 0}, {0, 1}};
        case operation::x:
            return x;
        case operation::y:
            return y;
        case operation::z:
            return z;
        case operation::h:
            return h;
        case operation::s:
            return {{1, 0}, {0, i}};
        case operation::sdg:
            return {{1, 0}, {0, -i}};
        case operation::t:
            return {{1, 0}, {0, r + r * i}};
        case operation::tdg:
            return {{1, 0}, {0, r - r * i}};
        case operation::sx:
            return {{0.5 + 0.5 * i, 0.5 - 0.5 * i}, {0.5 - 0.5 * i, 0.5 + 0.5 * i}};
        case operation::sxdg:
            return {{0.5 - 0.5 * i, 0.5 + 0.5 * i}, {0.5 + 0.5 * i, 0.5 - 0.5 * i}};
        case operation::rx:
            return {{c, minus_is}, {minus_is, c}};
        case operation::ry:
            return {{c, -s}, {s, c}};
        case operation::rz:
            return {{back, 0}, {0, forth}};
        case operation::p:
            return {{1, 0}, {0, phase(t)}};
        case operation::u3: {
            const dual e_phi = phase(angles[1]);
            const dual e_lambda = phase(angles[2]);
            return {{c, -(e_lambda * s)}, {e_phi * s, e_phi * e_lambda * c}};
        }
        case operation::rot: {  // RZ(omega) RY(theta) RZ(phi), multiplied out
            const dual phi = angles[0];
            const dual omega = angles[2];
            const dual cos_half = cosine(0.5 * angles[1]);
            const dual sin_half = sine(0.5 * angles[1]);
            return {{phase(-0.5 * (phi + omega)) * cos_half, -(phase(0.5 * (phi + -omega)) * sin_half)},
                    {phase(-0.5 * (phi + -omega)) * sin_half, phase(0.5 * (phi + omega)) * cos_half}};
        }
        case operation::cnot:
            return controlled(x);
        case operation::cy:
            return controlled(y);
        case operation::cz:
            return controlled(z);
        case operation::ch:
            return controlled(h);
        case operation::swap:
            return {{1, 0, 0, 0}, {0, 0, 1, 0}, {0, 1, 0, 0}, {0, 0, 0, 1}};
        case operation::iswap:
            return {{1, 0, 0, 0}, {0, 0, i, 0}, {0, i, 0, 0}, {0, 0, 0, 1}};
        case operation::crx:
            return controlled({{c, minus_is}, {minus_is, c}});
        case operation::cry:
            return controlled({{c, -s}, {s, c}});
        case operation::crz:
            return controlled({{back, 0}, {0, forth}});
        case operation::cp:
            return controlled({{1, 0}, {0, phase(t)}});
        case operation::rxx:
            return {{c, 0, 0, minus_is}, {0, c, minus_is, 0}, {0, minus_is, c, 0}, {minus_is, 0, 0, c}};
        case operation::ryy:  // Y Y |00> = -|11>, Y Y |01> = |10>
            return {{c, 0, 0, i * s}, {0, c, minus_is, 0}, {0, minus_is, c, 0}, {i * s, 0, 0, c}};
        case operation::rzz:
            return {{back, 0, 0, 0}, {0, forth, 0, 0}, {0, 0, forth, 0}, {0, 0, 0, back}};
        case operation::rbs: {  // on the states "only b is 1" (index 2), "only a is 1" (index 1), in this order
            const dual cos_t = cosine(t);
            const dual sin_t = sine(t);
            dual_matrix m(4);
            m(0, 0) = m(3, 3) = 1;
            m(2, 2) = m(1, 1) = cos_t;
            m(2, 1) = sin_t;
            m(1, 2) = -sin_t;
            return m;
        }
        case operation::ccx:
            return permutation({0, 1, 2, 7, 4, 5, 6, 3});  // a = b = 1: 3 <-> 7
        case operation::cswap:
            return permutation({0, 1, 2, 5, 4, 3, 6, 7});  // a = 1: b = 1 (3) <-> c = 1 (5)
        case operation::unitary1:
        case operation::unitary2:
            break;
    }
    throw "a user's matrix is not known by its kind";
}

/// The matrix of a gate that is not a user's, for one to three angles.
inline matrix matrix_of(qvit::operation kind, double first = 0, double second = 0, double third = 0) {
    const dual_matrix m = dual_matrix_of(kind, {dual(first), dual(second), dual(third)});
    matrix result(m.dimension);
    for (std::size_t i = 0; i < m.entries.size(); ++i) result.entries[i] = m.entries[i].value;
    return result;
}

/// The derivative of a gate's matrix by its angle number `which`.
inline matrix matrix_derivative_of(qvit::operation kind, const std::array<double, 3>& angles, std::size_t which) {
    std::array<dual, 3> duals{dual(angles[0]), dual(angles[1]), dual(angles[2])};
    duals[which].slope = 1;
    const dual_matrix m = dual_matrix_of(kind, duals);
    matrix result(m.dimension);
    for (std::size_t i = 0; i < m.entries.size(); ++i) result.entries[i] = m.entries[i].slope;
    return result;
}

}  // namespace reference
