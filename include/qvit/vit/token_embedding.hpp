// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/conv2d.hpp>
#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/no_parameter.hpp>
#include <qvit/tensor/gelu.hpp>
#include <qvit/tensor/rearrange.hpp>
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

template <std::size_t Convolutions>
concept stem_has_one_to_four_convolutions = (Convolutions >= 1 && Convolutions <= 4);

/// Convolutions of 3 x 3 and stride 2, each followed by GELU, then a linear layer at every point: Colours x n x n to
/// points x Channels (arXiv:2106.14881, appendix A, without its batch norms). The i-th has First 2^i channels.
template <std::size_t Colours, std::size_t First, std::size_t Convolutions, std::size_t Channels>
struct convolutional_embedding {
    static_assert(stem_has_one_to_four_convolutions<Convolutions>,
                  "[qvit::convolutional_embedding] a stem has one to four convolutions.");
    template <std::size_t I>
    using convolution =
        optional_module<(I < Convolutions), conv2d<I == 0 ? Colours : First << (I == 0 ? 0 : I - 1), First << I, 3, 2, 1>>;
    using convolution1 = convolution<0>;
    using convolution2 = convolution<1>;
    using convolution3 = convolution<2>;
    using convolution4 = convolution<3>;
    using layer = linear<(First << (Convolutions == 0 ? 0 : Convolutions - 1)), Channels>;
    BOOST_HANA_DEFINE_STRUCT(convolutional_embedding, (convolution1, conv1), (convolution2, conv2),
                             (convolution3, conv3), (convolution4, conv4), (layer, proj));

    constexpr convolutional_embedding() = default;

    constexpr auto operator()(auto& tape, auto image) const {
        const auto y = halve(tape, conv4, halve(tape, conv3, halve(tape, conv2, halve(tape, conv1, image))));
        return proj(tape, points(tape, y));
    }

  private:
    template <class Module>
    static constexpr auto halve(auto& tape, [[maybe_unused]] const Module& convolve, auto x) {
        if constexpr (std::is_same_v<Module, no_parameter>)
            return x;
        else
            return tape.apply(gelu_op{}, convolve(tape, x));
    }
    /// Channels x rows x columns -> points x channels.
    template <class S, std::size_t C, std::size_t Rows, std::size_t Columns>
    static constexpr auto points(auto& tape, variable<S, shape<C, Rows, Columns>> y) {
        return tape.apply(transpose_op{}, tape.apply(reshape_op<C, Rows * Columns>{}, y));
    }
};

namespace detail {
/// A function, so that modules of other tokenizers are never instantiated.
template <vit_config Config>
constexpr auto choose_embedding() {
    if constexpr (Config.tokens_from == tokenizer::convolutions)
        return convolutional_embedding<Config.colours, Config.stem_channels, Config.convolutions, Config.width>();
    else if constexpr (Config.tokens_from == tokenizer::shifted_patches)
        return normalised_embedding<Config.patch_features(), Config.width>();
    else
        return linear<Config.patch_features(), Config.width>();
}
template <vit_config Config>
constexpr auto choose_input() {
    if constexpr (Config.tokens_from == tokenizer::convolutions)
        return shape<Config.colours, Config.image, Config.image>{};
    else
        return shape<Config.patches(), Config.patch_features()>{};
}
}  // namespace detail

/// The module that a configuration makes tokens with, from an input ordered by patch_order.
template <vit_config Config>
using token_embedding = decltype(detail::choose_embedding<Config>());
/// The shape of that input: patches x features, or colours x rows x columns for convolutions.
template <vit_config Config>
using token_input = decltype(detail::choose_input<Config>());

}  // namespace qvit::inline QVIT_ABI
