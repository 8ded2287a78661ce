// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <qvit/attention/gaussian_attention.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/nn/attention_for.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/quantum_layer.hpp>
#include <qvit/vit/attention_maps.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "reference/close.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using module_check::check_gradients;

namespace {
// arXiv:2402.00776 with an RY encoder: 3 n + 1 weights for a score, 3 n for a value.
constexpr auto score = circuit<4>(encode<ry>, rotate<rx>, rotate<ry>, entangle<cnot>(ring), rotate<ry>,
                                  entangle<cnot>(ring), rotate<ry, 0>, measure<z, 0>);
constexpr auto value = circuit<4>(encode<ry>, rotate<rx>, rotate<ry>, entangle<cnot>(ring), rotate<ry>, measure<z>);
using quantum = gaussian_attention<quantum_layer<score>, quantum_layer<value>>;
using classical = gaussian_attention<linear<4, 2>, linear<4, 4>, linear<4, 4>, 2, false>;
constexpr vit_config tiny{.image = 4, .colours = 1, .patch = 2, .width = 4, .depth = 2, .mlp = 3};
}  // namespace

static_assert(attention_for<quantum, 17, 4> && attention_for<classical, 5, 4>);
static_assert(parameter_count(quantum()) == 2 * (3 * 4 + 1) + 3 * 4);
static_assert(parameter_count(classical()) == 2 * (2 * 4 + 2) + 2 * (16 + 4));

TEST_CASE("gaussian attention: names and gradients") {
    CHECK(module_check::names_of(quantum()) == std::vector<std::string>{"q.theta", "k.theta", "v.theta"});
    CHECK(check_gradients(quantum(), shape<3, 4>{}).largest_error < 2e-9);
    CHECK(check_gradients(classical(), shape<5, 4>{}).largest_error < 2e-9);
}

TEST_CASE("gaussian attention: values of the formula, and its maps") {
    const vision_transformer<tiny, quantum> model(2);
    std::vector<double> weights(parameter_count(model)), image(16);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::cos(3.0 * static_cast<double>(i));
    for (std::size_t i = 0; i < image.size(); ++i) image[i] = std::sin(1.0 + 5.0 * static_cast<double>(i));
    const auto maps = attention_maps(model, weights.data(), image.data());
    CHECK((maps.depth == 2 && maps.heads == 1 && maps.tokens == 5));

    // The first block by hand: norm, q, k, v of 5 tokens, then the formula.
    const auto in_first_block = [&](const auto& module) {
        return module_check::run(
            [&](auto& tape, auto patches) {
                const auto tokens = tape.apply(add_op{}, tape.apply(prepend_token{}, model.embed(tape, patches),
                                                                    tape.use(model.cls)), tape.use(model.pos));
                return module(tape, model.blocks[0].norm1(tape, tokens));
            },
            shape<4, 4>{}, image, weights);
    };
    const auto& attention = model.blocks[0].attention;
    const auto q = in_first_block(attention.q), k = in_first_block(attention.k), v = in_first_block(attention.v);
    const auto o = in_first_block(attention);
    REQUIRE((q.size() == 5 && o.size() == 20));
    for (std::size_t t = 0; t < 5; ++t) {
        double total = 0;
        std::vector<double> p(5), expected(4);
        for (std::size_t j = 0; j < 5; ++j) total += p[j] = std::exp(-(q[t] - k[j]) * (q[t] - k[j]) / 2);  // sqrt(4)
        for (std::size_t j = 0; j < 5; ++j) {
            CHECK(reference::close(maps(0, 0, t, j), p[j] / total, 1e-13, 0));
            for (std::size_t c = 0; c < 4; ++c) expected[c] += p[j] / total * v[j * 4 + c];
        }
        for (std::size_t c = 0; c < 4; ++c) CHECK(reference::close(o[t * 4 + c], expected[c], 1e-13, 1e-15));
    }
}
