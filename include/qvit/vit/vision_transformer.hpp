// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/attention_for.hpp>
#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/tensor/pooling.hpp>
#include <qvit/tensor/prepend_token.hpp>
#include <qvit/vit/config.hpp>
#include <qvit/vit/transformer_block.hpp>

namespace qvit::inline QVIT_ABI {

/// Stands where a model has no class token.
struct no_parameter {};

/// A vision transformer (arXiv:2010.11929) whose attention is any model of attention_for<tokens, width>.
///
/// A constant: it holds shapes and offsets, no numbers. Called with a tape and a block of images, patches x features
/// (see patch_order), it returns logits, 1 x classes. The number of classes is given at run time.
///
///     constexpr vision_transformer<vit_config{}, quantum_attention<projection>> model(5);
///     static_assert(parameter_count(model) == 913);
///     auto logits = model(tape, images);
template <vit_config Config, class Attention>
struct vision_transformer {
    static_assert(Config.patches() > 0, "[qvit::vision_transformer] the patch is larger than the image.");
    static_assert(attention_for<Attention, Config.tokens(), Config.width>,
                  "[qvit::vision_transformer] the attention must map tokens x width to tokens x width.");

    static constexpr vit_config config = Config;
    static constexpr bool has_class_token = Config.pool == pooling::cls;
    using input_shape = shape<Config.patches(), Config.patch_features()>;
    using embedding = linear<Config.patch_features(), Config.width>;
    using class_token = std::conditional_t<has_class_token, parameter<shape<1, Config.width>>, no_parameter>;
    using positions = parameter<shape<Config.tokens(), Config.width>>;
    using block = transformer_block<Attention, Config.width, Config.mlp>;
    using block_list = std::array<block, Config.depth>;
    using final_norm = layer_norm<Config.width>;
    using classifier = linear<Config.width, dynamic>;
    BOOST_HANA_DEFINE_STRUCT(vision_transformer, (embedding, embed), (class_token, cls), (positions, pos),
                             (block_list, blocks), (final_norm, norm), (classifier, head));

    constexpr explicit vision_transformer(std::size_t classes)
        : pos{{}, initializer::truncated_normal(0.02)}, head(classes) {
        if constexpr (has_class_token) cls.start = initializer::truncated_normal(0.02);
        bind(*this);
    }

    constexpr std::size_t classes() const { return head.bias.size(); }

    constexpr auto operator()(auto& tape, auto images) const {
        auto patches = embed(tape, images);
        auto tokens = [&] {
            if constexpr (has_class_token)
                return tape.apply(prepend_token{}, patches, tape.use(cls));
            else
                return patches;
        }();
        tokens = tape.apply(add_op{}, tokens, tape.use(pos));
        for (const block& next : blocks) tokens = next(tape, tokens);
        tokens = norm(tape, tokens);
        if constexpr (has_class_token)
            return head(tape, tape.apply(first_token{}, tokens));
        else
            return head(tape, tape.apply(mean_over_tokens{}, tokens));
    }
};

/// Trainable reals of the attention modules alone: q, k, v and o of every block.
template <vit_config Config, class Attention>
constexpr std::size_t attention_parameter_count(const vision_transformer<Config, Attention>& model) {
    std::size_t total = 0;
    for (const auto& block : model.blocks) total += parameter_count(block.attention);
    return total;
}

}  // namespace qvit::inline QVIT_ABI
