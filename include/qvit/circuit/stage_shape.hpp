// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A rotation about a Pauli string P as it acts on amplitudes: P |k> = i^quarter (-1)^parity(row & k) |k ^ mask>.
struct amplitude_pauli {
    std::uint32_t mask = 0;
    std::uint32_t row = 0;
    std::uint8_t quarter = 0;

    /// Whether exp(-i t P / 2) has real entries only.
    constexpr bool is_real() const { return quarter % 2 == 1; }
    friend constexpr bool operator==(const amplitude_pauli&, const amplitude_pauli&) = default;
};

/// Most wires a stage mixes at once, and most rotations it holds.
inline constexpr std::size_t most_stage_axes = 4;
inline constexpr std::size_t most_stage_steps = 12;

/// What decides the instructions of a stage, and nothing else: how many axes, and for each rotation its Pauli string
/// over the axes, whether its angle is the same for all samples (`uniform`), and whether its sign depends on the group
/// (`varies`). Stages of one shape share one function; where their amplitudes stand is data.
struct stage_shape {
    struct step {
        std::uint8_t mask = 0;
        std::uint8_t row = 0;
        std::uint8_t quarter = 0;
        bool uniform = false;
        bool varies = false;
        friend constexpr bool operator==(const step&, const step&) = default;
    };
    std::uint8_t axes = 0;
    std::uint8_t steps = 0;
    bool commuting = true;  ///< whether all its rotations commute, so that all gradients can be taken at one point
    step at[most_stage_steps] = {};

    friend constexpr bool operator==(const stage_shape&, const stage_shape&) = default;
};

}  // namespace qvit::inline QVIT_ABI
