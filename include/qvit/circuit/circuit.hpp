// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/circuit/topology.hpp>

namespace qvit::inline QVIT_ABI {

/// A wire has to be inside the register; the numbers stand in the compiler's message.
template <std::size_t Wire, std::size_t Width>
concept wire_inside_register = (Wire < Width);
/// No two-wire gate may act twice on one wire.
template <std::size_t SelfEdges>
concept wires_of_a_gate_differ = (SelfEdges == 0);

/// Collects the gates while a circuit is built; the parts of a circuit write into it.
template <std::size_t Width, std::size_t Gates, std::size_t Outputs>
struct circuit_writer {
    circuit_table<Width, Gates, Outputs> table{};
    std::size_t gates_written = 0;
    std::size_t observables_written = 0;

    constexpr void add(operation kind, std::size_t first, std::size_t second = 0, angle parameter = {}) {
        table.gates[gates_written++] = {
            kind, {static_cast<std::uint16_t>(first), static_cast<std::uint16_t>(second)}, parameter};
    }
    constexpr void add_weight(operation kind, std::size_t wire) {
        add(kind, wire, 0, {angle_source::weight, static_cast<std::uint16_t>(table.parameters++)});
    }
    constexpr void add_data(operation kind, std::size_t wire, std::size_t input) {
        table.inputs = std::max(table.inputs, input + 1);
        add(kind, wire, 0, {angle_source::data, static_cast<std::uint16_t>(input)});
    }
};

/// A part of a circuit: how many gates and outputs it adds to a register of Width wires, which, and the last wire it
/// names.
template <class Part, std::size_t Width>
concept circuit_part = requires(Part) {
    Part::template gate_count<Width>;
    Part::template output_count<Width>;
    Part::template last_wire<Width>;
};

/// How many two-wire gates of a part name one wire twice; a part without two-wire gates need not say.
template <class Part, std::size_t Width>
constexpr std::size_t self_edges_of() {
    if constexpr (requires { Part::template self_edges<Width>; })
        return Part::template self_edges<Width>;
    else
        return 0;
}

/// Builds a circuit on `Width` wires from its parts, in order; wire 0 is the least significant bit of the state index.
///
/// Cost: none at run time, O(gates) while compiling. Fails to compile, with the numbers, where a part names a wire
/// outside the register and where nothing is measured.
///
///     constexpr auto projection = circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
///     static_assert(projection.parameters == 8);
template <std::size_t Width, circuit_part<Width>... Parts>
constexpr auto circuit(Parts...) {
    constexpr std::size_t gates = (std::size_t{0} + ... + Parts::template gate_count<Width>);
    constexpr std::size_t outputs = (std::size_t{0} + ... + Parts::template output_count<Width>);
    static_assert(outputs > 0, "[qvit::circuit] nothing is measured: end the circuit with measure<z>.");
    constexpr std::size_t last_wire = std::max({std::size_t{0}, Parts::template last_wire<Width>...});
    static_assert(wire_inside_register<last_wire, Width>,
                  "[qvit::circuit] a gate, edge or measurement names a wire outside the register; wires count from 0.");
    constexpr std::size_t self_edges = (std::size_t{0} + ... + self_edges_of<Parts, Width>());
    static_assert(wires_of_a_gate_differ<self_edges>,
                  "[qvit::circuit] a two-wire gate names one wire twice, or an edge joins a wire to itself.");
    circuit_writer<Width, gates, outputs> writer{};
    if constexpr (wire_inside_register<last_wire, Width>) (Parts::template write<Width>(writer), ...);
    return writer.table;
}

}  // namespace qvit::inline QVIT_ABI
