// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <tuple>

#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/inverted.hpp>

namespace qvit::inline QVIT_ABI {

/// Only gates have an inverse: measurements and amplitude encodings have none.
template <std::size_t OutputsInside, bool AmplitudesInside>
concept only_gates_inside = (OutputsInside == 0 && !AmplitudesInside);

/// The part behind `inverse`.
template <class... Parts>
struct inverse_part {
    std::tuple<Parts...> parts;

    template <std::size_t Width>
    static constexpr circuit_sizes sizes_inside = (circuit_sizes{} + ... + Parts::template sizes<Width>);
    /// The parts as a circuit of their own whose new weights start at `first_weight`.
    template <std::size_t Width>
    constexpr auto as_circuit(std::size_t first_weight) const {
        circuit_writer<Width, sizes_inside<Width>> writer{};
        writer.table.parameters = first_weight;
        std::apply([&](const Parts&... part) { (part.template write<Width>(writer), ...); }, parts);
        return writer.table;
    }

    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Parts::template last_wire<Width>...});
    template <std::size_t Width>
    static constexpr std::size_t self_edges = (std::size_t{0} + ... + self_edges_of<Parts, Width>());

    template <std::size_t Width>
    static constexpr circuit_sizes sizes = [] {
        circuit_sizes result{.gates = sizes_inside<Width>.gates, .matrices = sizes_inside<Width>.matrices};
        // Kinds of gates do not depend on the values of the parts, so any values will do to count.
        if constexpr (wire_inside_register<last_wire<Width>, Width>)
            result.gates = inverse_gate_count(inverse_part{}.template as_circuit<Width>(0).gates);
        return result;
    }();

    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        constexpr bool amplitudes_inside = inverse_part{}.template as_circuit<Width>(0).amplitude_input;
        static_assert(only_gates_inside<sizes_inside<Width>.outputs, amplitudes_inside>,
                      "[qvit::inverse] only gates have an inverse; measure and encode amplitudes outside.");
        const auto inside = as_circuit<Width>(writer.table.parameters);
        writer.table.parameters = inside.parameters;
        const std::size_t first_matrix = writer.written.matrices;
        for (const unitary_matrix& matrix : inside.matrices)
            writer.table.matrices[writer.written.matrices++] = matrix.adjoint();
        for_each_inverse(inside.gates, [&](const gate& g) {
            gate& copy = writer.add(g.kind, g.wires[0], g.wires[1], g.wires[2]);
            for (std::size_t i = 0; i < angles_of(g.kind); ++i) writer.set_angle(copy, i, g.angles[i]);
            if (is_user_matrix(g.kind)) copy.matrix = static_cast<std::uint16_t>(g.matrix + first_matrix);
        });
    }
};

/// The gates that undo the given parts: for fidelities |<a|b>|^2, and for tests.
///
/// `rotate` inside makes new weights, which are not those of another part: name shared ones by `weight(i)`. As many
/// gates as the parts have, but 4 for an iSWAP. A measurement or an amplitude encoding inside does not compile.
///
///     circuit<4>(encode<ry>, inverse(encode_from<4, ry>), measure_probabilities<>)   // P(0000) = |<a|b>|^2
template <class... Parts>
constexpr inverse_part<Parts...> inverse(Parts... parts) {
    return {{parts...}};
}

}  // namespace qvit::inline QVIT_ABI
