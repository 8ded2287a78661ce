// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `measure`: one expectation value per listed wire, or per wire if none is listed.
template <operation Pauli, std::size_t... Wires>
struct measure_part {
    template <std::size_t Width>
    static constexpr std::size_t count = sizeof...(Wires) == 0 ? Width : sizeof...(Wires);
    template <std::size_t Width>
    static constexpr circuit_sizes sizes = {.strings = count<Width>, .terms = count<Width>, .outputs = count<Width>};

    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Wires...});

    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        auto add = [&](std::size_t wire) {
            pauli_string<Width> string;
            string.set(wire, Pauli);
            writer.add_term(writer.add_output(), writer.add_string(string), 1);
        };
        if constexpr (sizeof...(Wires) == 0)
            for (std::size_t wire = 0; wire < Width; ++wire) add(wire);
        else
            (add(Wires), ...);
    }
};

/// Expectation values of a Pauli: `measure<z>` gives <Z_i> of every wire, `measure<x, 0, 2>` <X_0> and <X_2>.
template <operation Pauli, std::size_t... Wires>
requires(Pauli == x || Pauli == y || Pauli == z) inline constexpr measure_part<Pauli, Wires...> measure{};

}  // namespace qvit::inline QVIT_ABI
