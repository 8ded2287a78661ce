// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <reference/dense_simulator.hpp>

/// Pauli strings and Pauli programs as dense states: what the passes of the circuit layer are measured against.
namespace reference {

/// The sign and the letters of a pauli_string of any width, for a register of `width` wires.
dense_string dense_string_of(const auto& p, std::size_t width) {
    dense_string result{std::vector<qvit::operation>(width, qvit::operation::id), p.negative};
    for (std::size_t wire = 0; wire < width; ++wire) {
        if (p.x.contains(wire)) result.at[wire] = qvit::operation::x;
        if (p.z.contains(wire)) result.at[wire] = p.x.contains(wire) ? qvit::operation::y : qvit::operation::z;
    }
    return result;
}
state apply_pauli(const auto& p, std::size_t width, const state& psi) {
    return apply_string(dense_string_of(p, width), psi);
}

/// The 2^width columns that `act` makes of the basis states.
template <class Act>
std::vector<state> columns_of(std::size_t width, Act&& act) {
    std::vector<state> columns;
    for (std::size_t k = 0; k < (std::size_t{1} << width); ++k) {
        state basis(std::size_t{1} << width);
        basis[k] = 1;
        columns.push_back(act(basis));
    }
    return columns;
}
/// max|a - b|; infinite where an entry is not a number.
inline double largest_difference(const state& a, const state& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const double error = std::abs(a[i] - b.at(i));
        if (!(error <= largest)) largest = error;
        if (std::isnan(largest)) return std::numeric_limits<double>::infinity();
    }
    return largest;
}
inline double largest_difference(const std::vector<state>& a, const std::vector<state>& b) {
    double largest = 0;
    for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, largest_difference(a[i], b.at(i)));
    return largest;
}

/// Random inputs and weights for a circuit; amplitudes are never all zero.
struct numbers {
    std::vector<double> inputs;
    std::vector<double> weights;
    explicit numbers(const auto& circuit, std::uint64_t seed = 1)
        : inputs(circuit.inputs), weights(circuit.parameters) {
        qvit::random_stream draw(seed, 3000);
        for (double& value : inputs) value = draw.uniform(-2, 2);
        for (double& value : weights) value = draw.uniform(-3, 3);
    }
};

/// The angle of every rotation of a program.
std::vector<double> angles_of(const auto& program, const numbers& with) {
    std::vector<double> angles(program.rotations.size());
    for (const auto& source : program.sources)
        angles.at(source.rotation) += angle_of(source.value, with.inputs.data(), with.weights.data());
    return angles;
}
/// exp(-i angle P / 2) psi for every rotation, in order.
state apply_rotations(const auto& program, const std::vector<double>& angles, state psi) {
    for (std::size_t i = 0; i < angles.size(); ++i) {
        const state turned = apply_pauli(program.rotations[i], program.width, psi);
        for (complex& amplitude : psi) amplitude *= std::cos(angles[i] / 2);
        add_to(psi, complex(0, -std::sin(angles[i] / 2)), turned);
    }
    return psi;
}
/// The expectation value of a pauli_string.
double expectation(const auto& p, std::size_t width, const state& psi) {
    return inner(psi, apply_pauli(p, width, psi)).real();
}

}  // namespace reference
