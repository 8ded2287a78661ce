// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/circuit/angle.hpp>
#include <qvit/core/config.hpp>
#include <qvit/meta/fixed_array.hpp>

namespace qvit::inline QVIT_ABI {

/// What a gate does. The first-named wire of a controlled gate is its control; matrices are FACTS.md section 7's.
///
/// RX, RY, RZ(t) = exp(-i t P / 2); P(t) = diag(1, e^it); RXX, RYY, RZZ(t) = exp(-i t PP / 2); U3(theta, phi, lambda)
/// is OpenQASM's; Rot(phi, theta, omega) = RZ(omega) RY(theta) RZ(phi); RBS(t)(a, b) rotates the states where only b,
/// only a is 1 by [[cos t, sin t], [-sin t, cos t]]. unitary1 and unitary2 are constant matrices of the user's own.
enum class operation : std::uint8_t {
    id,
    x,
    y,
    z,
    h,
    s,
    sdg,
    t,
    tdg,
    sx,
    sxdg,  // one wire, constant
    rx,
    ry,
    rz,
    p,
    u3,
    rot,  // one wire, angles
    cnot,
    cy,
    cz,
    ch,
    swap,
    iswap,  // two wires, constant
    crx,
    cry,
    crz,
    cp,
    rxx,
    ryy,
    rzz,
    rbs,  // two wires, an angle
    ccx,
    cswap,  // three wires
    unitary1,
    unitary2  // a user's matrix
};
using enum operation;
inline constexpr operation cx = cnot;
inline constexpr std::size_t operation_count = static_cast<std::size_t>(unitary2) + 1;

/// What is the same for all gates of a kind.
struct operation_facts {
    const char* name = "";  ///< as OpenQASM spells it, where it knows the gate
    std::uint8_t wires = 1;
    std::uint8_t angles = 0;
    bool real = false;  ///< whether the matrix has real entries only, for every angle
};

namespace detail {
inline constexpr operation_facts facts_of_operations[operation_count] = {
    {"id", 1, 0, true},    {"x", 1, 0, true},         {"y", 1, 0, false},       {"z", 1, 0, true},
    {"h", 1, 0, true},     {"s", 1, 0, false},        {"sdg", 1, 0, false},     {"t", 1, 0, false},
    {"tdg", 1, 0, false},  {"sx", 1, 0, false},       {"sxdg", 1, 0, false},    {"rx", 1, 1, false},
    {"ry", 1, 1, true},    {"rz", 1, 1, false},       {"p", 1, 1, false},       {"u3", 1, 3, false},
    {"rot", 1, 3, false},  {"cx", 2, 0, true},        {"cy", 2, 0, false},      {"cz", 2, 0, true},
    {"ch", 2, 0, true},    {"swap", 2, 0, true},      {"iswap", 2, 0, false},   {"crx", 2, 1, false},
    {"cry", 2, 1, true},   {"crz", 2, 1, false},      {"cp", 2, 1, false},      {"rxx", 2, 1, false},
    {"ryy", 2, 1, false},  {"rzz", 2, 1, false},      {"rbs", 2, 1, true},      {"ccx", 3, 0, true},
    {"cswap", 3, 0, true}, {"unitary1", 1, 0, false}, {"unitary2", 2, 0, false}};
}  // namespace detail

constexpr const operation_facts& facts_of(operation kind) {
    return detail::facts_of_operations[static_cast<std::size_t>(kind)];
}
constexpr const char* name_of(operation kind) { return facts_of(kind).name; }
constexpr std::size_t wires_of(operation kind) { return facts_of(kind).wires; }
constexpr std::size_t angles_of(operation kind) { return facts_of(kind).angles; }
constexpr bool is_user_matrix(operation kind) { return kind == unitary1 || kind == unitary2; }

/// One entry of a circuit's table: an operation, its wires and angles (as many as `wires_of` and `angles_of` say), and
/// for unitary1 and unitary2 which of the circuit's matrices.
struct gate {
    operation kind = id;
    fixed_array<std::uint16_t, 3> wires{};
    fixed_array<angle, 3> angles{};
    std::uint16_t matrix = 0;
    friend constexpr bool operator==(const gate&, const gate&) = default;
};

}  // namespace qvit::inline QVIT_ABI
