// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>

#include <qvit/core/random_stream.hpp>
#include <qvit/nn/initialize.hpp>

namespace qvit::inline QVIT_ABI {

/// Fills `order` with a permutation of 0 .. size-1 that depends on seed and epoch alone (Fisher-Yates).
inline void shuffle_epoch(std::span<std::uint32_t> order, std::uint64_t seed, std::size_t epoch) {
    random_stream random(seed, static_cast<std::uint32_t>(stream::batch_order), static_cast<std::uint32_t>(epoch));
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
    for (std::size_t i = order.size(); i > 1; --i)
        std::swap(order[i - 1], order[random.below(static_cast<std::uint32_t>(i))]);
}

}  // namespace qvit::inline QVIT_ABI
