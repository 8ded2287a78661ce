// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <type_traits>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/attention/quantum_attention.hpp>
#include <qvit/vit/patch_order.hpp>
#include <qvit/vit/transformer_block.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "reference/close.hpp"
#include "reference/test_circuits.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using module_check::check_gradients;

namespace {

constexpr vit_config square(std::size_t image, std::size_t colours, std::size_t patch) {
    return {.image = image, .colours = colours, .patch = patch};
}

/// torch: image.unfold of a channel-first crop. Says of each pixel where it has to go, the other way round than
/// patch_order, which says of each place where it comes from.
template <vit_config Config>
void check_patch_order() {
    const auto order = patch_order(Config);
    constexpr std::size_t p = Config.patch, side = Config.image / p;
    INFO(Config.image << " pixels, " << Config.colours << " colours, patch " << p);
    REQUIRE(order.size() == side * side * p * p * Config.colours);
    REQUIRE(order.size() == Config.patches() * Config.patch_features());
    std::size_t pixel = 0;
    std::size_t found = 0;
    for (std::size_t row = 0; row < Config.image; ++row)
        for (std::size_t column = 0; column < Config.image; ++column)
            for (std::size_t channel = 0; channel < Config.colours; ++channel, ++pixel) {
                if (row >= side * p || column >= side * p) continue;  // cropped
                const std::size_t patch = row / p * side + column / p;
                const std::size_t feature = channel * p * p + row % p * p + column % p;
                found += order[patch * Config.patch_features() + feature] == pixel ? 1 : 0;
            }
    CHECK(found == order.size());  // all of them, so each pixel of the crop exactly once and no other
}

/// The simplest token mixer: none.
struct identity_attention {
    constexpr auto operator()(auto&, auto x) const { return x; }
};
/// Keeps the first two channels of what should be four.
struct narrowing_attention {
    linear<4, 2> projection;
    constexpr auto operator()(auto& tape, auto x) const { return projection(tape, x); }
};
/// Makes one token of all.
struct pooling_attention {
    constexpr auto operator()(auto& tape, auto x) const { return tape.apply(mean_over_tokens{}, x); }
};
struct no_call {};
struct needs_an_argument {
    explicit constexpr needs_an_argument(int) {}
    constexpr auto operator()(auto&, auto x) const { return x; }
};

constexpr vit_config tiny{.image = 4, .colours = 1, .patch = 2, .width = 4, .depth = 2, .mlp = 3};
constexpr vit_config tiny_mean{
    .image = 5, .colours = 1, .patch = 2, .width = 4, .depth = 1, .mlp = 3, .pool = pooling::mean};

}  // namespace

static_assert(attention_for<identity_attention, 5, 4>);
static_assert(!attention_for<narrowing_attention, 5, 4>);
static_assert(!attention_for<pooling_attention, 5, 4> && attention_for<pooling_attention, 1, 4>);
static_assert(!attention_for<no_call, 5, 4>);
static_assert(!attention_for<needs_an_argument, 5, 4>);

static_assert(vit_config{}.patches() == 16 && vit_config{}.tokens() == 17 && vit_config{}.patch_features() == 147);
static_assert(vit_config{.pool = pooling::mean}.tokens() == 16);
static_assert(square(125, 3, 10).patches() == 144 && square(32, 2, 10).patches() == 9);  // FACTS, section 2

// A static model is a constant: its plan is known while compiling, and it holds shapes and offsets only.
static_assert(plan<float, true>([](auto& tape) {
                  constexpr vision_transformer<tiny, identity_attention> model(3);
                  model(tape, tape.create_constant(shape<4, 4>{}));
              }).operations == 1 + 1 + 1 + 2 * 7 + 1 + 1 + 1);
static_assert(std::is_trivially_destructible_v<vision_transformer<tiny, identity_attention>>);

TEST_CASE("patch order is torch's unfold of the image") {
    check_patch_order<vit_config{}>();
    check_patch_order<square(28, 1, 7)>();
    check_patch_order<square(28, 3, 4)>();
    check_patch_order<square(6, 3, 6)>();
    check_patch_order<square(5, 2, 1)>();
}

TEST_CASE("what does not fill a patch is cropped at the right and at the bottom") {
    check_patch_order<square(28, 3, 10)>();
    check_patch_order<square(7, 1, 3)>();
    check_patch_order<square(32, 2, 10)>();
    check_patch_order<square(125, 3, 10)>();
    const auto order = patch_order(square(5, 1, 2));
    CHECK(std::vector<std::uint32_t>(order.begin(), order.end()) ==
          std::vector<std::uint32_t>{0, 1, 5, 6, 2, 3, 7, 8, 10, 11, 15, 16, 12, 13, 17, 18});
}

TEST_CASE("transformer block: gradients of tokens and of all parameters") {
    using classical = transformer_block<classical_attention<4, 2>, 4, 5>;
    using quantum =
        transformer_block<quantum_attention<reference::ry_ring<4, 1>, quantum_layer<reference::ry_ring<4, 1>>, 2>, 4,
                          5>;
    static_assert(parameter_count(classical()) == 8 + 80 + 8 + 49 && parameter_count(quantum()) == 8 + 16 + 8 + 49);
    CHECK(check_gradients(classical(), shape<3, 4>{}).largest_error < 1e-7);
    CHECK(check_gradients(quantum(), shape<3, 4>{}).largest_error < 1e-7);
}

TEST_CASE("transformer block: pre-norm with two residual connections") {
    // With identity mixing: y = x + norm1(x), then y + mlp(norm2(y)).
    transformer_block<identity_attention, 4, 3> block;
    bind(block);
    std::vector<double> x(8), weights(parameter_count(block));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(1.0 + 5.0 * static_cast<double>(i));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::cos(3.0 * static_cast<double>(i));
    const shape<2, 4> tokens;
    const auto run = [&](const auto& module, const std::vector<double>& in) {
        return module_check::run(module, tokens, in, weights);
    };
    const auto plus = [](std::vector<double> a, const std::vector<double>& b) {
        for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
        return a;
    };
    const auto y = plus(x, run(block.norm1, x));
    const auto expected = plus(y, run(block.mlp, run(block.norm2, y)));
    CHECK(reference::largest_difference(run(block, x), expected) < 1e-14);
}

TEST_CASE("vision transformer: a user's own token mixer, with and without a class token") {
    const vision_transformer<tiny, identity_attention> with_token(3);
    const vision_transformer<tiny_mean, identity_attention> with_mean(3);
    // embed, class token, positions, blocks (2 norms, MLP), norm, head
    static_assert(parameter_count(vision_transformer<tiny, identity_attention>(3)) ==
                  20 + 4 + 20 + 2 * (16 + 31) + 8 + 15);
    static_assert(parameter_count(vision_transformer<tiny_mean, identity_attention>(3)) == 20 + 16 + 47 + 8 + 15);
    static_assert(attention_parameter_count(vision_transformer<tiny, identity_attention>(3)) == 0);
    static_assert(module_check::offsets_are_contiguous(vision_transformer<tiny, identity_attention>(3)));
    CHECK(with_token.classes() == 3);
    CHECK(check_gradients(with_token, shape<4, 4>{}).largest_error < 1e-7);
    CHECK(check_gradients(with_mean, shape<4, 4>{}).largest_error < 1e-7);
}

TEST_CASE("vision transformer: without a class token and positions the order of the patches does not matter") {
    const vision_transformer<tiny_mean, classical_attention<4>> model(2);
    std::vector<double> weights(parameter_count(model));
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::cos(3.0 * static_cast<double>(i));
    for (std::size_t i = 0; i < model.pos.size(); ++i) weights[model.pos.offset + i] = 0;
    std::vector<double> x(16);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(1.0 + 5.0 * static_cast<double>(i));
    const auto logits = module_check::run(model, shape<4, 4>{}, x, weights);
    CHECK(logits.size() == 2);
    std::rotate(x.begin(), x.begin() + 4, x.end());
    CHECK(reference::largest_difference(module_check::run(model, shape<4, 4>{}, x, weights), logits) < 1e-14);
    weights[model.pos.offset] = 1;
    CHECK(reference::largest_difference(module_check::run(model, shape<4, 4>{}, x, weights), logits) > 1e-6);
}
