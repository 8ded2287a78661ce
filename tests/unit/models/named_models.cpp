// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <qvit/models/named_models.hpp>
#include <qvit/nn/initialize.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/cross_entropy.hpp>

#include "reference/close.hpp"
#include "unit/nn/module_check.hpp"

using namespace qvit;
using module_check::names_of;

namespace {

template <class Model>
constexpr std::size_t count(std::size_t classes) {
    return parameter_count(Model(classes));
}
template <class Model>
constexpr std::size_t attention_count(std::size_t classes) {
    return attention_parameter_count(Model(classes));
}

/// Parameters of a vision transformer by FACTS, section 2, with the class token and QNN layers of this library:
/// N = C p^2 h + h + T h (+ h with a class token) + L [attention + 2 h m + m + h + 4 h] + 2 h + h K + K.
/// The MLP is classical, so the row's m for a quantum one is left out.
constexpr std::size_t formula(const vit_config& c, std::size_t attention, std::size_t classes) {
    const std::size_t h = c.width, m = c.mlp;
    const std::size_t side = c.image / c.patch;
    const std::size_t token = c.pool == pooling::cls ? 1 : 0;
    return c.colours * c.patch * c.patch * h + h + (side * side + token) * h + token * h +
           c.depth * (attention + 2 * h * m + m + h + 4 * h) + 2 * h + h * classes + classes;
}
constexpr std::size_t quantum(std::size_t h, std::size_t layers = 1) { return 4 * h * layers; }
constexpr std::size_t classical(std::size_t h) { return 4 * (h * h + h); }

template <vit_config Config, std::size_t Layers = 1>
using quantum_vit = vision_transformer<Config, quantum_attention<ry_ring<Config.width, Layers>>>;
template <vit_config Config>
using classical_vit = vision_transformer<Config, classical_attention<Config.width>>;

template <vit_config Config, std::size_t Layers = 1>
constexpr bool formula_holds(std::size_t classes) {
    return count<quantum_vit<Config, Layers>>(classes) == formula(Config, quantum(Config.width, Layers), classes) &&
           count<classical_vit<Config>>(classes) == formula(Config, classical(Config.width), classes);
}

constexpr vit_config with_depth(std::size_t depth) { return {.depth = depth}; }
constexpr vit_config wide_shallow{.patch = 4, .width = 8, .depth = 1, .mlp = 16};

// Comajoan Cara et al. (2405.10284); their quantum models have a quantum MLP too, m parameters more per block.
constexpr vit_config quark_gluon{.image = 125, .patch = 10, .width = 8, .depth = 4, .mlp = 4, .pool = pooling::mean};
constexpr vit_config mnist{.colours = 1, .patch = 14, .width = 6, .depth = 4, .mlp = 3, .pool = pooling::mean};
constexpr vit_config electron_photon{
    .image = 32, .colours = 2, .patch = 10, .width = 8, .depth = 4, .mlp = 4, .pool = pooling::mean};
constexpr vit_config electron_photon_8{
    .image = 32, .colours = 2, .patch = 8, .width = 8, .depth = 4, .mlp = 4, .pool = pooling::mean};

}  // namespace

// FACTS, sections 1, 5 and 7: RGB, five classes.
static_assert(count<models::qvit4<3>>(5) == 913 && attention_count<models::qvit4<3>>(5) == 32);
static_assert(count<models::qvit4<3, pooling::mean>>(5) == 905);
static_assert(count<models::qvit4<3, pooling::cls, 2>>(5) == 945 &&
              attention_count<models::qvit4<3, pooling::cls, 2>>(5) == 64);
static_assert(count<models::qvit8<3>>(5) == 2077 && attention_count<models::qvit8<3>>(5) == 64);
static_assert(count<models::vit4<3>>(5) == 1041 && attention_count<models::vit4<3>>(5) == 160);
static_assert(count<models::vit8<3>>(5) == 2589 && attention_count<models::vit8<3>>(5) == 576);
static_assert(count<models::vit4m<3>>(5) == 915 && count<models::vit8m<3>>(5) == 2079);
static_assert(count<quantum_vit<with_depth(1)>>(5) == 805);
static_assert(count<quantum_vit<with_depth(2)>>(5) == 913);
static_assert(count<quantum_vit<with_depth(4)>>(5) == 1129);
static_assert(count<quantum_vit<wide_shallow>>(5) == 1205);
// Linear o, section 5.
static_assert(count<vision_transformer<small_vit(4, 3, pooling::mean, 8), quantum_attention<ry_ring<4>, linear<4, 4>>>>(
                  5) == 937);
static_assert(std::is_same_v<models::qvit4<3>, quantum_vit<vit_config{}>>);

// Section 2: 4170, 1672 and 2290 with quantum MLPs; 5178 and 2778 classical.
static_assert(formula(quark_gluon, quantum(8), 2) + 4 * quark_gluon.mlp == 4170);
static_assert(formula(mnist, quantum(6), 10) + 4 * mnist.mlp == 1672);
static_assert(formula(electron_photon, quantum(8), 2) + 4 * electron_photon.mlp == 2290);
static_assert(formula(quark_gluon, classical(8), 2) == 5178);
static_assert(formula(electron_photon_8, classical(8), 2) == 2778);

static_assert(formula_holds<vit_config{}>(5));
static_assert(formula_holds<vit_config{}, 2>(5));
static_assert(formula_holds<with_depth(1)>(9));
static_assert(formula_holds<wide_shallow>(2));
static_assert(formula_holds<small_vit(4, 1, pooling::mean, 8)>(8));
static_assert(formula_holds<quark_gluon>(2));
static_assert(formula_holds<mnist>(10));
static_assert(formula_holds<electron_photon>(2));
static_assert(formula_holds<electron_photon_8>(2));

namespace {
/// The training pass of a block of images, as block_runner records it.
template <class S, class Model>
constexpr auto training_pass(const Model& model) {
    return [model](auto& tape) {
        const auto images = tape.create_constant(typename Model::input_shape{});
        const auto targets = tape.create_constant(shape<dynamic>(model.classes()));
        return tape.apply(cross_entropy<S>{targets.value, S(real_of<S>(0))}, model(tape, images));
    };
}
constexpr auto constant_plan = plan<float, true>(training_pass<float>(models::qvit4<3>(5)));
}  // namespace
static_assert(constant_plan.bytes > 0 && constant_plan.operations == 1 + 2 + 2 * 12 + 4);

TEST_CASE("qvit4: names of the parameters, in torch's order") {
    std::vector<std::string> expected = {"embed.weight", "embed.bias", "cls", "pos"};
    for (const std::string block : {"blocks.0.", "blocks.1."})
        for (const char* name : {"norm1.weight", "norm1.bias", "attention.q.theta", "attention.k.theta",
                                 "attention.v.theta", "attention.o.theta", "norm2.weight", "norm2.bias",
                                 "mlp.fc1.weight", "mlp.fc1.bias", "mlp.fc2.weight", "mlp.fc2.bias"})
            expected.push_back(block + name);
    for (const char* name : {"norm.weight", "norm.bias", "head.weight", "head.bias"}) expected.emplace_back(name);
    CHECK(names_of(models::qvit4<3>(5)) == expected);

    std::erase(expected, "cls");
    CHECK(names_of(models::qvit4<3, pooling::mean>(5)) == expected);
    CHECK(names_of(models::qvit8<1, pooling::mean>(2)) == expected);
}

TEST_CASE("named models: offsets are contiguous, whatever the number of classes") {
    const auto check = []<class... Models>(std::type_identity<Models>...) {
        for (const std::size_t classes : {2u, 5u, 9u}) {
            const bool all[] = {module_check::offsets_are_contiguous(Models(classes))...};
            CHECK(std::count(std::begin(all), std::end(all), true) == std::ptrdiff_t{sizeof...(Models)});
            const std::size_t found[] = {Models(classes).classes()...};
            CHECK(std::count(std::begin(found), std::end(found), classes) == std::ptrdiff_t{sizeof...(Models)});
        }
    };
    check(std::type_identity<models::qvit4<3>>(), std::type_identity<models::qvit4<1, pooling::mean>>(),
          std::type_identity<models::qvit8<3>>(), std::type_identity<models::vit4<3>>(),
          std::type_identity<models::vit8<1>>(), std::type_identity<models::vit4m<3>>(),
          std::type_identity<models::vit8m<3, pooling::mean>>());
}

TEST_CASE("qvit4: start values") {
    const models::qvit4<3> model(5);
    std::vector<double> values(parameter_count(model));
    initialize(model, 0, values.data());
    for_each_named_parameter(model, [&](const std::string& name, const auto& p) {
        INFO(name);
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(p.offset);
        const std::vector<double> entries(first, first + static_cast<std::ptrdiff_t>(p.size()));
        const double largest = reference::largest_magnitude(entries);
        const bool norm = name.find("norm") != std::string::npos;
        if (norm) {
            CHECK(entries == std::vector<double>(p.size(), name.ends_with("weight") ? 1.0 : 0.0));
            return;
        }
        double bound = 0;
        if (name.ends_with("theta")) bound = 1.5707963267948966;
        if (name == "cls" || name == "pos") bound = 2 * 0.02;
        if (name.starts_with("embed")) bound = 1 / std::sqrt(147.0);
        if (name.find("fc1") != std::string::npos || name.starts_with("head")) bound = 1 / std::sqrt(4.0);
        if (name.find("fc2") != std::string::npos) bound = 1 / std::sqrt(8.0);
        REQUIRE(bound > 0);
        CHECK(largest <= bound);
        CHECK(largest > bound / 4);
        CHECK(p.decays == name.ends_with("weight"));
    });

    std::vector<double> again(values.size()), other(values.size());
    initialize(model, 0, again.data());
    initialize(model, 1, other.data());
    CHECK(again == values);
    std::size_t equal = 0;
    for (std::size_t i = 0; i < values.size(); ++i) equal += values[i] == other[i] ? 1 : 0;
    CHECK(equal == 5 * 8);  // the norms
}

TEST_CASE("qvit4: the first start values of seed 0 never change") {
    // Uniform numbers are the same on every machine; those of cls and pos up to the last bit of log.
    const models::qvit4<3> model(5);
    std::vector<double> values(parameter_count(model));
    initialize(model, 0, values.data());
    const auto check = [&](std::size_t offset, const std::array<double, 3>& expected) {
        for (std::size_t i = 0; i < expected.size(); ++i)
            CHECK(reference::close(values[offset + i], expected[i], 1e-15, 0));
    };
    check(model.embed.weight.offset, {0.043658365021265466, -0.015400649638915357, -0.059925320923960114});
    check(model.cls.offset, {0.0084767609101332846, -0.023225359403486565, 0.0046610856172301183});
    check(model.pos.offset, {0.0070450059062167935, -0.0070936822761792874, -0.015445410916884441});
    check(model.blocks[0].attention.q.theta.offset, {0.00062791028265698524, 1.1890536958159568, -0.19241077003405188});
    check(model.blocks[1].attention.o.theta.offset, {-1.1505784668111185, 0.81406509967692198, 0.49874925327203068});
    check(model.head.weight.offset, {0.41730087020242512, 0.012402215800646377, -0.44169888921554179});
}

TEST_CASE("qvit4: an arena is used up to the last planned byte, and inference gives the logits of training") {
    using S = lanes<float>;
    const models::qvit4<3> model(5);
    std::vector<float> weights(parameter_count(model)), gradients(weights.size());
    initialize(model, 0, weights.data());
    const auto logits = [&](auto& tape) {
        const auto images = tape.create_constant(shape<16, 147>{});
        for (std::size_t i = 0; i < images.size(); ++i)
            images.value[i] = S(static_cast<float>(std::sin(static_cast<double>(i))));
        return model(tape, images);
    };
    const auto values_of = [](auto z) {
        std::vector<float> result(z.size() * lane_count<S>);
        for (std::size_t k = 0; k < z.size(); ++k) simd::store(result.data() + k * lane_count<S>, z.value[k]);
        return result;
    };

    arena memory(plan<S, true>(training_pass<S>(model)).bytes);
    training_tape<S> training(memory, weights.data(), gradients.data());
    const auto targets = training.create_constant(shape<dynamic>(5));
    for (std::size_t k = 0; k < 5; ++k) targets.value[k] = S(k == 2 ? 1.0f : 0.0f);
    const auto z = logits(training);
    const auto trained = values_of(z);
    const auto loss = training.apply(cross_entropy<S>{targets.value, S(1.0f)}, z);
    CHECK(memory.used() == memory.size());
    std::move(training).backward(loss);
    CHECK(memory.used() == memory.size());
    CHECK(reference::largest_magnitude(gradients) > 0);

    arena less(plan<S, false>([&](auto& tape) { model(tape, tape.create_constant(shape<16, 147>{})); }).bytes);
    inference_tape<S> inference(less, weights.data());
    CHECK(values_of(logits(inference)) == trained);
    CHECK(less.used() == less.size());
    CHECK(less.size() < memory.size());
}
