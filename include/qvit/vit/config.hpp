// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What the head sees of the tokens: a learned class token, or the mean of all patch tokens.
enum class pooling : std::uint8_t { cls, mean };

/// The sizes of a vision transformer; all of them are part of its type.
struct vit_config {
    std::size_t image = 28;   ///< pixels along a side
    std::size_t colours = 3;  ///< 1 or 3
    std::size_t patch = 7;    ///< pixels along a patch's side; what does not fill a patch is cropped
    std::size_t width = 4;    ///< channels of a token
    std::size_t depth = 2;    ///< transformer blocks
    std::size_t mlp = 8;      ///< hidden channels of a block's feed-forward network
    pooling pool = pooling::cls;

    constexpr std::size_t patches() const { return (image / patch) * (image / patch); }
    constexpr std::size_t patch_features() const { return colours * patch * patch; }
    constexpr std::size_t tokens() const { return patches() + (pool == pooling::cls ? 1 : 0); }
};

}  // namespace qvit::inline QVIT_ABI
