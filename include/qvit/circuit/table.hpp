// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/gate.hpp>

namespace qvit::inline QVIT_ABI {

/// A circuit as one constant: its gates in order, what is measured, and the facts that follow from them.
///
/// Made by `circuit<Width>(...)`; every member function is constexpr and loops over the table once.
/// Angles are data: a circuit says that a gate reads input 3 or weight 5, never what their values are.
template <std::size_t Width, std::size_t Gates, std::size_t Outputs>
struct circuit_table {
    static_assert(Width >= 1 && Width < 65536);
    std::array<gate, Gates> gates{};
    std::array<observable, Outputs> observables{};
    std::size_t inputs = 0;      ///< entries of the input vector, x_0 .. x_{inputs-1}
    std::size_t parameters = 0;  ///< trainable angles

    static constexpr std::size_t width = Width;
    static constexpr std::size_t gate_count = Gates;
    static constexpr std::size_t outputs = Outputs;

    /// Whether every amplitude stays real: half the memory and about a third of the arithmetic.
    constexpr bool is_real() const {
        return std::all_of(gates.begin(), gates.end(), [](const gate& g) { return qvit::is_real(g.kind); });
    }
    /// Layers of gates when every gate starts as soon as its wires are free.
    constexpr std::size_t depth() const {
        std::array<std::size_t, Width> busy_until{};
        std::size_t deepest = 0;
        for (const gate& g : gates) {
            std::size_t start = busy_until[g.wires[0]];
            if (wires_of(g.kind) == 2) start = std::max(start, busy_until[g.wires[1]]);
            busy_until[g.wires[0]] = start + 1;
            if (wires_of(g.kind) == 2) busy_until[g.wires[1]] = start + 1;
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
    Circuit.observables.size();
    Circuit.parameters;
    Circuit.inputs;
};

}  // namespace qvit::inline QVIT_ABI
