// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <reference/dense_circuit.hpp>
#include <reference/gate_matrix.hpp>

/// The oracle: a dense simulator of circuits in double, written to be read and not to be fast.
///
/// All it shares with the library is the table of gates. Wire 0 is the least significant bit of the amplitude index.
namespace reference {

using state = std::vector<complex>;

inline std::size_t bit(std::size_t index, std::size_t wire) { return (index >> wire) & 1; }
inline std::size_t with_bit(std::size_t index, std::size_t wire, std::size_t value) {
    return (index & ~(std::size_t{1} << wire)) | (value << wire);
}
/// The bits of `wires` of a state's index; the first wire's is the least significant.
inline std::size_t bits_of(std::size_t index, const std::vector<std::size_t>& wires) {
    std::size_t bits = 0;
    for (std::size_t i = 0; i < wires.size(); ++i) bits |= bit(index, wires[i]) << i;
    return bits;
}
inline std::size_t with_bits(std::size_t index, const std::vector<std::size_t>& wires, std::size_t bits) {
    for (std::size_t i = 0; i < wires.size(); ++i) index = with_bit(index, wires[i], bit(bits, i));
    return index;
}

inline state apply_matrix(const matrix& m, const std::vector<std::size_t>& wires, const state& psi) {
    state result(psi.size());
    for (std::size_t row = 0; row < psi.size(); ++row) {
        const std::size_t row_bits = bits_of(row, wires);
        for (std::size_t column = 0; column < m.dimension; ++column)
            if (m(row_bits, column) != 0.0) result[row] += m(row_bits, column) * psi[with_bits(row, wires, column)];
    }
    return result;
}
inline state apply_matrix(const matrix& m, std::size_t wire, const state& psi) {
    return apply_matrix(m, std::vector{wire}, psi);
}
inline state apply_matrix(const matrix& m, std::size_t a, std::size_t b, const state& psi) {
    return apply_matrix(m, std::vector{a, b}, psi);
}

inline complex inner(const state& bra, const state& ket) {
    complex sum = 0;
    for (std::size_t i = 0; i < bra.size(); ++i) sum += std::conj(bra[i]) * ket[i];
    return sum;
}
/// a += factor * b.
inline void add_to(state& a, complex factor, const state& b) {
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += factor * b[i];
}

/// |0..0> of a register.
inline state zero_state(std::size_t width) {
    state psi(std::size_t{1} << width);
    psi[0] = 1;
    return psi;
}
/// Where a circuit starts: |0..0>, or the input vector over its norm.
inline state initial_state(const dense_circuit& circuit, const double* inputs) {
    state psi = zero_state(circuit.width);
    if (!circuit.amplitude_input) return psi;
    double squares = 0;
    for (std::size_t i = 0; i < psi.size(); ++i) squares += inputs[i] * inputs[i];
    for (std::size_t i = 0; i < psi.size(); ++i) psi[i] = inputs[i] / std::sqrt(squares);
    return psi;
}

inline std::vector<std::size_t> wires_of(const qvit::gate& g) {
    return {g.wires.begin(), g.wires.begin() + static_cast<std::ptrdiff_t>(qvit::wires_of(g.kind))};
}

/// scale * source + offset, and its derivatives by the one or two numbers it reads.
inline double angle_of(const qvit::angle& a, const double* inputs, const double* weights) {
    if (a.source == qvit::angle_source::data) return a.scale * inputs[a.index] + a.offset;
    if (a.source == qvit::angle_source::weight) return a.scale * weights[a.index] + a.offset;
    if (a.source == qvit::angle_source::data_product) return a.scale * inputs[a.index] * inputs[a.second] + a.offset;
    return a.offset;
}
inline std::array<double, 3> angles_of(const qvit::gate& g, const double* inputs, const double* weights) {
    std::array<double, 3> values{};
    for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) values[i] = angle_of(g.angles[i], inputs, weights);
    return values;
}

inline matrix matrix_of(const dense_circuit& circuit, const qvit::gate& g, const double* inputs,
                        const double* weights) {
    if (g.kind == qvit::operation::unitary1 || g.kind == qvit::operation::unitary2)
        return circuit.matrices.at(g.matrix);
    const auto angles = angles_of(g, inputs, weights);
    return matrix_of(g.kind, angles[0], angles[1], angles[2]);
}

/// A state after all gates.
inline state run_from(state psi, const dense_circuit& circuit, const double* inputs, const double* weights) {
    for (const qvit::gate& g : circuit.gates)
        psi = apply_matrix(matrix_of(circuit, g, inputs, weights), wires_of(g), psi);
    return psi;
}
inline state run(const dense_circuit& circuit, const double* inputs, const double* weights) {
    return run_from(initial_state(circuit, inputs), circuit, inputs, weights);
}

/// The circuit's 2^width x 2^width matrix, global phase included.
inline matrix unitary_of(const dense_circuit& circuit, const double* inputs, const double* weights) {
    matrix result(std::size_t{1} << circuit.width);
    for (std::size_t column = 0; column < result.dimension; ++column) {
        state basis(result.dimension);
        basis[column] = 1;
        const state image = run_from(basis, circuit, inputs, weights);
        for (std::size_t row = 0; row < result.dimension; ++row) result(row, column) = image[row];
    }
    return result;
}

inline state apply_string(const dense_string& string, state psi) {
    for (std::size_t wire = 0; wire < string.at.size(); ++wire)
        if (string.at[wire] != qvit::operation::id) psi = apply_matrix(matrix_of(string.at[wire]), wire, psi);
    if (string.negative)
        for (complex& amplitude : psi) amplitude = -amplitude;
    return psi;
}

/// The wires of a probability block, which its Z-strings spell: string number 2^i has its only Z on wire i of the
/// block.
inline std::vector<std::size_t> wires_of(const dense_circuit& circuit, const qvit::probability_block& block) {
    std::vector<std::size_t> wires(block.wires, circuit.width);
    for (std::size_t i = 0; i < wires.size(); ++i)
        for (std::size_t wire = 0; wire < circuit.width; ++wire)
            if (circuit.strings.at(block.first_string + (std::size_t{1} << i)).at[wire] == qvit::operation::z)
                wires[i] = wire;
    return wires;
}

/// Every output: weighted sums of <psi| string |psi>, and sums of |amplitude|^2.
inline std::vector<double> expectations(const dense_circuit& circuit, const state& psi) {
    std::vector<double> strings;
    for (const dense_string& string : circuit.strings) strings.push_back(inner(psi, apply_string(string, psi)).real());
    std::vector<double> values(circuit.outputs);
    for (const qvit::readout_term& term : circuit.terms)
        values.at(term.output) += term.coefficient * strings.at(term.string);
    for (const qvit::probability_block& block : circuit.probabilities) {
        const auto wires = wires_of(circuit, block);
        for (std::size_t i = 0; i < psi.size(); ++i)
            values.at(block.first_output + bits_of(i, wires)) += std::norm(psi[i]);
    }
    return values;
}
inline std::vector<double> outputs(const dense_circuit& circuit, const double* inputs, const double* weights) {
    return expectations(circuit, run(circuit, inputs, weights));
}

struct gradients {
    std::vector<double> inputs;
    std::vector<double> weights;
};

/// (sum_o upstream[o] O_o) psi, where output o is <psi| O_o |psi>.
inline state apply_outputs(const dense_circuit& circuit, const double* upstream, const state& psi) {
    state result(psi.size());
    for (const qvit::readout_term& term : circuit.terms)
        add_to(result, upstream[term.output] * term.coefficient, apply_string(circuit.strings.at(term.string), psi));
    for (const qvit::probability_block& block : circuit.probabilities) {
        const auto wires = wires_of(circuit, block);
        for (std::size_t i = 0; i < psi.size(); ++i)
            result[i] += upstream[block.first_output + bits_of(i, wires)] * psi[i];
    }
    return result;
}

/// psi and d psi / d(number) for every input and weight, carried forward through the circuit together by the product
/// rule; a derivative that is zero so far is an empty vector.
struct differentiated_state {
    state psi;
    std::vector<state> by_input;
    std::vector<state> by_weight;
};

inline differentiated_state run_with_derivatives(const dense_circuit& circuit, const double* inputs,
                                                 const double* weights) {
    differentiated_state now{initial_state(circuit, inputs), std::vector<state>(circuit.inputs),
                             std::vector<state>(circuit.parameters)};
    if (circuit.amplitude_input) {  // psi_k = x_k / |x|: d psi / d x_k = (e_k - psi_k psi) / |x|
        double squares = 0;
        for (std::size_t k = 0; k < now.psi.size(); ++k) squares += inputs[k] * inputs[k];
        for (std::size_t k = 0; k < now.psi.size(); ++k) {
            now.by_input[k].resize(now.psi.size());
            now.by_input[k][k] = 1 / std::sqrt(squares);
            add_to(now.by_input[k], -now.psi[k] / std::sqrt(squares), now.psi);
        }
    }
    for (const qvit::gate& g : circuit.gates) {
        const matrix m = matrix_of(circuit, g, inputs, weights);
        for (auto* list : {&now.by_input, &now.by_weight})
            for (state& derivative : *list)
                if (!derivative.empty()) derivative = apply_matrix(m, wires_of(g), derivative);
        for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) {
            const qvit::angle& a = g.angles[i];
            if (a.source == qvit::angle_source::constant) continue;
            const state turned =
                apply_matrix(matrix_derivative_of(g.kind, angles_of(g, inputs, weights), i), wires_of(g), now.psi);
            auto add = [&](state& derivative, double factor) {
                derivative.resize(now.psi.size());
                add_to(derivative, factor, turned);
            };
            if (a.source == qvit::angle_source::data) add(now.by_input.at(a.index), a.scale);
            if (a.source == qvit::angle_source::weight) add(now.by_weight.at(a.index), a.scale);
            if (a.source == qvit::angle_source::data_product) {  // equal indices give 2 x
                add(now.by_input.at(a.index), a.scale * inputs[a.second]);
                add(now.by_input.at(a.second), a.scale * inputs[a.index]);
            }
        }
        now.psi = apply_matrix(m, wires_of(g), now.psi);
    }
    return now;
}

/// The exact gradient of sum_o upstream[o] output[o] by every input and weight: 2 Re <psi| O |d psi>.
inline gradients gradient(const dense_circuit& circuit, const double* inputs, const double* weights,
                          const double* upstream) {
    const differentiated_state end = run_with_derivatives(circuit, inputs, weights);
    const state bra = apply_outputs(circuit, upstream, end.psi);
    auto derivative = [&](const state& ket) { return ket.empty() ? 0.0 : 2 * inner(bra, ket).real(); };
    gradients result;
    for (const state& ket : end.by_input) result.inputs.push_back(derivative(ket));
    for (const state& ket : end.by_weight) result.weights.push_back(derivative(ket));
    return result;
}

}  // namespace reference
