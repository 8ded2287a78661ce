// SPDX-License-Identifier: Apache-2.0
// Options of vit_config: tokens, positions, norms, pooling, distillation token, drop-path. Their values are compared with
// torch in tests/golden/options_*.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/nn/conv2d.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/vit/patch_order.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "reference/close.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using module_check::check_gradients;
using module_check::names_of;

namespace {

constexpr attention_options local{.learnable_temperature = true, .mask_diagonal = true};
template <vit_config Config, attention_options Options = attention_options{}>
using model_of = vision_transformer<Config, classical_attention<Config.width, 2, Options>>;

/// Parameters, counted by hand: tokens' embedding, extra tokens, positions, blocks, last norm, query, heads.
constexpr std::size_t formula(const vit_config& c, std::size_t classes, bool gain = false) {
    const std::size_t h = c.width;
    std::size_t embedding = c.patch_features() * h + h;
    if (c.tokens_from == tokenizer::shifted_patches) embedding += 2 * c.patch_features();
    if (c.tokens_from == tokenizer::convolutions) {
        embedding = 0;
        std::size_t in = c.colours;
        for (std::size_t i = 0; i < c.convolutions; ++i) {
            const std::size_t out = c.stem_channels << i;
            embedding += 9 * in * out + out;
            in = out;
        }
        embedding += in * h + h;
    }
    const std::size_t extra = c.extra_tokens() * h;
    const std::size_t positions = c.positions == position_embedding::learned ? c.tokens() * h : 0;
    const std::size_t block =
        4 * (h * h + h) + (gain ? 2 : 0) + 4 * h + 2 * h * c.mlp + h + c.mlp + (c.layer_scale ? 2 * h : 0);
    const std::size_t last = (c.norm == norm_placement::pre ? 2 * h : 0) + (c.pool == pooling::attention ? h : 0);
    return embedding + extra + positions + c.depth * block + last +
           (c.distillation_token ? 2 : 1) * (h * classes + classes);
}

constexpr vit_config overlapping{.image = 5, .colours = 1, .patch = 3, .depth = 1, .mlp = 3, .stride = 2, .padding = 1,
                                 .positions = position_embedding::none, .layer_scale = true};
constexpr vit_config shifted{.image = 4, .colours = 2, .patch = 2, .depth = 1, .mlp = 3, .pool = pooling::attention,
                             .tokens_from = tokenizer::shifted_patches, .positions = position_embedding::sinusoidal,
                             .norm = norm_placement::post};
constexpr vit_config stem{.image = 7, .colours = 1, .depth = 1, .mlp = 3, .pool = pooling::mean,
                          .tokens_from = tokenizer::convolutions, .stem_channels = 2};
constexpr vit_config distil{.image = 4, .colours = 1, .patch = 2, .depth = 1, .mlp = 3,
                            .positions = position_embedding::sinusoidal, .distillation_token = true};
constexpr vit_config dropping{.image = 4, .colours = 1, .patch = 2, .depth = 3, .mlp = 3, .drop_path_percent = 60};
constexpr vit_config not_dropping{.image = 4, .colours = 1, .patch = 2, .depth = 3, .mlp = 3};

template <vit_config Config, attention_options Options = attention_options{}>
constexpr bool formula_holds() {
    return parameter_count(model_of<Config, Options>(3)) == formula(Config, 3, Options.learnable_temperature) &&
           module_check::offsets_are_contiguous(model_of<Config, Options>(3));
}

}  // namespace

static_assert(vit_config{.patch = 8, .stride = 4, .padding = 2}.patches() == 49);
static_assert(vit_config{.patch = 14}.stride == 14 && vit_config{.width = 12}.mlp == 24);  // they follow
static_assert(vit_config{.tokens_from = tokenizer::shifted_patches}.patch_features() == 5 * 147);
static_assert(vit_config{.tokens_from = tokenizer::convolutions, .convolutions = 3}.tokens() == 17);
static_assert(overlapping.side() == 3 && stem.side() == 2 && distil.tokens() == 6);

static_assert(formula_holds<overlapping>() && formula_holds<shifted, local>() && formula_holds<stem>());
static_assert(formula_holds<distil, local>() && formula_holds<dropping>() && formula_holds<not_dropping>());
// An option that is off takes no bytes in the model.
static_assert(sizeof(model_of<not_dropping>) < sizeof(model_of<dropping>));

TEST_CASE("options: names of what they add, the others as they were") {
    const auto has = [](const std::vector<std::string>& names, const char* name) {
        return std::count(names.begin(), names.end(), name);
    };
    const auto plain = names_of(model_of<not_dropping>(3));
    CHECK(names_of(model_of<dropping>(3)) == plain);
    const auto a = names_of(model_of<overlapping>(3));
    CHECK((has(a, "blocks.0.gamma1") == 1 && has(a, "blocks.0.gamma2") == 1 && has(a, "pos") == 0));
    const auto b = names_of(model_of<shifted, local>(3));
    CHECK((has(b, "embed.norm.weight") == 1 && has(b, "embed.proj.weight") == 1 && has(b, "query") == 1));
    CHECK((has(b, "blocks.0.attention.gain") == 1 && has(b, "norm.weight") == 0 && has(b, "cls") == 0));
    const auto c = names_of(model_of<stem>(3));
    CHECK((has(c, "embed.conv1.weight") == 1 && has(c, "embed.conv2.bias") == 1 && has(c, "embed.conv3.weight") == 0));
    const auto d = names_of(model_of<distil>(3));
    CHECK((has(d, "cls") == 1 && has(d, "dist") == 1 && has(d, "head.weight") == 1 && has(d, "head_dist.bias") == 1));
    CHECK(has(plain, "dist") == 0);
}

TEST_CASE("options: gradients of images and all parameters") {
    const auto error_of = [](const auto& model) {
        return check_gradients(model, typename std::remove_cvref_t<decltype(model)>::input_shape{}).largest_error;
    };
    CHECK(error_of(model_of<overlapping>(3)) < 1e-7);
    CHECK(error_of(model_of<shifted, local>(3)) < 1e-7);
    CHECK(error_of(model_of<stem>(3)) < 1e-7);
    CHECK(error_of(model_of<distil, local>(3)) < 1e-7);
    CHECK(error_of(model_of<dropping>(3)) < 1e-7);
}

TEST_CASE("patch order: overlapping, padded and shifted patches, and the plain image") {
    using order = std::vector<std::uint32_t>;
    constexpr std::uint32_t out = outside_image;
    // 3 x 3 pixels 0 ... 8, patches of 2 with stride 1, then with padding 1 and stride 2.
    CHECK(patch_order({.image = 3, .colours = 1, .patch = 2, .stride = 1}) ==
          order{0, 1, 3, 4, 1, 2, 4, 5, 3, 4, 6, 7, 4, 5, 7, 8});
    CHECK(patch_order({.image = 3, .colours = 1, .patch = 2, .stride = 2, .padding = 1}) ==
          order{out, out, out, 0, out, out, 1, 2, out, 3, out, 6, 4, 5, 7, 8});
    // One patch of 2: itself, then the image moved to the lower right, lower left, upper right, upper left.
    CHECK(patch_order({.image = 2, .colours = 1, .patch = 2, .tokens_from = tokenizer::shifted_patches}) ==
          order{0, 1, 2, 3, out, out, out, 0, out, out, 1, out, out, 2, out, out, 3, out, out, out});
    CHECK(patch_order({.image = 2, .colours = 2, .tokens_from = tokenizer::convolutions}) ==
          order{0, 2, 4, 6, 1, 3, 5, 7});
}

TEST_CASE("sinusoidal positions: sines and cosines of column, then of row") {
    constexpr auto& table = sinusoidal_positions<3, 0>::table<8>;
    static_assert(table.size() == 9 * 8);
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 3; ++column)
            for (std::size_t i = 0; i < 2; ++i) {
                const double w = i == 0 ? 1 : 0.01;
                const double* const at = &table[(row * 3 + column) * 8 + i];
                CHECK(reference::close(at[0], std::sin(w * static_cast<double>(column)), 1e-15, 1e-16));
                CHECK(reference::close(at[2], std::cos(w * static_cast<double>(column)), 1e-15, 1e-16));
                CHECK(reference::close(at[4], std::sin(w * static_cast<double>(row)), 1e-15, 1e-16));
                CHECK(reference::close(at[6], std::cos(w * static_cast<double>(row)), 1e-15, 1e-16));
            }
}

TEST_CASE("distillation token: the answer is the mean of both heads") {
    const model_of<distil> model(3);
    std::vector<double> weights(parameter_count(model)), x(16);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::cos(3.0 * static_cast<double>(i));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(1.0 + 5.0 * static_cast<double>(i));
    const auto run = [&](const auto& pass) { return module_check::run(pass, shape<4, 4>{}, x, weights); };
    const auto mean = run(model);
    const auto first = run([&](auto& tape, auto image) { return model.both_heads(tape, image).of_class; });
    const auto second = run([&](auto& tape, auto image) { return model.both_heads(tape, image).of_distillation; });
    REQUIRE(mean.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) CHECK(reference::close(mean[k], (first[k] + second[k]) / 2, 1e-14, 1e-15));
    CHECK(reference::largest_difference(first, second) > 0.01);
}

TEST_CASE("drop-path: rates grow evenly, and only training with a context drops") {
    constexpr model_of<dropping> model(3);
    constexpr model_of<not_dropping> same(3);
    static_assert(model.blocks[0].drop.p.never());
    CHECK(model.blocks[1].drop.p.below == drop_probability(0.3).below);
    CHECK(model.blocks[2].drop.p.below == drop_probability(0.6).below);

    std::vector<double> weights(parameter_count(model)), gradients(weights.size());
    initialize(model, 3, weights.data());
    const auto logits = [&](const auto& which, const pass_context<double>* context) {
        const auto pass = [&](auto& tape) { return which(tape, tape.create_constant(shape<4, 4>{})); };
        arena memory(plan<double, true>([&](auto& tape) { pass(tape); }).bytes);
        training_tape<double> tape(memory, weights.data(), gradients.data(), context);
        const auto x = tape.create_constant(shape<4, 4>{});
        for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = std::sin(1.0 + 5.0 * static_cast<double>(i));
        const auto z = which(tape, x);
        return std::vector<double>(z.value, z.value + z.size());
    };
    const auto expected = logits(same, nullptr);
    CHECK(logits(model, nullptr) == expected);
    std::size_t different = 0;
    for (std::uint32_t image = 0; image < 20; ++image) {
        const pass_context<double> context{.seed = 1, .epoch = 2, .images = {image}};
        CHECK(logits(same, &context) == expected);
        different += logits(model, &context) == expected ? 0 : 1;
    }
    CHECK(different == 20);  // what is kept is scaled, what is not is missing
}
