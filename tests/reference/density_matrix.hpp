// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include <reference/dense_simulator.hpp>

/// The oracle for noise: density matrices and Kraus channels, in double.
///
/// Conventions: depolarising(p): with probability p a uniformly random one of X, Y, Z (p / 3 each), on two wires one of
/// the 15 products that are not the identity (p / 15 each); bit flip p: X; phase flip p: Z; amplitude damping gamma:
/// K0 = diag(1, sqrt(1 - gamma)), K1 = sqrt(gamma) |0><1|.
namespace reference {

using density = matrix;

inline density pure(const state& psi) {
    density rho(psi.size());
    for (std::size_t row = 0; row < psi.size(); ++row)
        for (std::size_t column = 0; column < psi.size(); ++column)
            rho(row, column) = psi[row] * std::conj(psi[column]);
    return rho;
}
inline complex trace(const density& rho) {
    complex sum = 0;
    for (std::size_t i = 0; i < rho.dimension; ++i) sum += rho(i, i);
    return sum;
}

/// M rho M^dagger, with M on the given wires: on every column of rho, then on every column of its adjoint.
inline density apply_matrix(const matrix& m, const std::vector<std::size_t>& wires, density rho) {
    for (int side = 0; side < 2; ++side) {
        for (std::size_t column = 0; column < rho.dimension; ++column) {
            state psi(rho.dimension);
            for (std::size_t row = 0; row < rho.dimension; ++row) psi[row] = rho(row, column);
            psi = apply_matrix(m, wires, psi);
            for (std::size_t row = 0; row < rho.dimension; ++row) rho(row, column) = psi[row];
        }
        rho = adjoint(rho);  // (M (M rho)^dagger)^dagger = M rho M^dagger
    }
    return rho;
}

/// sum_k K rho K^dagger.
using kraus_channel = std::vector<matrix>;

inline density apply_channel(const kraus_channel& channel, const std::vector<std::size_t>& wires, const density& rho) {
    density result(rho.dimension);
    for (const matrix& kraus : channel) {
        const density part = apply_matrix(kraus, wires, rho);
        for (std::size_t i = 0; i < part.entries.size(); ++i) result.entries[i] += part.entries[i];
    }
    return result;
}

inline matrix scaled(double factor, matrix m) {
    for (complex& entry : m.entries) entry *= factor;
    return m;
}
/// m_b on the second wire times m_a on the first.
inline matrix on_two_wires(const matrix& m_a, const matrix& m_b) {
    matrix result(4);
    for (std::size_t row = 0; row < 4; ++row)
        for (std::size_t column = 0; column < 4; ++column)
            result(row, column) = m_a(row & 1, column & 1) * m_b(row >> 1, column >> 1);
    return result;
}

inline kraus_channel mix_in(double probability, const matrix& m) {
    return {scaled(std::sqrt(1 - probability), identity_matrix(m.dimension)), scaled(std::sqrt(probability), m)};
}
inline kraus_channel bit_flip(double p) { return mix_in(p, matrix_of(qvit::operation::x)); }
inline kraus_channel phase_flip(double p) { return mix_in(p, matrix_of(qvit::operation::z)); }
inline kraus_channel amplitude_damping(double gamma) {
    return {{{1, 0}, {0, std::sqrt(1 - gamma)}}, {{0, std::sqrt(gamma)}, {0, 0}}};
}
inline kraus_channel depolarising(double p) {
    kraus_channel channel{scaled(std::sqrt(1 - p), identity_matrix(2))};
    for (const auto pauli : {qvit::operation::x, qvit::operation::y, qvit::operation::z})
        channel.push_back(scaled(std::sqrt(p / 3), matrix_of(pauli)));
    return channel;
}
inline kraus_channel depolarising_two_wires(double p) {
    const qvit::operation paulis[] = {qvit::operation::id, qvit::operation::x, qvit::operation::y, qvit::operation::z};
    kraus_channel channel;
    for (const auto first : paulis)
        for (const auto second : paulis) {
            const bool nothing = first == qvit::operation::id && second == qvit::operation::id;
            channel.push_back(
                scaled(std::sqrt(nothing ? 1 - p : p / 15), on_two_wires(matrix_of(first), matrix_of(second))));
        }
    return channel;
}

/// How often a measured bit is read wrongly, every wire for itself.
struct readout_error {
    double read_1_of_0 = 0;  ///< p(1 | 0)
    double read_0_of_1 = 0;  ///< p(0 | 1)
};

/// The mean of the product of the +-1 that are read, of a string measured in each wire's own basis: a wire's Pauli P
/// becomes a (1 + P) / 2 + b (1 - P) / 2, with a, b the means of what is read of +1 and of -1.
inline double string_expectation(const dense_string& string, density rho, const readout_error& error = {}) {
    const double of_plus = 1 - 2 * error.read_1_of_0;
    const double of_minus = 2 * error.read_0_of_1 - 1;
    for (std::size_t wire = 0; wire < string.at.size(); ++wire) {
        if (string.at[wire] == qvit::operation::id) continue;
        const matrix pauli = matrix_of(string.at[wire]);
        matrix read = identity_matrix(2);
        for (std::size_t i = 0; i < 4; ++i)
            read.entries[i] = of_plus * (read.entries[i] + pauli.entries[i]) / 2.0 +
                              of_minus * (read.entries[i] - pauli.entries[i]) / 2.0;
        // tr(read rho): only the left side is multiplied.
        for (std::size_t column = 0; column < rho.dimension; ++column) {
            state psi(rho.dimension);
            for (std::size_t row = 0; row < rho.dimension; ++row) psi[row] = rho(row, column);
            psi = apply_matrix(read, wire, psi);
            for (std::size_t row = 0; row < rho.dimension; ++row) rho(row, column) = psi[row];
        }
    }
    return trace(rho).real() * (string.negative ? -1 : 1);
}

/// Every output of a circuit that ends in rho.
inline std::vector<double> expectations(const dense_circuit& circuit, const density& rho,
                                        const readout_error& error = {}) {
    std::vector<double> values(circuit.outputs);
    for (const qvit::readout_term& term : circuit.terms)
        values.at(term.output) += term.coefficient * string_expectation(circuit.strings.at(term.string), rho, error);
    for (const qvit::probability_block& block : circuit.probabilities) {
        const auto wires = wires_of(circuit, block);
        for (std::size_t i = 0; i < rho.dimension; ++i)
            for (std::size_t read = 0; read < (std::size_t{1} << wires.size()); ++read) {
                double probability = rho(i, i).real();
                for (std::size_t w = 0; w < wires.size(); ++w) {
                    const double wrong = bit(i, wires[w]) == 0 ? error.read_1_of_0 : error.read_0_of_1;
                    probability *= bit(read, w) == bit(i, wires[w]) ? 1 - wrong : wrong;
                }
                values.at(block.first_output + read) += probability;
            }
    }
    return values;
}

struct placed_channel {
    kraus_channel channel;
    std::vector<std::size_t> wires;
};

/// The density matrix after all gates; `after_gate(gate)` gives the channels that follow a gate, in order.
template <class AfterGate>
density run_noisy(const dense_circuit& circuit, const double* inputs, const double* weights, AfterGate&& after_gate) {
    density rho = pure(initial_state(circuit, inputs));
    for (const qvit::gate& g : circuit.gates) {
        rho = apply_matrix(matrix_of(circuit, g, inputs, weights), wires_of(g), std::move(rho));
        const std::vector<placed_channel> channels = after_gate(g);
        for (const placed_channel& placed : channels) rho = apply_channel(placed.channel, placed.wires, rho);
    }
    return rho;
}

}  // namespace reference
