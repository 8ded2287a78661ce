// SPDX-License-Identifier: Apache-2.0
// Models of at most 1,100 parameters on RetinaMNIST that docs/recipe.md compares with qvit4; linked into `qvit_variants`,
// the tool with these names besides its own.
#include <cstddef>

#include <qvit/models/named_models.hpp>

#include "compiled_model.hpp"

namespace {
using namespace qvit;

/// Products of at most two cosines, at any width.
constexpr auto pairs_of_8 = circuit<8>(encode<ry>, rotate<ry>, entangle<cnot>(pairs), measure<z>);

template <vit_config Config>
using q4 = vision_transformer<Config, quantum_attention<ry_ring<4>>>;
template <vit_config Config>
using q8 = vision_transformer<Config, quantum_attention<ry_ring<8>>>;
template <vit_config Config>
using q8_pairs = vision_transformer<Config, quantum_attention<pairs_of_8>>;
template <vit_config Config>
using v8 = vision_transformer<Config, classical_attention<8>>;

constexpr vit_config width_4{.width = 4, .mlp = 8, .pool = pooling::mean};
constexpr vit_config width_8{.patch = 4,
                             .width = 8,
                             .mlp = 8,
                             .pool = pooling::mean,
                             .positions = position_embedding::sinusoidal};

constexpr vit_config with_depth(std::size_t depth) {
    vit_config config = width_4;
    config.depth = depth;
    return config;
}
constexpr vit_config with_positions(position_embedding positions) {
    vit_config config = width_4;
    config.positions = positions;
    return config;
}
/// Convolutions in place of patches, the first with `channels`.
constexpr vit_config with_stem(vit_config config, std::size_t convolutions, std::size_t channels) {
    config.tokens_from = tokenizer::convolutions;
    config.convolutions = convolutions;
    config.stem_channels = channels;
    return config;
}

using q4_depth1 = q4<with_depth(1)>;
using q4_depth3 = q4<with_depth(3)>;
using q4_sinusoidal = q4<with_positions(position_embedding::sinusoidal)>;
using q4_no_positions = q4<with_positions(position_embedding::none)>;
using q4_patch4 = q4<vit_config{.patch = 4, .width = 4, .mlp = 8, .pool = pooling::mean}>;
using q4_overlap = q4<vit_config{.width = 4, .mlp = 8, .pool = pooling::mean, .stride = 3}>;
using q4_layer_scale = q4<vit_config{.width = 4, .mlp = 8, .pool = pooling::mean, .layer_scale = true}>;
using q4_stem = q4<with_stem(width_4, 2, 4)>;
using q8_patch4 = q8<width_8>;
using q8_patch4_pairs = q8_pairs<width_8>;
using q8_patch4_mlp12 =
    q8<vit_config{.patch = 4, .width = 8, .mlp = 12, .pool = pooling::mean, .positions = position_embedding::none}>;
using q8_stem = q8<with_stem(width_8, 2, 4)>;
using q8_stem3 = q8<with_stem(width_8, 3, 2)>;
using v8_patch4 = v8<width_8>;
using v8_stem = v8<with_stem(width_8, 2, 4)>;

[[maybe_unused]] const tool::registration registered[] = {
    tool::registration::of<q4_depth1>("q4_depth1"),
    tool::registration::of<q4_depth3>("q4_depth3"),
    tool::registration::of<q4_sinusoidal>("q4_sinusoidal"),
    tool::registration::of<q4_no_positions>("q4_no_positions"),
    tool::registration::of<q4_patch4>("q4_patch4"),
    tool::registration::of<q4_overlap>("q4_overlap"),
    tool::registration::of<q4_layer_scale>("q4_layer_scale"),
    tool::registration::of<q4_stem>("q4_stem"),
    tool::registration::of<q8_patch4>("q8_patch4"),
    tool::registration::of<q8_patch4_pairs>("q8_patch4_pairs"),
    tool::registration::of<q8_patch4_mlp12>("q8_patch4_mlp12"),
    tool::registration::of<q8_stem>("q8_stem"),
    tool::registration::of<q8_stem3>("q8_stem3"),
    tool::registration::of<v8_patch4>("v8_patch4"),
    tool::registration::of<v8_stem>("v8_stem"),
};
}  // namespace
