// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/wide_layout.hpp>
#include <qvit/statevector/wide_reduce.hpp>

namespace qvit::inline QVIT_ABI {

/// Measures all wires of a state `shots` times: indices of amplitudes, each with probability |amplitude|^2 over the
/// state's norm. Shot s reads only random numbers of (seed, stream, s): any shot can be drawn alone, in any order.
///
/// One pass for the sums of chunks, then a binary search and a walk of at most 1024 amplitudes per shot. The state
/// must not be zero.
template <class R>
std::vector<std::uint64_t> sample_indices(const wide_view<const R>& state, std::size_t shots, std::uint64_t seed,
                                          std::uint32_t stream) {
    std::vector<double> below;  // below[c]: the weight of all chunks up to c
    below.reserve(state.size / wide_chunk + 1);
    double total = 0;
    for (std::size_t first = 0; first < state.size; first += wide_chunk) {
        total += weight_of_range(state, first, std::min(wide_chunk, state.size - first));
        below.push_back(total);
    }
    std::vector<std::uint64_t> found(shots);
    for (std::size_t shot = 0; shot < shots; ++shot) {
        random_stream draw(seed, stream, static_cast<std::uint32_t>(std::uint64_t{shot} >> 32),
                           static_cast<std::uint32_t>(shot));
        const double point = draw.uniform() * total;
        const auto chunk =
            static_cast<std::size_t>(std::upper_bound(below.begin(), below.end(), point) - below.begin());
        const std::size_t first = std::min(chunk, below.size() - 1) * wide_chunk;
        const std::size_t last = std::min(first + wide_chunk, state.size);
        double rest = point - (first == 0 ? 0 : below[first / wide_chunk - 1]);
        std::size_t result = first;  // the last amplitude of any weight, should rounding lead beyond all
        for (std::size_t i = first; i < last; ++i) {
            const double weight = weight_of_range(state, i, 1);
            if (weight > 0) result = i;
            rest -= weight;
            if (rest < 0) break;
        }
        found[shot] = result;
    }
    return found;
}

}  // namespace qvit::inline QVIT_ABI
