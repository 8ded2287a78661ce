// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/circuit/topology.hpp>

namespace qvit::inline QVIT_ABI {

/// A wire has to be inside the register; the numbers stand in the compiler's message.
template <std::size_t Wire, std::size_t Width>
concept wire_inside_register = (Wire < Width);
/// No gate may act twice on one wire.
template <std::size_t SelfEdges>
concept wires_of_a_gate_differ = (SelfEdges == 0);

namespace detail {
/// Not constexpr: that a constant calls it is the compiler's error message, and its name the text.
[[noreturn]] inline void gates_have_to_stand_before_what_is_measured() { std::abort(); }
}  // namespace detail

/// Collects the gates while a circuit is built; the parts of a circuit write into it.
template <std::size_t Width, circuit_sizes Sizes>
struct circuit_writer {
    circuit_table<Width, Sizes> table{};
    circuit_sizes written{};

    /// A gate; its angles are still to be set. In place: compilers copy constants member by member.
    constexpr gate& add(operation kind, std::size_t first, std::size_t second = 0, std::size_t third = 0) {
        if (written.outputs != 0) detail::gates_have_to_stand_before_what_is_measured();
        gate& g = table.gates[written.gates++];
        g.kind = kind;
        g.wires[0] = static_cast<std::uint16_t>(first);
        g.wires[1] = static_cast<std::uint16_t>(second);
        g.wires[2] = static_cast<std::uint16_t>(third);
        return g;
    }
    constexpr void set_angle(gate& g, std::size_t i, const angle& a) {
        g.angles[i] = a;
        if (a.reads_data()) table.inputs = std::max(table.inputs, std::size_t{a.index} + 1);
        if (a.source == angle_source::data_product) table.inputs = std::max(table.inputs, std::size_t{a.second} + 1);
        if (a.reads_weight()) table.parameters = std::max(table.parameters, std::size_t{a.index} + 1);
    }
    /// Every angle a new weight.
    constexpr void set_weights(gate& g) {
        for (std::size_t i = 0; i < angles_of(g.kind); ++i) g.angles[i] = weight(table.parameters++);
    }
    constexpr void add_matrix(const unitary_matrix& matrix, std::size_t first, std::size_t second = 0) {
        table.matrices[written.matrices] = matrix;
        add(matrix.wires == 1 ? unitary1 : unitary2, first, second).matrix =
            static_cast<std::uint16_t>(written.matrices++);
    }
    /// Measures a Pauli string and returns its number.
    constexpr std::uint16_t add_string(const pauli_string<Width>& string) {
        table.strings[written.strings] = string;
        return static_cast<std::uint16_t>(written.strings++);
    }
    /// A new output; add its summands with add_term.
    constexpr std::uint16_t add_output() { return static_cast<std::uint16_t>(written.outputs++); }
    constexpr void add_term(std::uint16_t output, std::uint16_t string, double coefficient) {
        table.terms[written.terms++] = {output, string, coefficient};
    }
};

/// A part of a circuit: what it adds to a register of Width wires (`sizes<Width>`), the last wire it names
/// (`last_wire<Width>`), and `write(writer)`, which adds it. Optional: `self_edges<Width>`, see below.
template <class Part, std::size_t Width>
concept circuit_part = requires(Part) {
    { Part::template sizes<Width> } -> std::convertible_to<circuit_sizes>;
    Part::template last_wire<Width>;
};

/// How many gates of a part name one wire twice; a part that cannot need not say.
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
/// outside the register, where nothing is measured and where a gate follows a measurement.
///
///     constexpr auto projection = circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(ring)), measure<z>);
///     static_assert(projection.parameters == 8);
template <std::size_t Width, circuit_part<Width>... Parts>
constexpr auto circuit(Parts... parts) {
    constexpr circuit_sizes sizes = (circuit_sizes{} + ... + Parts::template sizes<Width>);
    static_assert(sizes.outputs > 0, "[qvit::circuit] nothing is measured: end the circuit with measure<z>.");
    constexpr std::size_t last_wire = std::max({std::size_t{0}, Parts::template last_wire<Width>...});
    static_assert(wire_inside_register<last_wire, Width>,
                  "[qvit::circuit] a gate, edge or measurement names a wire outside the register; wires count from 0.");
    constexpr std::size_t self_edges = (std::size_t{0} + ... + self_edges_of<Parts, Width>());
    static_assert(wires_of_a_gate_differ<self_edges>,
                  "[qvit::circuit] a gate names one wire twice, or an edge joins a wire to itself.");
    circuit_writer<Width, sizes> writer{};
    if constexpr (wire_inside_register<last_wire, Width>) (parts.template write<Width>(writer), ...);
    return writer.table;
}

}  // namespace qvit::inline QVIT_ABI
