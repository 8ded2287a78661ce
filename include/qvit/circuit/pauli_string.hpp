// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/gate.hpp>
#include <qvit/meta/bit_set.hpp>

namespace qvit::inline QVIT_ABI {

/// A signed product of Pauli matrices, one per wire: X where only x has the wire, Z where only z has it, Y where both
/// have it, the identity elsewhere.
template <std::size_t Width>
struct pauli_string {
    bit_set<Width> x{};
    bit_set<Width> z{};
    bool negative = false;

    constexpr void set(std::size_t wire, operation pauli) {
        x.assign(wire, pauli == operation::x || pauli == operation::y);
        z.assign(wire, pauli == operation::z || pauli == operation::y);
    }
    constexpr bool acts_on(std::size_t wire) const { return x.contains(wire) || z.contains(wire); }

    /// Whether the axis of a rotation (or a fixed X, Y, Z) on `wire` anticommutes with this string.
    constexpr bool anticommutes(operation axis, std::size_t wire) const {
        const bool axis_x =
            axis == operation::rx || axis == operation::x || axis == operation::ry || axis == operation::y;
        const bool axis_z =
            axis == operation::rz || axis == operation::z || axis == operation::ry || axis == operation::y;
        return (x.contains(wire) && axis_z) != (z.contains(wire) && axis_x);
    }

    /// P -> U^dagger P U for a gate without an angle.
    constexpr void conjugate(operation kind, std::size_t a, std::size_t b) {
        switch (kind) {
            case operation::x:
            case operation::y:
            case operation::z:
                negative ^= anticommutes(kind, a);
                break;
            case operation::h: {
                const bool had_x = x.contains(a);
                const bool had_z = z.contains(a);
                negative ^= had_x && had_z;
                x.assign(a, had_z);
                z.assign(a, had_x);
                break;
            }
            case operation::cnot:
                negative ^= x.contains(a) && z.contains(b) && (x.contains(b) == z.contains(a));
                x.toggle_if(b, x.contains(a));
                z.toggle_if(a, z.contains(b));
                break;
            case operation::cz:
                negative ^= x.contains(a) && x.contains(b) && (z.contains(a) != z.contains(b));
                z.toggle_if(a, x.contains(b));
                z.toggle_if(b, x.contains(a));
                break;
            case operation::rx:
            case operation::ry:
            case operation::rz:
                break;  // splits in two: see rotated_partner
        }
    }

    /// P' in U^dagger P U = cos(t) P + sin(t) P' for a rotation U whose axis G anticommutes with P: P' = -i P G.
    constexpr pauli_string rotated_partner(operation rotation, std::size_t wire) const {
        pauli_string partner = *this;
        const bool has_x = x.contains(wire);
        const bool has_z = z.contains(wire);
        if (rotation != operation::rz) partner.x.assign(wire, !has_x);
        if (rotation != operation::rx) partner.z.assign(wire, !has_z);
        // RX: Z -> +Y, Y -> -Z.  RY: Z -> -X, X -> +Z.  RZ: X -> -Y, Y -> +X.
        const bool flips = rotation == operation::rx ? has_x : rotation == operation::ry ? has_z : !has_z;
        partner.negative ^= flips;
        return partner;
    }
};

}  // namespace qvit::inline QVIT_ABI
