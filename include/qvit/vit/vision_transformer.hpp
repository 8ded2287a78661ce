// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/autodiff/recycled.hpp>
#include <qvit/nn/attention_for.hpp>
#include <qvit/nn/dropout.hpp>
#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/no_parameter.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/attention_pooling.hpp>
#include <qvit/tensor/average.hpp>
#include <qvit/tensor/pooling.hpp>
#include <qvit/tensor/prepend_token.hpp>
#include <qvit/tensor/rearrange.hpp>
#include <qvit/vit/config.hpp>
#include <qvit/vit/sinusoidal_positions.hpp>
#include <qvit/vit/token_embedding.hpp>
#include <qvit/vit/transformer_block.hpp>

namespace qvit::inline QVIT_ABI {

template <std::size_t Patch, std::size_t PaddedImage>
concept patch_fits_image = (Patch > 0 && Patch <= PaddedImage);
template <std::size_t Stride>
concept stride_moves = (Stride > 0);
template <std::size_t Padding, std::size_t Patch>
concept padding_is_below_patch = (Padding < Patch + (Padding == 0 ? 1 : 0));
template <std::size_t Percent>
concept percentage_is_below_100 = (Percent < 100);

/// The logits of the two heads of a model with a distillation token, each 1 x classes.
template <class Logits>
struct two_headed_logits {
    Logits of_class;         ///< learns from the labels
    Logits of_distillation;  ///< learns from the teacher
};

/// A vision transformer (arXiv:2010.11929) whose attention is any model of attention_for<tokens, width>.
///
/// A constant: it holds shapes and offsets, no numbers. Called with a tape and a block of images, patches x features
/// (see patch_order), it returns logits, 1 x classes; with a distillation token the mean of both heads' logits
/// (arXiv:2012.12877). The number of classes is given at run time. Options: see vit_config; a member that an option
/// leaves out is `no_parameter`, so that names and order of all others stay.
///
///     constexpr vision_transformer<vit_config{}, quantum_attention<projection>> model(5);
///     static_assert(parameter_count(model) == 913);
///     auto logits = model(tape, images);
template <vit_config Config, class Attention>
struct vision_transformer {
    /// Where tokens are patches they have to be possible; convolutions know none.
    static constexpr vit_config cut = Config.tokens_from == tokenizer::convolutions ? vit_config{} : Config;
    static_assert(patch_fits_image<cut.patch, cut.image + 2 * cut.padding>,
                  "[qvit::vision_transformer] the patch is larger than the image with its padding.");
    static_assert(stride_moves<cut.stride>, "[qvit::vision_transformer] the stride must be at least one pixel.");
    static_assert(padding_is_below_patch<cut.padding, cut.patch>,
                  "[qvit::vision_transformer] with a padding as wide as the patch, patches would see no image.");
    static_assert(percentage_is_below_100<Config.drop_path_percent>,
                  "[qvit::vision_transformer] drop_path_percent must be below 100.");
    static_assert(!Config.distillation_token || Config.pool == pooling::cls,
                  "[qvit::vision_transformer] a distillation token stands beside a class token: use pooling::cls.");
    static_assert(attention_for<Attention, Config.tokens(), Config.width>,
                  "[qvit::vision_transformer] the attention must map tokens x width to tokens x width.");

    static constexpr vit_config config = Config;
    static constexpr bool has_class_token = Config.pool == pooling::cls;
    static constexpr bool has_distillation_token = Config.distillation_token;
    static constexpr bool has_learned_positions = Config.positions == position_embedding::learned;
    static constexpr bool has_final_norm = Config.norm == norm_placement::pre;
    using input_shape = token_input<Config>;
    using token_shape = shape<Config.tokens(), Config.width>;
    using embedding = token_embedding<Config>;
    using class_token = optional_module<has_class_token, parameter<shape<1, Config.width>>>;
    using distillation_token = optional_module<has_distillation_token, parameter<shape<1, Config.width>>>;
    using positions = optional_module<has_learned_positions, parameter<token_shape>>;
    using block = transformer_block<Attention, Config.width, Config.mlp,
                                    block_options{.norm = Config.norm,
                                                  .layer_scale = Config.layer_scale,
                                                  .drop_path = (Config.drop_path_percent > 0)}>;
    using block_list = std::array<block, Config.depth>;
    using final_norm = optional_module<has_final_norm, layer_norm<Config.width>>;
    using pooling_query = optional_module<Config.pool == pooling::attention, parameter<shape<1, Config.width>>>;
    using classifier = linear<Config.width, dynamic>;
    using second_classifier = optional_module<has_distillation_token, classifier>;
    BOOST_HANA_DEFINE_STRUCT(vision_transformer, (embedding, embed), (class_token, cls), (distillation_token, dist),
                             (positions, pos), (block_list, blocks), (final_norm, norm), (pooling_query, query),
                             (classifier, head), (second_classifier, head_dist));

    constexpr explicit vision_transformer(std::size_t classes) : head(classes), head_dist(second(classes)) {
        constexpr initializer start = initializer::truncated_normal(0.02);
        if constexpr (has_learned_positions) pos.start = start;
        if constexpr (has_class_token) cls.start = start;
        if constexpr (has_distillation_token) dist.start = start;
        if constexpr (Config.pool == pooling::attention) query.start = start;
        if constexpr (Config.drop_path_percent > 0 && Config.depth > 1)
            for (std::size_t i = 0; i < Config.depth; ++i)
                blocks[i].drop = drop_path(0.01 * static_cast<double>(Config.drop_path_percent * i) /
                                           static_cast<double>(Config.depth - 1));
        bind(*this);
    }

    constexpr std::size_t classes() const { return head.bias.size(); }

    constexpr auto operator()(auto& tape, auto images) const { return answer(tape, encode(tape, images)); }

    /// All tokens as the head sees them, tokens x width: the features of the image.
    constexpr auto encode(auto& tape, auto images) const { return normalise(tape, transform(tape, images)); }
    /// The same in two steps: tokens x width as the last block leaves them, then the final norm where there is one.
    constexpr auto transform(auto& tape, auto images) const {
        auto tokens = add_positions(tape, add_tokens(tape, embed(tape, images)));
        for (const block& next : blocks) tokens = recycled(tape, next, tokens);
        return tokens;
    }
    constexpr auto normalise(auto& tape, auto tokens) const {
        if constexpr (has_final_norm)
            return norm(tape, tokens);
        else
            return tokens;
    }
    /// The model's logits of encode's tokens.
    constexpr auto answer(auto& tape, auto tokens) const {
        if constexpr (has_distillation_token) {
            const auto logits = both_answers(tape, tokens);
            return tape.apply(average_op{}, logits.of_class, logits.of_distillation);
        } else {
            return classify(tape, tokens);
        }
    }
    /// The same; with a distillation token those of the class token alone.
    constexpr auto classify(auto& tape, auto tokens) const {
        if constexpr (has_class_token)
            return head(tape, tape.apply(first_token{}, tokens));
        else if constexpr (Config.pool == pooling::attention)
            return head(tape, tape.apply(attention_over_tokens{}, tokens, tape.use(query)));
        else
            return head(tape, tape.apply(mean_over_tokens{}, tokens));
    }
    /// Both heads' logits, for a loss on each.
    constexpr auto both_heads(auto& tape, auto images) const requires(has_distillation_token) {
        return both_answers(tape, encode(tape, images));
    }
    constexpr auto both_answers(auto& tape, auto tokens) const requires(has_distillation_token) {
        const auto of_class = classify(tape, tokens);
        return two_headed_logits<decltype(of_class)>{
            of_class, head_dist(tape, tape.apply(slice_op<0, 1, 1>{}, tokens))};
    }

  private:
    static constexpr second_classifier second([[maybe_unused]] std::size_t classes) {
        if constexpr (has_distillation_token)
            return second_classifier(classes);
        else
            return {};
    }
    constexpr auto add_tokens(auto& tape, auto patches) const {
        if constexpr (has_distillation_token)
            return tape.apply(prepend_token{}, tape.apply(prepend_token{}, patches, tape.use(dist)), tape.use(cls));
        else if constexpr (has_class_token)
            return tape.apply(prepend_token{}, patches, tape.use(cls));
        else
            return patches;
    }
    constexpr auto add_positions(auto& tape, auto tokens) const {
        if constexpr (has_learned_positions)
            return tape.apply(add_op{}, tokens, tape.use(pos));
        else if constexpr (Config.positions == position_embedding::sinusoidal)
            return tape.apply(sinusoidal_positions<Config.side(), Config.extra_tokens()>{}, tokens);
        else
            return tokens;
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
