// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>

#include <qvit/circuit/circuit.hpp>
#include <qvit/meta/repetitions.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `apply`, `rotate` and `encode`: a gate on the listed wires. A one-wire gate goes on each of them, or
/// on every wire if none is listed; a gate of more wires takes them in order. `Angles` says what stands in the angles.
template <operation Kind, class Angles, std::size_t... Wires>
struct gates_part {
    Angles angles{};

    static constexpr bool on_all_wires = sizeof...(Wires) == 0;
    template <std::size_t Width>
    static constexpr circuit_sizes sizes = {.gates = on_all_wires ? Width : sizeof...(Wires) / wires_of(Kind)};
    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Wires...});
    /// Whether a gate names one wire twice.
    template <std::size_t Width>
    static constexpr std::size_t self_edges = wires_of(Kind) > 1 ? repetitions<Wires...> : 0;

    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        if constexpr (on_all_wires)
            for (std::size_t wire = 0; wire < Width; ++wire) angles.write(writer, writer.add(Kind, wire));
        else if constexpr (wires_of(Kind) == 1)
            for (std::size_t wire : std::array{Wires...}) angles.write(writer, writer.add(Kind, wire));
        else
            angles.write(writer, writer.add(Kind, Wires...));
    }
};

/// The wires fit a gate: any number for a gate of one wire, else exactly as many as it has.
template <operation Kind, std::size_t WiresNamed>
concept wires_fit_gate = (wires_of(Kind) == 1 || WiresNamed == wires_of(Kind));

namespace detail {
/// No angles, or each given one in its place; the same on every wire, so weights are shared.
template <std::size_t Count>
struct given_angles {
    fixed_array<angle, 3> values{};
    constexpr void write(auto& writer, gate& g) const {
        for (std::size_t i = 0; i < Count; ++i) writer.set_angle(g, i, values[i]);
    }
};
/// Every angle a new weight.
struct new_weights {
    constexpr void write(auto& writer, gate& g) const { writer.set_weights(g); }
};
/// Wire i takes input i.
struct own_input {
    constexpr void write(auto& writer, gate& g) const { writer.set_angle(g, 0, input(g.wires[0])); }
};

/// A gate without angles is a part; one with angles has to be called with them first.
template <operation Kind, std::size_t... Wires>
struct apply_part : gates_part<Kind, given_angles<0>, Wires...> {};
template <operation Kind, std::size_t... Wires>
requires(angles_of(Kind) > 0) struct apply_part<Kind, Wires...> {
    template <std::convertible_to<angle>... Angles>
    requires(sizeof...(Angles) == angles_of(Kind)) constexpr auto operator()(Angles... angles) const {
        return gates_part<Kind, given_angles<sizeof...(Angles)>, Wires...>{{{angle(angles)...}}};
    }
};
}  // namespace detail

/// A gate on the given wires: `apply<h>` on all, `apply<h, 2>` on wire 2, `apply<cnot, 0, 1>`, `apply<ccx, 0, 1, 2>`;
/// one with angles takes them in brackets: `apply<ry, 2>(2 * input(0) + pi / 4)`, `apply<rx>(weight(0))` (one weight
/// for all wires), `apply<u3, 1>(pi, weight(1), weight(2))`.
template <operation Kind, std::size_t... Wires>
requires(!is_user_matrix(Kind) &&
         wires_fit_gate<Kind, sizeof...(Wires)>) inline constexpr detail::apply_part<Kind, Wires...> apply{};

/// A gate with new trainable angles on the given wires, on all if none is given: `rotate<ry>`, `rotate<rz, 0>`,
/// `rotate<rot, 1>` (three weights), `rotate<crx, 0, 1>`.
template <operation Kind, std::size_t... Wires>
requires(
    angles_of(Kind) > 0 &&
    wires_fit_gate<Kind, sizeof...(Wires)>) inline constexpr gates_part<Kind, detail::new_weights, Wires...> rotate{};

/// A rotation of wire i by input x_i (angle encoding) on each given wire, on all wires if none is given: `encode<ry>`.
template <operation Kind, std::size_t... Wires>
requires(wires_of(Kind) == 1 &&
         angles_of(Kind) == 1) inline constexpr gates_part<Kind, detail::own_input, Wires...> encode{};

}  // namespace qvit::inline QVIT_ABI
