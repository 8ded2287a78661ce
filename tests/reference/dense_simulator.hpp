// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <complex>
#include <cstddef>
#include <vector>

#include <qvit/circuit/table.hpp>

/// The oracle: a dense simulator of circuits in double, written to be read and not to be fast.
///
/// All it shares with the library is the table of gates. Wire 0 is the least significant bit of the amplitude index;
/// a two-wire matrix acts on |b a>, index a + 2 b, where a is the gate's first wire.
namespace reference {

using complex = std::complex<double>;
using state = std::vector<complex>;
using matrix2 = std::array<std::array<complex, 2>, 2>;
using matrix4 = std::array<std::array<complex, 4>, 4>;

/// A circuit_table with its sizes as run-time values.
struct dense_circuit {
    std::size_t width = 0;
    std::size_t inputs = 0;
    std::size_t parameters = 0;
    std::vector<qvit::gate> gates;
    std::vector<qvit::observable> observables;
};

inline dense_circuit dense(std::size_t width, std::size_t inputs, std::size_t parameters, const qvit::gate* gates,
                           std::size_t gate_count, const qvit::observable* observables, std::size_t outputs) {
    return {width, inputs, parameters, {gates, gates + gate_count}, {observables, observables + outputs}};
}
template <std::size_t Width, std::size_t Gates, std::size_t Outputs>
dense_circuit dense(const qvit::circuit_table<Width, Gates, Outputs>& table) {
    return dense(Width, table.inputs, table.parameters, table.gates.data(), Gates, table.observables.data(), Outputs);
}

/// The matrix of a one-wire gate; `angle` counts only for rotations, which are exp(-i angle P / 2).
inline matrix2 matrix_of(qvit::operation kind, double angle) {
    const complex i(0, 1);
    const double c = std::cos(angle / 2);
    const double s = std::sin(angle / 2);
    const double r = std::sqrt(0.5);
    switch (kind) {
        case qvit::operation::x:
            return {{{0, 1}, {1, 0}}};
        case qvit::operation::y:
            return {{{0, -i}, {i, 0}}};
        case qvit::operation::z:
            return {{{1, 0}, {0, -1}}};
        case qvit::operation::h:
            return {{{r, r}, {r, -r}}};
        case qvit::operation::rx:
            return {{{c, -i * s}, {-i * s, c}}};
        case qvit::operation::ry:
            return {{{c, -s}, {s, c}}};
        case qvit::operation::rz:
            return {{{std::exp(-i * (angle / 2)), 0}, {0, std::exp(i * (angle / 2))}}};
        case qvit::operation::cnot:
        case qvit::operation::cz:
            break;
    }
    throw "not a one-wire gate";
}

/// The matrix of a two-wire gate over |b a>.
inline matrix4 two_wire_matrix_of(qvit::operation kind) {
    if (kind == qvit::operation::cnot)  // swaps |0 1> and |1 1>: indices 1 and 3
        return {{{1, 0, 0, 0}, {0, 0, 0, 1}, {0, 0, 1, 0}, {0, 1, 0, 0}}};
    if (kind == qvit::operation::cz) return {{{1, 0, 0, 0}, {0, 1, 0, 0}, {0, 0, 1, 0}, {0, 0, 0, -1}}};
    throw "not a two-wire gate";
}

inline std::size_t bit(std::size_t index, std::size_t wire) { return (index >> wire) & 1; }
inline std::size_t with_bit(std::size_t index, std::size_t wire, std::size_t value) {
    return (index & ~(std::size_t{1} << wire)) | (value << wire);
}

inline state apply_matrix(const matrix2& m, std::size_t wire, const state& psi) {
    state result(psi.size());
    for (std::size_t row = 0; row < psi.size(); ++row)
        for (std::size_t column = 0; column < 2; ++column)
            result[row] += m[bit(row, wire)][column] * psi[with_bit(row, wire, column)];
    return result;
}

inline state apply_matrix(const matrix4& m, std::size_t a, std::size_t b, const state& psi) {
    state result(psi.size());
    for (std::size_t row = 0; row < psi.size(); ++row)
        for (std::size_t column = 0; column < 4; ++column)
            result[row] +=
                m[bit(row, a) + 2 * bit(row, b)][column] * psi[with_bit(with_bit(row, a, column & 1), b, column >> 1)];
    return result;
}

inline complex inner(const state& bra, const state& ket) {
    complex sum = 0;
    for (std::size_t i = 0; i < bra.size(); ++i) sum += std::conj(bra[i]) * ket[i];
    return sum;
}

/// |0..0> of a register.
inline state zero_state(std::size_t width) {
    state psi(std::size_t{1} << width);
    psi[0] = 1;
    return psi;
}

inline double angle_of(const qvit::gate& g, const double* inputs, const double* weights) {
    switch (g.parameter.source) {
        case qvit::angle_source::data:
            return inputs[g.parameter.index];
        case qvit::angle_source::weight:
            return weights[g.parameter.index];
        case qvit::angle_source::none:
            break;
    }
    return 0;
}

/// The state after gate number 0, 1, ..., with the angle of gate `shifted` increased by `shift`.
inline state run(const dense_circuit& circuit, const double* inputs, const double* weights,
                 std::size_t shifted = static_cast<std::size_t>(-1), double shift = 0) {
    state psi = zero_state(circuit.width);
    for (std::size_t i = 0; i < circuit.gates.size(); ++i) {
        const qvit::gate& g = circuit.gates[i];
        if (g.kind == qvit::operation::cnot || g.kind == qvit::operation::cz)
            psi = apply_matrix(two_wire_matrix_of(g.kind), g.wires[0], g.wires[1], psi);
        else
            psi = apply_matrix(matrix_of(g.kind, angle_of(g, inputs, weights) + (i == shifted ? shift : 0)), g.wires[0],
                               psi);
    }
    return psi;
}

/// <psi| P_o |psi> of every observable.
inline std::vector<double> expectations(const dense_circuit& circuit, const state& psi) {
    std::vector<double> values;
    for (const qvit::observable& o : circuit.observables)
        values.push_back(inner(psi, apply_matrix(matrix_of(o.pauli, 0), o.wire, psi)).real());
    return values;
}

inline std::vector<double> outputs(const dense_circuit& circuit, const double* inputs, const double* weights) {
    return expectations(circuit, run(circuit, inputs, weights));
}

struct gradients {
    std::vector<double> inputs;
    std::vector<double> weights;
};

/// The gradient of sum_o upstream[o] * output[o] by the parameter-shift rule, one rotation at a time:
/// df/dt = (f(t + pi/2) - f(t - pi/2)) / 2.
inline gradients parameter_shift(const dense_circuit& circuit, const double* inputs, const double* weights,
                                 const double* upstream) {
    const double quarter_turn = std::acos(0.0);
    gradients result{std::vector<double>(circuit.inputs), std::vector<double>(circuit.parameters)};
    for (std::size_t i = 0; i < circuit.gates.size(); ++i) {
        const qvit::angle parameter = circuit.gates[i].parameter;
        if (parameter.source == qvit::angle_source::none) continue;
        const auto forth = expectations(circuit, run(circuit, inputs, weights, i, quarter_turn));
        const auto back = expectations(circuit, run(circuit, inputs, weights, i, -quarter_turn));
        double derivative = 0;
        for (std::size_t o = 0; o < forth.size(); ++o) derivative += upstream[o] * (forth[o] - back[o]) / 2;
        (parameter.source == qvit::angle_source::data ? result.inputs : result.weights)[parameter.index] += derivative;
    }
    return result;
}

}  // namespace reference
