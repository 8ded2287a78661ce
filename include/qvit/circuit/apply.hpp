// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

enum class gate_angle : std::uint8_t { fixed, weight, data };

/// The part behind `apply`, `rotate` and `encode`: one operation on the listed wires, or on every wire if none is.
template <operation Kind, gate_angle Angle, std::size_t... Wires>
struct gates_part {
    static constexpr bool on_all_wires = sizeof...(Wires) == 0;
    template <std::size_t Width>
    static constexpr std::size_t gate_count = on_all_wires ? Width : sizeof...(Wires) / wires_of(Kind);
    template <std::size_t Width>
    static constexpr std::size_t output_count = 0;

    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Wires...});

    /// Whether a two-wire gate names one wire twice.
    template <std::size_t Width>
    static constexpr std::size_t self_edges = [] {
        const std::size_t wires[] = {Wires..., Width, Width + 1};
        return wires_of(Kind) == 2 && wires[0] == wires[1] ? 1 : 0;
    }();

    template <std::size_t Width>
    static constexpr void write(auto& writer) {
        if constexpr (on_all_wires)
            for (std::size_t wire = 0; wire < Width; ++wire) add(writer, wire);
        else if constexpr (wires_of(Kind) == 2)
            writer.add(Kind, Wires...);
        else
            (add(writer, Wires), ...);
    }

  private:
    static constexpr void add(auto& writer, std::size_t wire) {
        if constexpr (Angle == gate_angle::weight)
            writer.add_weight(Kind, wire);
        else if constexpr (Angle == gate_angle::data)
            writer.add_data(Kind, wire, wire);
        else
            writer.add(Kind, wire);
    }
};

/// A gate without an angle on the given wires: `apply<h>` on all, `apply<h, 2>` on wire 2, `apply<cnot, 0, 1>`.
template <operation Kind, std::size_t... Wires>
requires(!is_rotation(Kind) &&
         (wires_of(Kind) == 1 ||
          sizeof...(Wires) == 2)) inline constexpr gates_part<Kind, gate_angle::fixed, Wires...> apply{};

/// A rotation by a new trainable angle on each given wire, on all wires if none is given: `rotate<ry>`, `rotate<rz,
/// 0>`.
template <operation Kind, std::size_t... Wires>
requires(is_rotation(Kind)) inline constexpr gates_part<Kind, gate_angle::weight, Wires...> rotate{};

/// A rotation of wire i by input x_i (angle encoding) on each given wire, on all wires if none is given: `encode<ry>`.
template <operation Kind, std::size_t... Wires>
requires(is_rotation(Kind)) inline constexpr gates_part<Kind, gate_angle::data, Wires...> encode{};

}  // namespace qvit::inline QVIT_ABI
