// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/attention/multi_head_attention.hpp>
#include <qvit/attention/quantum_attention.hpp>
#include <qvit/nn/attention_for.hpp>

#include "reference/close.hpp"
#include "reference/test_circuits.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using module_check::check_gradients;

namespace {
using quantum4 = quantum_attention<reference::ry_ring<4, 1>>;
using quantum4_two_heads = quantum_attention<reference::ry_ring<4, 1>, quantum_layer<reference::ry_ring<4, 1>>, 2>;
using mixed4 = quantum_attention<reference::ry_ring<4, 2>, linear<4, 4>>;

double number(std::size_t i) { return std::sin(2.0 + 12.9898 * static_cast<double>(i)); }
std::vector<double> numbers(std::size_t count) {
    std::vector<double> result(count);
    for (std::size_t i = 0; i < count; ++i) result[i] = number(i);
    return result;
}

/// softmax(q k^T / sqrt(d)) v per head with linear projections, written from the formula.
std::vector<double> attention_by_formula(const std::vector<double>& x, const std::vector<double>& weights,
                                         std::size_t tokens, std::size_t channels, std::size_t heads) {
    const std::size_t d = channels / heads;
    const auto project = [&](const std::vector<double>& in, std::size_t which) {
        const double* w = weights.data() + which * (channels * channels + channels);
        std::vector<double> out(in.size());
        for (std::size_t t = 0; t < tokens; ++t)
            for (std::size_t o = 0; o < channels; ++o) {
                out[t * channels + o] = w[channels * channels + o];
                for (std::size_t i = 0; i < channels; ++i)
                    out[t * channels + o] += w[o * channels + i] * in[t * channels + i];
            }
        return out;
    };
    const auto q = project(x, 0), k = project(x, 1), v = project(x, 2);
    std::vector<double> mixed(x.size());
    for (std::size_t h = 0; h < heads; ++h)
        for (std::size_t t = 0; t < tokens; ++t) {
            std::vector<double> e(tokens);
            double total = 0;
            for (std::size_t j = 0; j < tokens; ++j) {
                double score = 0;
                for (std::size_t c = h * d; c < (h + 1) * d; ++c) score += q[t * channels + c] * k[j * channels + c];
                total += e[j] = std::exp(score / std::sqrt(static_cast<double>(d)));
            }
            for (std::size_t j = 0; j < tokens; ++j)
                for (std::size_t c = h * d; c < (h + 1) * d; ++c)
                    mixed[t * channels + c] += e[j] / total * v[j * channels + c];
        }
    return project(mixed, 3);
}
}  // namespace

static_assert(attention_for<quantum4, 17, 4> && attention_for<quantum4, 16, 4>);
static_assert(attention_for<quantum4_two_heads, 5, 4> && attention_for<mixed4, 5, 4>);
static_assert(attention_for<classical_attention<6, 3>, 3, 6>);
static_assert(parameter_count(quantum4()) == 16);
static_assert(parameter_count(quantum4_two_heads()) == 16);
static_assert(parameter_count(mixed4()) == 3 * 8 + 20);
static_assert(parameter_count(classical_attention<4>()) == 4 * (16 + 4));
static_assert(parameter_count(classical_attention<8, 2>()) == 4 * (64 + 8));

TEST_CASE("attention: q, k, v and o have parameters of their own") {
    using names = std::vector<std::string>;
    CHECK(module_check::names_of(quantum4()) == names{"q.theta", "k.theta", "v.theta", "o.theta"});
    CHECK(module_check::names_of(mixed4()) == names{"q.theta", "k.theta", "v.theta", "o.weight", "o.bias"});
    CHECK(module_check::names_of(classical_attention<2>()) ==
          names{"q.weight", "q.bias", "k.weight", "k.bias", "v.weight", "v.bias", "o.weight", "o.bias"});
    quantum4 module;
    bind(module);
    CHECK(module_check::offsets_are_contiguous(module));
}

TEST_CASE("attention: values of the formula, one head and several") {
    const auto x = numbers(5 * 6);
    const auto weights = numbers(4 * (36 + 6));
    const auto compare = [&](auto module, std::size_t heads) {
        bind(module);
        return reference::largest_difference(module_check::run(module, shape<5, 6>{}, x, weights),
                                             attention_by_formula(x, weights, 5, 6, heads));
    };
    CHECK(compare(classical_attention<6>(), 1) < 1e-13);
    CHECK(compare(classical_attention<6, 2>(), 2) < 1e-13);
    CHECK(compare(classical_attention<6, 6>(), 6) < 1e-13);
}

TEST_CASE("attention: gradients of tokens and of all parameters") {
    CHECK(check_gradients(classical_attention<4, 2>(), shape<5, 4>{}).largest_error < 2e-9);
    CHECK(check_gradients(quantum4(), shape<3, 4>{}).largest_error < 2e-9);
    CHECK(check_gradients(quantum4_two_heads(), shape<5, 4>{}).largest_error < 2e-9);
    CHECK(check_gradients(mixed4(), shape<3, 4>{}).largest_error < 2e-9);
}

TEST_CASE("attention: equal tokens are all o(v(token)), whatever q and k are") {
    quantum4 module;
    bind(module);
    const auto weights = numbers(parameter_count(module));
    const std::vector<double> token = {0.3, -0.8, 1.4, 0.1};
    std::vector<double> x;
    for (int t = 0; t < 3; ++t) x.insert(x.end(), token.begin(), token.end());
    const auto alone = [&](const auto& tape_to_y) {
        return module_check::run(tape_to_y, shape<1, 4>{}, token, weights);
    };
    const auto expected = alone([&](auto& tape, auto t) { return module.o(tape, module.v(tape, t)); });
    const auto y = module_check::run(module, shape<3, 4>{}, x, weights);
    for (std::size_t i = 0; i < y.size(); ++i) CHECK(reference::close(y[i], expected[i % 4], 1e-13, 1e-15));
}
