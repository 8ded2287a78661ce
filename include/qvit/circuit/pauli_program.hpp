// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// One summand of the angle of rotation number `rotation`.
struct rotation_source {
    std::uint32_t rotation = 0;
    angle value{};
};

/// A circuit in normal form: |0..0>, then exp(-i angle_k P_k / 2) for Pauli strings P_1, P_2, ..., then the expectation
/// values of Pauli strings.
///
/// Clifford gates are gone: they were pushed through to the end and into what is measured. Rotations about one string
/// with nothing between them that anticommutes are one rotation by the sum of their angles; rotations whose angles
/// cancel, that no output depends on, or that only change the phase of |0..0> are left out. Constant rotations that add
/// up to quarter turns are Clifford gates again, and all of this is repeated until nothing changes: T T Sdg leaves
/// nothing, CCX CCX neither. Every engine works on this form. The angle of
/// rotation k is the sum of its `sources` (sorted by rotation). One without data is `uniform`: the same for all images
/// and tokens. Global phases are dropped. Rotations, Sources, Strings: the sizes; runtime_pauli_program has them at run
/// time.
template <std::size_t Width, std::size_t Rotations, std::size_t Sources, std::size_t Strings>
struct pauli_program {
    using string = pauli_string<Width>;
    template <class T>
    using per_rotation = static_vector<T, Rotations>;
    template <class T>
    using per_source = static_vector<T, Sources>;
    static constexpr std::size_t max_width = Width;
    std::size_t width = Width;
    bool amplitude_input = false;
    per_rotation<string> rotations{};
    per_rotation<char> uniform{};
    per_source<rotation_source> sources{};
    static_vector<string, Strings> strings{};  ///< what is measured, in the circuit's order
};

}  // namespace qvit::inline QVIT_ABI
