// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <qvit/attention/orthogonal_attention.hpp>
#include <qvit/circuit/pyramid.hpp>
#include <qvit/nn/attention_for.hpp>
#include <qvit/vit/attention_maps.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "reference/close.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using module_check::check_gradients;

namespace {
std::vector<double> numbers(std::size_t count, double step) {
    std::vector<double> result(count);
    for (std::size_t i = 0; i < count; ++i) result[i] = std::sin(1.0 + step * static_cast<double>(i));
    return result;
}
using pyramid4 = orthogonal_layer<4, pyramid_topology>;
using attention4 = orthogonal_attention<4>;
}  // namespace

static_assert(attention_for<attention4, 17, 4> && attention_for<pyramid4, 16, 4>);
// arXiv:2209.08167 at 16 channels: A 32, B 64 (FACTS, section 2).
static_assert(parameter_count(orthogonal_layer<16, butterfly_topology>()) == 32);
static_assert(parameter_count(orthogonal_attention<16>()) == 64);
static_assert(parameter_count(orthogonal_layer<16, pyramid_topology>()) == 120);

TEST_CASE("orthogonal layer: one gate is RBS, and all together are a rotation") {
    using one = orthogonal_layer<2, pyramid_topology>;
    const double t = 0.7;
    // RBS(t)(0, 1): amplitudes of (only wire 1, only wire 0) turn by [[cos, sin], [-sin, cos]].
    const auto y = module_check::run(one(), shape<1, 2>{}, {2, 5}, {t});
    CHECK(reference::close(y[1], std::cos(t) * 5 + std::sin(t) * 2, 1e-15, 0));
    CHECK(reference::close(y[0], -std::sin(t) * 5 + std::cos(t) * 2, 1e-15, 0));

    pyramid4 layer;
    bind(layer);
    std::vector<double> unit(16, 0.0);
    for (std::size_t i = 0; i < 4; ++i) unit[i * 5] = 1;
    const auto v = module_check::run(layer, shape<4, 4>{}, unit, numbers(6, 2.0));  // row i is V e_i
    for (std::size_t i = 0; i < 4; ++i)
        for (std::size_t j = 0; j < 4; ++j) {
            double inner = 0;
            for (std::size_t c = 0; c < 4; ++c) inner += v[i * 4 + c] * v[j * 4 + c];
            CHECK(reference::close(inner, i == j ? 1 : 0, 0, 1e-14));
        }
}

TEST_CASE("orthogonal layer and attention: names and gradients") {
    CHECK(module_check::names_of(attention4()) == std::vector<std::string>{"w.theta", "v.theta"});
    CHECK(check_gradients(pyramid4(), shape<3, 4>{}).largest_error < 2e-9);
    CHECK(check_gradients(attention4(), shape<5, 4>{}).largest_error < 2e-9);
}

TEST_CASE("orthogonal attention: values of the formula, and its maps") {
    attention4 module;
    bind(module);
    const auto x = numbers(12, 5.0);
    const auto weights = numbers(8, 2.0);
    const auto w = module_check::run(module.w, shape<3, 4>{}, x, weights);
    const auto v = module_check::run(module.v, shape<3, 4>{}, x, weights);
    const auto y = module_check::run(module, shape<3, 4>{}, x, weights);
    for (std::size_t t = 0; t < 3; ++t) {
        double total = 0;
        std::vector<double> p(3), expected(4);
        for (std::size_t j = 0; j < 3; ++j) {
            double overlap = 0;
            for (std::size_t c = 0; c < 4; ++c) overlap += x[t * 4 + c] * w[j * 4 + c] / 4;
            total += p[j] = std::exp(overlap * overlap);
        }
        for (std::size_t j = 0; j < 3; ++j)
            for (std::size_t c = 0; c < 4; ++c) expected[c] += p[j] / total * v[j * 4 + c];
        for (std::size_t c = 0; c < 4; ++c) CHECK(reference::close(y[t * 4 + c], expected[c], 1e-13, 1e-15));
    }
    const vision_transformer<vit_config{.image = 4, .colours = 1, .patch = 2}, attention4> model(2);
    const auto all = numbers(parameter_count(model), 3.0);
    const auto maps = attention_maps(model, all.data(), numbers(16, 5.0).data());
    CHECK((maps.depth == 2 && maps.heads == 1 && maps.values.size() == 50));
    double row = 0;
    for (std::size_t j = 0; j < 5; ++j) row += maps(1, 0, 2, j);
    CHECK(reference::close(row, 1, 1e-14, 0));
}
