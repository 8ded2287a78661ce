// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_primitive.hpp>

/// Which gates of a list the wide engine takes together: those that commute with all that they pass. Cost: a selection
/// looks at every gate once; blocks, at those left, once for each block.
namespace qvit::inline QVIT_ABI {

namespace detail {

/// Gates taken from the front of a list: all whose targets are within a set of wires that grows to a capacity, and that
/// commute with every gate left behind.
struct wide_selection {
    std::uint64_t wires = 0;
    std::vector<const wide_primitive*> taken;
    std::vector<const wide_primitive*> left;
};

/// The addresses of some gates.
inline std::vector<const wide_primitive*> pointers_to(const std::vector<wide_primitive>& gates) {
    std::vector<const wide_primitive*> result;
    result.reserve(gates.size());
    for (const wide_primitive& g : gates) result.push_back(&g);
    return result;
}

/// Takes from `gates` those on `free_wires` and on up to `capacity` others. Where `flips_last`, gates follow X and CNOT
/// gates only if they commute with these: what is taken is other gates first, then a permutation of amplitudes.
inline wide_selection select_gates(const std::vector<const wide_primitive*>& gates, std::uint64_t free_wires,
                                   std::size_t capacity, bool real_only, bool flips_last = false) {
    wide_selection result;
    result.wires = free_wires;
    result.taken.reserve(gates.size());
    // What the gates left behind do to wires: diagonal there, a flip, or else.
    std::uint64_t diagonal = 0, flipped = 0, other = 0;
    // What the flips taken do to wires.
    std::uint64_t controls_taken = 0, targets_taken = 0;
    for (const wide_primitive* const gate : gates) {
        const wide_primitive& g = *gate;
        const std::uint64_t bit = std::uint64_t{1} << g.target;
        const bool is_diagonal = g.is_diagonal();
        const bool is_flip = g.is_flip();
        const bool blocked = (g.controls & (flipped | other)) != 0 || (bit & other) != 0 ||
                             (!is_diagonal && (bit & diagonal) != 0) || (!is_flip && (bit & flipped) != 0);
        const bool last = flips_last && is_flip && (g.controls & (g.controls - 1)) == 0;
        const bool behind = flips_last && !last &&
                            ((g.controls & targets_taken) != 0 || (bit & targets_taken) != 0 ||
                             (!is_diagonal && (bit & controls_taken) != 0));
        const bool inside = (result.wires & bit) != 0 || capacity > 0;
        if (!blocked && !behind && inside && (!real_only || g.matrix.is_real())) {
            if ((result.wires & bit) == 0) --capacity;
            result.wires |= bit;
            result.taken.push_back(gate);
            if (last) {
                controls_taken |= g.controls;
                targets_taken |= bit;
            }
            continue;
        }
        result.left.push_back(gate);
        diagonal |= g.controls;
        (is_diagonal ? diagonal : is_flip ? flipped : other) |= bit;
    }
    return result;
}

/// The gates in blocks of which each is other gates first, then a permutation: in most circuits, their layers.
inline std::vector<std::vector<const wide_primitive*>> blocks_of(std::vector<const wide_primitive*> gates) {
    std::vector<std::vector<const wide_primitive*>> result;
    while (!gates.empty()) {
        wide_selection block = select_gates(gates, ~std::uint64_t{0}, 0, false, true);
        result.push_back(std::move(block.taken));
        gates = std::move(block.left);
    }
    return result;
}

/// Multiplies gates of one target and the same controls where nothing between them forbids it; drops identities. Where
/// `keep_angles`, what has angles stays as it is.
inline std::vector<wide_primitive> merge_gates(const std::vector<wide_primitive>& gates, bool keep_angles) {
    constexpr std::size_t looks = 64;  // back at most so many gates: the merge stays linear
    std::vector<wide_primitive> result;
    result.reserve(gates.size());
    for (wide_primitive g : gates) {
        bool merged = false;
        if (!keep_angles) g.angles = 0;
        for (std::size_t i = result.size(); i-- > 0 && g.angles == 0 && result.size() - i <= looks;) {
            wide_primitive& earlier = result[i];
            if (earlier.angles == 0 && earlier.target == g.target && earlier.controls == g.controls &&
                earlier.values == g.values) {
                earlier.matrix = g.matrix * earlier.matrix;
                if (earlier.matrix.is_identity()) result.erase(result.begin() + static_cast<std::ptrdiff_t>(i));
                merged = true;
                break;
            }
            if (!g.commutes(earlier)) break;
        }
        if (!merged && (g.angles > 0 || !g.matrix.is_identity())) result.push_back(g);
    }
    return result;
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
