// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/unitary.hpp>

namespace qvit::inline QVIT_ABI {

/// One summand of a circuit's output: outputs[output] += coefficient * <strings[string]>.
struct readout_term {
    std::uint16_t output = 0;
    std::uint16_t string = 0;
    double coefficient = 1;
    friend constexpr bool operator==(const readout_term&, const readout_term&) = default;
};

/// Most wires whose joint probabilities can be read out: k wires are 2^k outputs from as many strings.
inline constexpr std::size_t max_probability_wires = 10;
/// A register of more wires has more amplitudes than any memory.
inline constexpr std::size_t wide_statevector_max_width = 48;

/// The probabilities of all bit strings of some wires: outputs [first_output, + 2^wires), from the expectation values
/// of the 2^wires Z-strings from first_string on by a Walsh-Hadamard transform. Output b has bit i for the i-th wire
/// named, and string s has Z on the wires of its bits.
struct probability_block {
    std::uint16_t first_output = 0;
    std::uint16_t first_string = 0;
    std::uint16_t wires = 0;
    friend constexpr bool operator==(const probability_block&, const probability_block&) = default;
};

/// How many of each thing a circuit holds.
struct circuit_sizes {
    std::size_t gates = 0;
    std::size_t strings = 0;  ///< Pauli strings measured
    std::size_t terms = 0;    ///< summands of outputs
    std::size_t outputs = 0;
    std::size_t probabilities = 0;  ///< probability blocks
    std::size_t matrices = 0;       ///< constant unitaries
    friend constexpr circuit_sizes operator+(circuit_sizes a, circuit_sizes b) {
        return {a.gates + b.gates,
                a.strings + b.strings,
                a.terms + b.terms,
                a.outputs + b.outputs,
                a.probabilities + b.probabilities,
                a.matrices + b.matrices};
    }
    friend constexpr circuit_sizes operator*(std::size_t times, circuit_sizes a) {
        return {times * a.gates,   times * a.strings,       times * a.terms,
                times * a.outputs, times * a.probabilities, times * a.matrices};
    }
    friend constexpr bool operator==(const circuit_sizes&, const circuit_sizes&) = default;
};

/// A circuit as one constant: its gates in order, what is measured, and the facts that follow from them.
///
/// Made by `circuit<Width>(...)`; every member function is constexpr and loops over the table once.
/// `amplitude_input`: the register starts in the first 2^Width inputs, normalised, instead of |0..0>.
template <std::size_t Width, circuit_sizes Sizes>
struct circuit_table {
    static_assert(Width >= 1 && Width < 65536);
    std::array<gate, Sizes.gates> gates{};
    std::array<pauli_string<Width>, Sizes.strings> strings{};
    std::array<readout_term, Sizes.terms> terms{};
    std::array<probability_block, Sizes.probabilities> probabilities{};
    std::array<unitary_matrix, Sizes.matrices> matrices{};
    std::size_t inputs = 0;      ///< entries of the input vector, x_0 .. x_{inputs-1}
    std::size_t parameters = 0;  ///< trainable angles
    bool amplitude_input = false;

    static constexpr std::size_t width = Width;
    static constexpr std::size_t gate_count = Sizes.gates;
    static constexpr std::size_t outputs = Sizes.outputs;

    /// Layers of gates when every gate starts as soon as its wires are free.
    constexpr std::size_t depth() const {
        std::array<std::size_t, Width> busy_until{};
        std::size_t deepest = 0;
        for (const gate& g : gates) {
            std::size_t start = 0;
            for (std::size_t w = 0; w < wires_of(g.kind); ++w) start = std::max(start, busy_until[g.wires[w]]);
            for (std::size_t w = 0; w < wires_of(g.kind); ++w) busy_until[g.wires[w]] = start + 1;
            deepest = std::max(deepest, start + 1);
        }
        return deepest;
    }
    constexpr std::size_t count(operation kind) const {
        return static_cast<std::size_t>(
            std::count_if(gates.begin(), gates.end(), [kind](const gate& g) { return g.kind == kind; }));
    }
};

/// The constant `Circuit` is a circuit: what engines and layers ask of their template argument.
template <const auto& Circuit>
concept is_circuit = requires {
    Circuit.gates.size();
    Circuit.strings.size();
    Circuit.parameters;
    Circuit.inputs;
};

}  // namespace qvit::inline QVIT_ABI
