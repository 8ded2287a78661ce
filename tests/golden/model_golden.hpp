// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <qvit/data/image_block.hpp>
#include <qvit/data/npz.hpp>
#include <qvit/models/named_models.hpp>
#include <qvit/train/block_runner.hpp>
#include <qvit/vit/patch_order.hpp>

/// Compares a model with the torch model of make_model_goldens.py: logits, loss and every parameter's gradient, for
/// fixed weights and 19 images (so that a block of 16 lanes is followed by a partial one).
/// Tolerance per tensor: max |a - b| <= tolerance * max |b| (FACTS 7).
namespace golden {

using namespace qvit;

inline double largest(std::span<const double> values) {
    double result = 0;
    for (double v : values) result = std::max(result, std::fabs(v));
    return result;
}

inline void check_tensor(const std::string& name, std::span<const double> ours, std::span<const double> theirs,
                         double scale, double tolerance) {
    REQUIRE(ours.size() == theirs.size());
    double error = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        REQUIRE(std::isfinite(ours[i]));
        error = std::max(error, std::fabs(ours[i] - theirs[i]));
    }
    INFO(name << ": largest difference " << error << ", largest value " << scale);
    CHECK(error <= tolerance * scale);
}

template <class S, class Model>
void check_model(const char* which, std::size_t classes, double tolerance) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    INFO(which);
    const npz_file file(std::string(QVIT_SOURCE_DIR) + "/tests/golden/" + which + ".npz");
    const Model model(classes);
    auto numbers = [&](const std::string& name) { return file.read(name).template as<double>(); };

    std::vector<R> weights(parameter_count(model));
    std::size_t tensors = 0;
    for_each_named_parameter(model, [&](const std::string& name, const auto& p) {
        const auto values = numbers("param/" + name);
        REQUIRE(values.size() == p.size());
        for (std::size_t i = 0; i < p.size(); ++i) weights[p.offset + i] = static_cast<R>(values[i]);
        ++tensors;
    });
    const auto names = file.names();
    CHECK(tensors == static_cast<std::size_t>(std::count_if(names.begin(), names.end(), [](const std::string& n) {
              return n.starts_with("param/");
          })));

    const image_split split{file.read("images").template as<std::uint8_t>(), file.read("labels").template as<std::uint8_t>()};
    const ordered_images images(split, Model::config.image, Model::config.colours, patch_order(Model::config));
    std::vector<std::uint32_t> all(split.count());
    std::iota(all.begin(), all.end(), 0u);

    worker_pool pool(1);
    block_runner<Model, S> runner(model, pool, all.size());
    std::vector<R> gradients(weights.size());
    const double loss = runner.gradients(weights.data(), images, {all}, gradients.data()).loss;
    check_tensor("loss", std::vector{loss}, numbers("loss"), std::fabs(numbers("loss")[0]), tolerance);
    for_each_named_parameter(model, [&](const std::string& name, const auto& p) {
        const std::vector<double> ours(gradients.begin() + static_cast<std::ptrdiff_t>(p.offset),
                                       gradients.begin() + static_cast<std::ptrdiff_t>(p.offset + p.size()));
        const auto theirs = numbers("grad/" + name);
        // A constant added to a row of scores leaves its softmax as it was, so k's bias has no gradient but rounding.
        const bool vanishes = name.ends_with("attention.k.bias");
        const double scale = largest(vanishes ? numbers("grad/" + name.substr(0, name.size() - 4) + "weight") : theirs);
        CHECK(scale > 0);
        check_tensor("grad/" + name, ours, theirs, scale, tolerance);
    });

    arena memory(plan<S, false>([&](auto& tape) { model(tape, tape.create_constant(typename Model::input_shape{})); }).bytes);
    std::vector<double> logits;
    for (std::size_t first = 0; first < all.size(); first += width) {
        const std::size_t count = std::min(width, all.size() - first);
        inference_tape<S> tape(memory, weights.data());
        const auto input = tape.create_constant(typename Model::input_shape{});
        images.load(std::span<const std::uint32_t>(all).subspan(first, count), {}, input.value);
        const auto z = model(tape, input);
        for (std::size_t i = 0; i < count; ++i)
            for (std::size_t k = 0; k < classes; ++k) {
                R lane[width];
                simd::store(lane, z(0, k));
                logits.push_back(static_cast<double>(lane[i]));
            }
    }
    const auto expected = numbers("logits");
    check_tensor("logits", logits, expected, largest(expected), tolerance);
}

/// qvit4 with two heads of width 2: no named model, so that heads are compared too.
using qvit4_h2 = vision_transformer<small_vit(4, 3, pooling::cls, 8), quantum_attention<ry_ring<4>, quantum_layer<ry_ring<4>>, 2>>;

template <class S>
void check_all(double tolerance) {
    check_model<S, models::qvit4<3>>("qvit4", 5, tolerance);
    check_model<S, models::qvit4<3, pooling::cls, 2>>("qvit4_L2", 5, tolerance);
    check_model<S, models::qvit4<3, pooling::mean>>("qvit4_mean", 5, tolerance);
    check_model<S, models::qvit4<1>>("qvit4_grey", 2, tolerance);
    check_model<S, qvit4_h2>("qvit4_h2", 5, tolerance);
    check_model<S, models::qvit8<3>>("qvit8", 5, tolerance);
    check_model<S, models::vit4<3>>("vit4", 5, tolerance);
}

}  // namespace golden
