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
    static constexpr std::size_t gate_count = 0;
    template <std::size_t Width>
    static constexpr std::size_t output_count = sizeof...(Wires) == 0 ? Width : sizeof...(Wires);

    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Wires...});

    template <std::size_t Width>
    static constexpr void write(auto& writer) {
        auto add = [&](std::size_t wire) {
            writer.table.observables[writer.observables_written++] = {Pauli, static_cast<std::uint16_t>(wire)};
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
