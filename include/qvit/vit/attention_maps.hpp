// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/observing_tape.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/vit/attention_trace.hpp>
#include <qvit/vit/config.hpp>

namespace qvit::inline QVIT_ABI {

/// The attention probabilities of one image: how much token `from` takes of token `to`, depth x heads x T x T.
struct attention_map {
    std::size_t depth = 0;
    std::size_t heads = 0;
    std::size_t tokens = 0;
    std::vector<double> values{};

    double operator()(std::size_t layer, std::size_t head, std::size_t from, std::size_t to) const {
        return values[((layer * heads + head) * tokens + from) * tokens + to];
    }
};

/// Runs a model on one image and returns what its attention looked at; every row sums to one.
///
/// `image` holds the model's input, patches x features, as reals in the order of patch_order. Quantum and classical
/// attention alike (see attention_trace); with an attention of another kind depth and heads are 0. Takes memory.
///
///     const attention_map maps = attention_maps(model, weights.data(), image.data());
template <class Model, class R>
attention_map attention_maps(const Model& model, const R* weights, const R* image) {
    constexpr typename Model::input_shape extents{};
    attention_trace<R, typename Model::token_shape, Model::config.depth> trace;
    arena memory(plan<R, false>([&](auto& tape) { model.encode(tape, tape.create_constant(extents)); }).bytes);
    inference_tape<R> tape(memory, weights);
    observing_tape seen(tape, trace);
    const auto input = tape.create_constant(extents);
    std::copy_n(image, input.size(), input.value);
    model.encode(seen, input);

    constexpr std::size_t tokens = Model::config.tokens();
    attention_map maps{.depth = trace.count, .heads = trace.heads, .tokens = tokens};
    for (std::size_t layer = 0; layer < trace.count; ++layer)
        maps.values.insert(maps.values.end(), trace.layers[layer].probabilities,
                           trace.layers[layer].probabilities + trace.heads * tokens * tokens);
    return maps;
}

/// Attention rollout (arXiv:2005.00928): how much each token after the last block is made of each token before the
/// first, T x T; the product over blocks of (identity + mean over heads) / 2, so every row sums to one.
inline std::vector<double> attention_rollout(const attention_map& maps) {
    const std::size_t tokens = maps.tokens;
    std::vector<double> rollout(tokens * tokens, 0.0);
    for (std::size_t t = 0; t < tokens; ++t) rollout[t * tokens + t] = 1;
    for (std::size_t layer = 0; layer < maps.depth; ++layer) {
        std::vector<double> next(tokens * tokens, 0.0);
        for (std::size_t from = 0; from < tokens; ++from)
            for (std::size_t through = 0; through < tokens; ++through) {
                double share = 0;
                for (std::size_t head = 0; head < maps.heads; ++head) share += maps(layer, head, from, through);
                share = 0.5 * (share / static_cast<double>(maps.heads) + (from == through ? 1 : 0));
                for (std::size_t to = 0; to < tokens; ++to)
                    next[from * tokens + to] += share * rollout[through * tokens + to];
            }
        rollout = next;
    }
    return rollout;
}

/// Of a T x T map, what the head sees of every patch, side x side: the class token's row without the tokens that are no
/// patches, or the mean of all rows where there is no class token. For a picture over the image.
///
///     const auto heat = patch_relevance(attention_rollout(maps), model.config);
inline std::vector<double> patch_relevance(const std::vector<double>& map, const vit_config& config) {
    const std::size_t tokens = config.tokens();
    const std::size_t rows = config.pool == pooling::cls ? 1 : tokens;
    std::vector<double> relevance(config.patches(), 0.0);
    for (std::size_t from = 0; from < rows; ++from)
        for (std::size_t patch = 0; patch < config.patches(); ++patch)
            relevance[patch] += map[from * tokens + config.extra_tokens() + patch] / static_cast<double>(rows);
    return relevance;
}

}  // namespace qvit::inline QVIT_ABI
