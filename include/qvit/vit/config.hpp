// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What the head sees of the tokens: a learned class token; the mean of all tokens; or a mean with weights
/// softmax(query . token / sqrt(width)), the query learned (arXiv:2104.05704).
enum class pooling : std::uint8_t { cls, mean, attention };

/// What is added to the tokens: a learned table; sines and cosines of row and column (arXiv:2104.02057); nothing.
enum class position_embedding : std::uint8_t { learned, sinusoidal, none };

/// How an image becomes tokens: patches through a linear layer; each patch together with the four that lie half a patch
/// off diagonally, normalised before the layer (shifted patch tokenisation, arXiv:2112.13492); or 3 x 3 convolutions
/// of stride 2 with GELU, then a linear layer at every point (arXiv:2106.14881, without its batch norms).
enum class tokenizer : std::uint8_t { patches, shifted_patches, convolutions };

/// Where a block normalises: before attention and MLP (and once more after the last block), or after each sum.
enum class norm_placement : std::uint8_t { pre, post };

/// The sizes and options of a vision transformer; all of them are part of its type. Heads belong to the attention.
///
///     constexpr vit_config overlapping{.patch = 8, .stride = 4, .padding = 2};   // 7 x 7 patches that overlap
struct vit_config {
    std::size_t image = 28;       ///< pixels along a side
    std::size_t colours = 3;      ///< 1 or 3
    std::size_t patch = 7;        ///< pixels along a patch's side; what does not fill a patch is cropped
    std::size_t width = 4;        ///< channels of a token
    std::size_t depth = 2;        ///< transformer blocks
    std::size_t mlp = 2 * width;  ///< hidden channels of a block's feed-forward network
    pooling pool = pooling::cls;
    std::size_t stride = patch;   ///< pixels from a patch to the next; below `patch` they overlap
    std::size_t padding = 0;      ///< pixels of value 0 around the image, less than a patch
    tokenizer tokens_from = tokenizer::patches;
    std::size_t convolutions = 2;   ///< of tokenizer::convolutions, which knows no patch, stride or padding
    std::size_t stem_channels = 8;  ///< of the first convolution; every further one has twice as many
    position_embedding positions = position_embedding::learned;
    norm_placement norm = norm_placement::pre;
    bool layer_scale = false;           ///< a learned factor per channel before each sum, 0.1 at first (arXiv:2103.17239)
    bool distillation_token = false;    ///< a second learned token with a head of its own (arXiv:2012.12877)
    std::size_t drop_path_percent = 0;  ///< of the last block; the first has none, in between it grows evenly

    /// Patches, or points of the last convolution, along a side; 0 where none fits.
    constexpr std::size_t side() const {
        if (tokens_from == tokenizer::convolutions) {
            std::size_t points = image;
            for (std::size_t i = 0; i < convolutions; ++i) points = (points + 1) / 2;
            return points;
        }
        const std::size_t padded = image + 2 * padding;
        return stride == 0 || patch == 0 || patch > padded ? 0 : (padded - patch) / stride + 1;
    }
    constexpr std::size_t patches() const { return side() * side(); }
    /// Pixels that the linear layer sees of a patch: five shifts of it with tokenizer::shifted_patches.
    constexpr std::size_t patch_features() const {
        return (tokens_from == tokenizer::shifted_patches ? 5 : 1) * colours * patch * patch;
    }
    /// Tokens before those of the patches.
    constexpr std::size_t extra_tokens() const { return (pool == pooling::cls ? 1 : 0) + (distillation_token ? 1 : 0); }
    constexpr std::size_t tokens() const { return extra_tokens() + patches(); }
};

}  // namespace qvit::inline QVIT_ABI
