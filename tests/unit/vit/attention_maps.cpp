// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/attention/quantum_attention.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/vit/attention_maps.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "reference/close.hpp"
#include "reference/test_circuits.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;

namespace {
constexpr vit_config tiny{.image = 4, .colours = 1, .patch = 2, .width = 4, .depth = 2, .mlp = 3};
constexpr vit_config tiny_mean{
    .image = 4, .colours = 1, .patch = 2, .width = 4, .depth = 1, .mlp = 3, .pool = pooling::mean};
constexpr attention_options masked{.mask_diagonal = true};

struct identity_attention {
    constexpr auto operator()(auto&, auto x) const { return x; }
};

std::vector<double> numbers(std::size_t count, double step) {
    std::vector<double> result(count);
    for (std::size_t i = 0; i < count; ++i) result[i] = std::sin(1.0 + step * static_cast<double>(i));
    return result;
}

/// Every row of every map is a distribution, and the maps are those of q k^T computed from the trace.
template <class Model>
void check_maps(const Model& model, std::size_t heads, bool diagonal_masked) {
    constexpr std::size_t tokens = Model::config.tokens(), width = Model::config.width;
    const auto weights = numbers(parameter_count(model), 3.0);
    const auto image = numbers(typename Model::input_shape{}.size(), 5.0);
    const attention_map maps = attention_maps(model, weights.data(), image.data());
    CHECK((maps.depth == Model::config.depth && maps.heads == heads && maps.tokens == tokens));
    REQUIRE(maps.values.size() == maps.depth * heads * tokens * tokens);

    attention_trace<double, typename Model::token_shape, Model::config.depth> trace;
    arena memory(1 << 16);
    inference_tape<double> tape(memory, weights.data());
    observing_tape seen(tape, trace);
    const auto x = tape.create_constant(typename Model::input_shape{});
    for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = image[i];
    const auto z = model(seen, x);
    CHECK(std::vector<double>(z.value, z.value + z.size()) ==
          module_check::run(model, typename Model::input_shape{}, image, weights));  // watching changes nothing
    REQUIRE(trace.count == maps.depth);
    const std::size_t d = width / heads;
    for (std::size_t layer = 0; layer < maps.depth; ++layer)
        for (std::size_t head = 0; head < heads; ++head)
            for (std::size_t from = 0; from < tokens; ++from) {
                const auto score = [&](std::size_t to) {
                    double sum = 0;
                    for (std::size_t c = head * d; c < (head + 1) * d; ++c)
                        sum += trace.layers[layer].q(from, c) * trace.layers[layer].k(to, c);
                    return diagonal_masked && from == to ? 0 : std::exp(sum / std::sqrt(static_cast<double>(d)));
                };
                double total = 0;
                for (std::size_t to = 0; to < tokens; ++to) total += score(to);
                for (std::size_t to = 0; to < tokens; ++to)
                    CHECK(reference::close(maps(layer, head, from, to), score(to) / total, 1e-13, 1e-15));
            }
}
}  // namespace

TEST_CASE("attention maps: quantum and classical, several heads, a masked diagonal") {
    using ring = quantum_layer<reference::ry_ring<4, 1>>;
    check_maps(vision_transformer<tiny, quantum_attention<reference::ry_ring<4, 1>, ring, 2>>(3), 2, false);
    check_maps(vision_transformer<tiny, classical_attention<4, 2>>(3), 2, false);
    check_maps(vision_transformer<tiny_mean, classical_attention<4, 1, masked>>(2), 1, true);
}

TEST_CASE("attention maps: an attention without probabilities has none") {
    const vision_transformer<tiny, identity_attention> model(3);
    const auto weights = numbers(parameter_count(model), 3.0);
    const auto image = numbers(16, 5.0);
    const auto maps = attention_maps(model, weights.data(), image.data());
    CHECK((maps.depth == 0 && maps.heads == 0 && maps.values.empty()));
    // Nothing is mixed: a token after the blocks is made of itself.
    const auto rollout = attention_rollout(maps);
    CHECK(reference::largest_difference(patch_relevance(rollout, tiny), std::vector<double>(4, 0.0)) == 0);
}

TEST_CASE("attention rollout: half identity, half mean over heads, block after block") {
    const attention_map maps{.depth = 2, .heads = 2, .tokens = 2,
                             .values = {1, 0, 0.5, 0.5, 0.5, 0.5, 0.25, 0.75,   // means .75 .25 / .375 .625
                                        0, 1, 1, 0, 0, 1, 1, 0}};              // means 0 1 / 1 0
    // First: .875 .125 / .1875 .8125; second: .5 .5 / .5 .5.
    CHECK(reference::largest_difference(attention_rollout(maps),
                                        std::vector<double>{0.53125, 0.46875, 0.53125, 0.46875}) < 1e-15);
}

TEST_CASE("patch relevance: the class token's row, or the mean of all") {
    std::vector<double> map(36);
    for (std::size_t i = 0; i < map.size(); ++i) map[i] = static_cast<double>(i);
    CHECK(patch_relevance(map, {.image = 4, .patch = 2, .distillation_token = true}) ==
          std::vector<double>{2, 3, 4, 5});
    map.resize(16);
    CHECK(patch_relevance(map, {.image = 4, .patch = 2, .pool = pooling::mean}) == std::vector<double>{6, 7, 8, 9});
}
