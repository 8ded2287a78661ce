// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/vit/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Layer norm over a patch's pixels, then a linear layer: patches x Features to patches x Channels. The embedding of
/// shifted patch tokenisation (arXiv:2112.13492, section 3.1); the shifts are in patch_order.
template <std::size_t Features, std::size_t Channels>
struct normalised_embedding {
    using normalise = layer_norm<Features>;
    using layer = linear<Features, Channels>;
    BOOST_HANA_DEFINE_STRUCT(normalised_embedding, (normalise, norm), (layer, proj));

    constexpr normalised_embedding() = default;

    constexpr auto operator()(auto& tape, auto patches) const { return proj(tape, norm(tape, patches)); }
};

/// The module that a configuration makes tokens with, from an input ordered by patch_order.
template <vit_config Config>
using token_embedding = std::conditional_t<Config.tokens_from == tokenizer::shifted_patches,
                                           normalised_embedding<Config.patch_features(), Config.width>,
                                           linear<Config.patch_features(), Config.width>>;

}  // namespace qvit::inline QVIT_ABI
