// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <utility>

#include <qvit/circuit/angle.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/inverted.hpp>
#include <qvit/circuit/unitary.hpp>

namespace qvit::inline QVIT_ABI {

/// The sum of two angles where that is one angle: a constant and anything, or multiples of the same thing.
struct angle_sum {
    bool exists = false;
    angle value{};
};
constexpr angle_sum sum_of(const angle& a, const angle& b) {
    const bool a_varies = a.source != angle_source::constant && a.scale != 0;
    const bool b_varies = b.source != angle_source::constant && b.scale != 0;
    const bool same_entries = (a.index == b.index && a.second == b.second) ||
                              (a.source == angle_source::data_product && a.index == b.second && a.second == b.index);
    if (a_varies && b_varies && !(a.source == b.source && same_entries)) return {};
    angle sum = a_varies ? a : b;
    sum.scale = (a_varies ? a.scale : 0) + (b_varies ? b.scale : 0);
    sum.offset = a.offset + b.offset;
    return {true, sum.scale == 0 ? angle(sum.offset) : sum};
}

namespace detail {
/// T^3 and its inverse have no names of their own: they are P of this angle and its opposite.
inline constexpr double three_eighths = 3 * pi / 4;
inline constexpr std::array<gate, 8> powers_of_t{
    gate{id},  gate{t},  gate{s}, gate{p, {}, {three_eighths}}, gate{z}, gate{p, {}, {-three_eighths}},
    gate{sdg}, gate{tdg}};
inline constexpr std::array<gate, 4> powers_of_sx{gate{id}, gate{sx}, gate{x}, gate{sxdg}};

/// Which power of the root a gate is; 0 where it is none, or the identity.
template <std::size_t Order>
constexpr std::size_t power_of(const gate& g, const std::array<gate, Order>& powers) {
    for (std::size_t i = 1; i < Order; ++i)
        if (g.kind == powers[i].kind && g.angles == powers[i].angles) return i;
    return 0;
}
constexpr bool is_one_of(operation kind, std::initializer_list<operation> kinds) {
    for (const operation other : kinds)
        if (kind == other) return true;
    return false;
}
}  // namespace detail

/// Whether two gates of one kind act alike on their wires: named in the same order, or in another one that the kind
/// does not tell apart.
constexpr bool same_action_on_wires(operation kind, fixed_array<std::uint16_t, 3> a, fixed_array<std::uint16_t, 3> b) {
    auto equal = [&] {
        for (std::size_t i = 0; i < wires_of(kind); ++i)
            if (a[i] != b[i]) return false;
        return true;
    };
    if (equal()) return true;
    if (detail::is_one_of(kind, {cz, swap, iswap, cp, rxx, ryy, rzz, ccx})) std::swap(a[0], a[1]);
    if (kind == cswap) std::swap(a[1], a[2]);
    return equal();
}

/// Whether a gate does nothing, whatever the inputs and weights are.
constexpr bool is_identity(const gate& g) {
    if (g.kind == id) return true;
    for (std::size_t i = 0; i < angles_of(g.kind); ++i)
        if (g.angles[i].offset != 0 || (g.angles[i].source != angle_source::constant && g.angles[i].scale != 0))
            return false;
    return angles_of(g.kind) > 0;
}

/// Two gates as one, where there is such a gate; kind `id` where they cancel.
struct combination {
    bool exists = false;
    gate result{};
};

namespace detail {
template <std::size_t Order>
constexpr combination product_of_powers(const gate& first, const gate& second, const std::array<gate, Order>& powers) {
    const std::size_t one = power_of(first, powers);
    const std::size_t other = power_of(second, powers);
    if (one == 0 || other == 0) return {};
    gate result = powers[(one + other) % Order];
    result.wires = first.wires;
    return {true, result};
}
}  // namespace detail

/// What `first` and then `second` on the same set of wires are together, global phase included: rotations of one kind
/// add, gates meet their inverses, and powers of T and of SX are one gate. `matrices` are the circuit's, indexed by
/// gate::matrix. Cost: O(1).
template <class Matrices>
constexpr combination combined(const gate& first, const gate& second, const Matrices& matrices) {
    if (const combination power = detail::product_of_powers(first, second, detail::powers_of_t); power.exists)
        return power;
    if (const combination power = detail::product_of_powers(first, second, detail::powers_of_sx); power.exists)
        return power;
    if (!same_action_on_wires(first.kind, first.wires, second.wires)) return {};
    if (first.kind == second.kind && angles_of(first.kind) == 1) {
        const angle_sum sum = sum_of(first.angles[0], second.angles[0]);
        if (sum.exists) return {true, {first.kind, first.wires, {sum.value}, 0}};
        return {};
    }
    if (first.kind == iswap) return {};
    if (is_user_matrix(first.kind) && first.kind == second.kind)
        return {matrices[first.matrix].adjoint() == matrices[second.matrix], {}};
    const gate inverse = inverse_of(first);
    return {inverse.kind == second.kind && inverse.angles == second.angles, {}};
}

}  // namespace qvit::inline QVIT_ABI
