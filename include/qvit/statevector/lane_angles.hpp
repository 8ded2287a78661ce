// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// The angles of one sample per lane, as the lane kernels read them, by slot (rotation of the pauli_program).
///
/// A uniform slot's angle was reduced to [-pi/2, pi/2], so its tangent is at most 1. `sign` is -1 where a reduction
/// before it turned the rotation's axis round (see lane_pass).
template <class S>
struct lane_angles {
    using R = real_of<S>;
    const R* tangent = nullptr;       ///< of half the angle, uniform slots, sign included
    const R* cosine = nullptr;        ///< of half the angle, uniform slots
    const R* sign = nullptr;          ///< all slots
    const S* token_cosine = nullptr;  ///< of half the angle, by rank
    const S* token_sine = nullptr;
    const std::uint16_t* rank = nullptr;  ///< number of a slot among the token slots

    QVIT_INLINE S token_c(std::size_t slot) const { return token_cosine[rank[slot]]; }
    QVIT_INLINE S token_s(std::size_t slot) const { return S(sign[slot]) * token_sine[rank[slot]]; }
    QVIT_INLINE S t(std::size_t slot) const { return S(tangent[slot]); }
    /// Of any slot, for rotations that keep norms.
    QVIT_INLINE S c(std::size_t slot, bool uniform) const { return uniform ? S(cosine[slot]) : token_c(slot); }
    QVIT_INLINE S s(std::size_t slot, bool uniform) const {
        return uniform ? S(cosine[slot] * tangent[slot]) : token_s(slot);
    }
};

}  // namespace qvit::inline QVIT_ABI
