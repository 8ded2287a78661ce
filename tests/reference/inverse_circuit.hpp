// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/table.hpp>

namespace reference {

inline constexpr qvit::unitary_matrix inverse_iswap{
    2, {{{1, 0, 0, 0}, {0, 0, {0, -1}, 0}, {0, {0, -1}, 0, 0}, {0, 0, 0, 1}}}};

/// The gate that undoes another. Matrix number m of a circuit is undone by number m + matrices, an iSWAP by number
/// 2 matrices.
constexpr qvit::gate inverse_of(qvit::gate g, std::size_t matrices) {
    const auto given = g.angles;
    for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) g.angles[i] = -given[i];
    switch (g.kind) {
        case qvit::s:
            g.kind = qvit::sdg;
            break;
        case qvit::sdg:
            g.kind = qvit::s;
            break;
        case qvit::t:
            g.kind = qvit::tdg;
            break;
        case qvit::tdg:
            g.kind = qvit::t;
            break;
        case qvit::sx:
            g.kind = qvit::sxdg;
            break;
        case qvit::sxdg:
            g.kind = qvit::sx;
            break;
        case qvit::u3:
            std::swap(g.angles[1], g.angles[2]);
            break;  // U3(-theta, -lambda, -phi)
        case qvit::rot:
            std::swap(g.angles[0], g.angles[2]);
            break;  // Rot(-omega, -theta, -phi)
        case qvit::iswap:
            g.kind = qvit::unitary2;
            g.matrix = static_cast<std::uint16_t>(2 * matrices);
            break;
        case qvit::unitary1:
        case qvit::unitary2:
            g.matrix = static_cast<std::uint16_t>(g.matrix + matrices);
            break;
        default:
            break;  // its own inverse, or a rotation by the opposite angle
    }
    return g;
}

/// A circuit and then its inverse, measured in Z on every wire: each output is 1, whatever the angles are.
template <const auto& Circuit>
constexpr auto make_echo() {
    constexpr std::size_t gates = Circuit.gates.size();
    constexpr std::size_t matrices = Circuit.matrices.size();
    constexpr std::size_t width = Circuit.width;
    qvit::circuit_table<width, qvit::circuit_sizes{.gates = 2 * gates,
                                                   .strings = width,
                                                   .terms = width,
                                                   .outputs = width,
                                                   .probabilities = 0,
                                                   .matrices = 2 * matrices + 1}>
        echo{};
    echo.inputs = Circuit.inputs;
    echo.parameters = Circuit.parameters;
    for (std::size_t i = 0; i < gates; ++i) {
        echo.gates[i] = Circuit.gates[i];
        echo.gates[2 * gates - 1 - i] = inverse_of(Circuit.gates[i], matrices);
    }
    for (std::size_t i = 0; i < matrices; ++i) {
        echo.matrices[i] = Circuit.matrices[i];
        echo.matrices[i + matrices] = Circuit.matrices[i].adjoint();
    }
    echo.matrices[2 * matrices] = inverse_iswap;
    for (std::size_t wire = 0; wire < width; ++wire) {
        echo.strings[wire].set(wire, qvit::z);
        echo.terms[wire] = {static_cast<std::uint16_t>(wire), static_cast<std::uint16_t>(wire), 1};
    }
    return echo;
}
template <const auto& Circuit>
inline constexpr auto echo = make_echo<Circuit>();

/// The same at run time. A circuit that starts in its input vector ends there and not in |0..0>, so it has no echo.
inline qvit::runtime_circuit echo_of(const qvit::runtime_circuit& circuit) {
    qvit::runtime_circuit result(circuit.width);
    result.inputs = circuit.inputs;
    result.parameters = circuit.parameters;
    result.gates = circuit.gates;
    for (std::size_t i = circuit.gates.size(); i-- > 0;)
        result.gates.push_back(inverse_of(circuit.gates[i], circuit.matrices.size()));
    result.matrices = circuit.matrices;
    for (const qvit::unitary_matrix& m : circuit.matrices) result.matrices.push_back(m.adjoint());
    result.matrices.push_back(inverse_iswap);
    result.measure_all_z();
    return result;
}

}  // namespace reference
