// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/hana/define_struct.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <qvit/autodiff/arena.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/nn/circuit_op.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/mlp.hpp>
#include <qvit/nn/quantum_layer.hpp>
#include <qvit/nn/visit.hpp>

#include "reference/close.hpp"
#include "reference/test_circuits.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using module_check::check_gradients;
using module_check::names_of;

namespace {

/// Parameters of every kind of start, an array of modules, an empty module and a member that is no module.
struct sampler {
    using many = parameter<shape<100, 100>>;
    using few = parameter<shape<3>>;
    using layers = std::array<mlp<2, 3>, 2>;
    struct nothing {};
    BOOST_HANA_DEFINE_STRUCT(sampler, (many, even), (many, normal), (int, number), (few, fixed), (nothing, none),
                             (layers, blocks), (many, even_too));
    constexpr sampler()
        : even{{}, initializer::uniform(0.25)},
          normal{{}, initializer::truncated_normal(0.02)},
          number(7),
          fixed{{}, initializer::constant(-1.5)},
          even_too{{}, initializer::uniform(0.25)} {
        bind(*this);
    }
};

template <class Module>
std::vector<double> start_values(const Module& module, std::uint64_t seed) {
    std::vector<double> values(parameter_count(module), 1e9);
    initialize(module, seed, values.data());
    return values;
}

std::vector<double> part(const std::vector<double>& all, const auto& p) {
    const auto begin = all.begin() + static_cast<std::ptrdiff_t>(p.offset);
    return {begin, begin + static_cast<std::ptrdiff_t>(p.size())};
}

double mean_of(const std::vector<double>& values, auto of) {
    double sum = 0;
    for (const double v : values) sum += of(v);
    return sum / static_cast<double>(values.size());
}

}  // namespace

static_assert(parameter_count(linear<3, 5>()) == 3 * 5 + 5);
static_assert(parameter_count(linear<4, dynamic>(7)) == 4 * 7 + 7);
static_assert(parameter_count(layer_norm<6>()) == 12);
static_assert(parameter_count(mlp<4, 8>()) == 2 * 4 * 8 + 8 + 4);
static_assert(parameter_count(quantum_layer<reference::ry_ring<4, 1>>()) == 4);
static_assert(parameter_count(quantum_layer<reference::ry_ring<4, 3>>()) == 12);
static_assert(parameter_count(sampler()) == 3 * 10000 + 3 + 2 * (2 * 6 + 3 + 2));
static_assert(module_check::offsets_are_contiguous(sampler()));
static_assert(sampler().fixed.offset == 20000 && sampler().blocks[1].fc1.weight.offset == 20003 + 17);

// Matrices decay; biases, norms and angles do not.
static_assert(linear<2, 2>().weight.decays && !linear<2, 2>().bias.decays);
static_assert(!layer_norm<2>().weight.decays && !layer_norm<2>().bias.decays);
static_assert(!quantum_layer<reference::ry_ring<3, 1>>().theta.decays);

TEST_CASE("parameters have torch's names, in order of declaration") {
    using names = std::vector<std::string>;
    CHECK(names_of(linear<2, 3>()) == names{"weight", "bias"});
    CHECK(names_of(layer_norm<2>()) == names{"weight", "bias"});
    CHECK(names_of(quantum_layer<reference::ry_ring<3, 1>>()) == names{"theta"});
    CHECK(names_of(mlp<2, 3>()) == names{"fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"});
    CHECK(names_of(sampler()) == names{"even", "normal", "fixed", "blocks.0.fc1.weight", "blocks.0.fc1.bias",
                                       "blocks.0.fc2.weight", "blocks.0.fc2.bias", "blocks.1.fc1.weight",
                                       "blocks.1.fc1.bias", "blocks.1.fc2.weight", "blocks.1.fc2.bias", "even_too"});
}

TEST_CASE("start values follow their distributions") {
    const sampler module;
    const auto values = start_values(module, 3);
    const auto identity = [](double v) { return v; };
    const auto square = [](double v) { return v * v; };

    for (const auto* p : {&module.even, &module.even_too}) {
        const auto even = part(values, *p);
        CHECK(reference::largest_magnitude(even) <= 0.25);
        CHECK(reference::largest_magnitude(even) > 0.249);
        CHECK(std::abs(mean_of(even, identity)) < 5 * 0.25 / std::sqrt(3.0) / 100);
        CHECK(reference::close(mean_of(even, square), 0.25 * 0.25 / 3, 0.05, 0));
    }
    const auto normal = part(values, module.normal);
    CHECK(reference::largest_magnitude(normal) <= 0.04);
    CHECK(reference::largest_magnitude(normal) > 0.0395);
    CHECK(std::abs(mean_of(normal, identity)) < 5 * 0.02 / 100);
    // Variance of a normal cut at 2 sigma: 1 - 4 phi(2) / (2 Phi(2) - 1).
    CHECK(reference::close(mean_of(normal, square), 0.02 * 0.02 * 0.7737413, 0.06, 0));
    CHECK(part(values, module.fixed) == std::vector<double>(3, -1.5));
    CHECK(part(values, module.even) != part(values, module.even_too));
}

TEST_CASE("start values depend on the seed and on nothing else") {
    const sampler module;
    const auto values = start_values(module, 3);
    CHECK(start_values(module, 3) == values);
    const auto others = start_values(module, 4);
    std::size_t equal = 0;
    for (std::size_t i = 0; i < values.size(); ++i) equal += values[i] == others[i] ? 1 : 0;
    CHECK(equal == 3);  // the constants
    CHECK(start_values(module, 3 + (std::uint64_t{1} << 32)) != values);

    // float holds the same numbers, rounded
    std::vector<float> rounded(values.size());
    initialize(module, 3, rounded.data());
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(rounded[i] == static_cast<float>(values[i]));
}

TEST_CASE("layers start as torch's do") {
    linear<16, 9> dense;
    bind(dense);
    const auto values = start_values(dense, 0);
    CHECK(reference::largest_magnitude(values) <= 0.25);  // 1 / sqrt(16), the bias too
    CHECK(reference::largest_magnitude(values) > 0.23);
    layer_norm<5> norm;
    bind(norm);
    CHECK(start_values(norm, 0) == std::vector<double>{1, 1, 1, 1, 1, 0, 0, 0, 0, 0});
    quantum_layer<reference::ry_ring<8, 20>> angles;
    bind(angles);
    const auto theta = start_values(angles, 0);
    CHECK(reference::largest_magnitude(theta) <= 1.5707963267948966);
    CHECK(reference::largest_magnitude(theta) > 1.45);
}

TEST_CASE("modules: gradients of tokens and parameters") {
    CHECK(check_gradients(linear<3, 5>(), shape<4, 3>{}).largest_error < 2e-9);
    CHECK(check_gradients(linear<3, dynamic>(2), shape<4, 3>{}).largest_error < 2e-9);
    CHECK(check_gradients(mlp<3, 5>(), shape<4, 3>{}).largest_error < 2e-9);
    CHECK(check_gradients(layer_norm<4>(), shape<3, 4>{}).largest_error < 1e-7);
}

namespace {
template <const auto& Circuit, std::size_t Tokens>
void check_both_engines() {
    using closed = quantum_layer<Circuit, engine::closed_form>;
    using vector = quantum_layer<Circuit, engine::lane_statevector>;
    const shape<Tokens, Circuit.inputs> tokens;
    CHECK(check_gradients(closed(), tokens).largest_error < 2e-9);
    CHECK(check_gradients(vector(), tokens).largest_error < 2e-9);

    std::vector<double> x(tokens.size());
    std::vector<double> theta(Circuit.parameters);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::sin(3.0 + 7.0 * static_cast<double>(i)) * 3;
    for (std::size_t i = 0; i < theta.size(); ++i) theta[i] = std::cos(5.0 * static_cast<double>(i)) * 3;
    const auto y = module_check::run(closed(), tokens, x, theta);
    CHECK(y.size() == Tokens * Circuit.outputs);
    CHECK(reference::largest_difference(y, module_check::run(vector(), tokens, x, theta)) < 1e-13);
}
}  // namespace

TEST_CASE("quantum layer: gradients of tokens and angles on both engines") {
    check_both_engines<reference::ry_ring<4, 1>, 3>();
    check_both_engines<reference::ry_ring<3, 2>, 2>();
    check_both_engines<reference::rx_chain<3, 1>, 2>();
}

namespace {
using one_layer = circuit_op<reference::ry_ring<4, 1>, engine::closed_form>;
static_assert(saved_elements_in_pass<true>(one_layer{}, shape<3, 4>{}, shape<4>{}) == 3 * 2 * 4);
static_assert(saved_elements_in_pass<false>(one_layer{}, shape<3, 4>{}, shape<4>{}) == 0);

template <const auto& Circuit, engine Engine>
void check_inference() {
    using S = lanes<float>;
    quantum_layer<Circuit, Engine> layer;
    bind(layer);
    std::vector<float> weights(parameter_count(layer), 0.3f), gradients(weights.size());
    const auto pass = [&](auto& tape) { return layer(tape, tape.create(shape<2, Circuit.inputs>{})); };
    const auto values = [&](auto& tape) {
        const auto x = tape.create(shape<2, Circuit.inputs>{});
        for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = S(0.4f * static_cast<float>(i) - 1);
        const auto y = layer(tape, x);
        std::vector<float> result(y.size());
        for (std::size_t i = 0; i < y.size(); ++i) result[i] = simd::sum(y.value[i]);
        return result;
    };
    arena memory(plan<S, true>(pass).bytes);
    training_tape<S> training(memory, weights.data(), gradients.data());
    const auto trained = values(training);
    arena less(plan<S, false>(pass).bytes);
    inference_tape<S> inference(less, weights.data());
    CHECK(values(inference) == trained);
    CHECK(reference::largest_magnitude(trained) > 0.1);
}
}  // namespace

TEST_CASE("quantum layer: a pass without a backward keeps nothing and has the same outputs") {
    check_inference<reference::ry_ring<4, 1>, engine::closed_form>();
    check_inference<reference::ry_ring<4, 2>, engine::lane_statevector>();
    check_inference<reference::ry_ring<4, 2>, engine::light_cone>();
}

TEST_CASE("quantum layer: one layer is the product of cosines of its paper") {
    // FACTS, section 1: out_0 = c_1 c_2 c_3, out_j = c_0 ... c_j, c_i = cos(x_i + theta_i).
    const std::vector<double> x = {0.3, -1.1, 2.0, 0.7, 1.9, 0.2, -0.4, 3.0};
    const std::vector<double> theta = {0.5, 0.1, -0.9, 1.3};
    const auto y = module_check::run(quantum_layer<reference::ry_ring<4, 1>>(), shape<2, 4>{}, x, theta);
    for (std::size_t t = 0; t < 2; ++t) {
        std::array<double, 4> c;
        for (std::size_t i = 0; i < 4; ++i) c[i] = std::cos(x[4 * t + i] + theta[i]);
        CHECK(reference::close(y[4 * t + 0], c[1] * c[2] * c[3], 1e-14, 1e-15));
        CHECK(reference::close(y[4 * t + 1], c[0] * c[1], 1e-14, 1e-15));
        CHECK(reference::close(y[4 * t + 2], c[0] * c[1] * c[2], 1e-14, 1e-15));
        CHECK(reference::close(y[4 * t + 3], c[0] * c[1] * c[2] * c[3], 1e-14, 1e-15));
    }
}

TEST_CASE("linear: weight is outputs x inputs") {
    linear<3, 2> dense;
    bind(dense);
    const auto y = module_check::run(dense, shape<2, 3>{}, {1, 2, 3, 4, 5, 6}, {1, 10, 100, 2, 20, 200, 0.5, 0.25});
    CHECK(y == std::vector<double>{321.5, 642.25, 654.5, 1308.25});
}
