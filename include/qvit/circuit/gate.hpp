// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What a gate does. RX, RY, RZ(t) = exp(-i t P / 2); CNOT's first wire is the control.
enum class operation : std::uint8_t { x, y, z, h, rx, ry, rz, cnot, cz };
using enum operation;

constexpr bool is_rotation(operation kind) { return kind == rx || kind == ry || kind == rz; }
constexpr std::size_t wires_of(operation kind) { return kind == cnot || kind == cz ? 2 : 1; }
/// Whether the matrix has real entries only: a circuit of such gates keeps every amplitude real.
constexpr bool is_real(operation kind) { return kind != y && kind != rx && kind != rz; }

/// Where a rotation takes its angle from: entry `index` of the input vector or of the trainable weights.
enum class angle_source : std::uint8_t { none, data, weight };

struct angle {
    angle_source source = angle_source::none;
    std::uint16_t index = 0;
    friend constexpr bool operator==(const angle&, const angle&) = default;
};

/// One entry of a circuit's table: an operation, its wires (the second only where `wires_of` says 2) and its angle.
struct gate {
    operation kind = h;
    std::array<std::uint16_t, 2> wires{};
    angle parameter{};
    friend constexpr bool operator==(const gate&, const gate&) = default;
};

/// The expectation value <Pauli> of one wire; `pauli` is x, y or z.
struct observable {
    operation pauli = z;
    std::uint16_t wire = 0;
    friend constexpr bool operator==(const observable&, const observable&) = default;
};

}  // namespace qvit::inline QVIT_ABI
