// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// Adds a gradient of S to one entry: lane by lane to an activation's, its sum over lanes to a parameter's, which all
/// images share. An operation that does this and skips null gradients takes either kind.
template <class S, class Entry>
QVIT_INLINE void accumulate(Entry& entry, S amount) {
    if constexpr (std::is_same_v<Entry, S>)
        entry += amount;
    else
        entry += simd::sum(amount);
}

}  // namespace qvit::inline QVIT_ABI
