// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <doctest/doctest.h>
#include <string>
#include <vector>

#include <qvit/attention/classical_attention.hpp>
#include <qvit/attention/gaussian_attention.hpp>
#include <qvit/attention/orthogonal_attention.hpp>
#include <qvit/attention/quantum_attention.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/data/npz.hpp>
#include <qvit/nn/visit.hpp>
#include <qvit/tensor/cross_entropy.hpp>
#include <qvit/vit/patch_order.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "reference/test_circuits.hpp"

/// Compares models with options with the torch models of make_model_goldens.py (cases options_*): logits, loss and every
/// gradient, over 19 images. Tolerance per tensor: max |a - b| <= tolerance * max |b| (FACTS 7).
namespace golden {

using namespace qvit;

constexpr std::size_t classes = 3;

constexpr vit_config shifted{.colours = 1, .depth = 1, .pool = pooling::mean, .tokens_from = tokenizer::shifted_patches,
                             .positions = position_embedding::sinusoidal, .norm = norm_placement::post};
constexpr vit_config overlap{.colours = 1, .patch = 10, .pool = pooling::mean, .stride = 6, .padding = 2,
                             .positions = position_embedding::none, .layer_scale = true};
constexpr vit_config distil{.colours = 1, .depth = 1, .stride = 5, .positions = position_embedding::sinusoidal,
                            .distillation_token = true};
constexpr vit_config stem{.colours = 1, .depth = 1, .pool = pooling::attention, .tokens_from = tokenizer::convolutions,
                          .convolutions = 3, .stem_channels = 2};
constexpr vit_config gaussian{.colours = 1, .depth = 1};
constexpr vit_config orthogonal{.colours = 1, .depth = 1, .pool = pooling::mean};
constexpr attention_options local{.learnable_temperature = true, .mask_diagonal = true};
constexpr attention_options masked{.mask_diagonal = true};

using shifted_model =
    vision_transformer<shifted, quantum_attention<reference::ry_ring<4, 1>, quantum_layer<reference::ry_ring<4, 1>>, 2,
                                                  local>>;
using overlap_model = vision_transformer<overlap, classical_attention<4, 2>>;
using stem_model = vision_transformer<stem, quantum_attention<reference::ry_ring<4, 1>>>;
using gaussian_model =
    vision_transformer<gaussian, gaussian_attention<linear<4, 2>, linear<4, 4>, linear<4, 4>, 2>>;
using orthogonal_model = vision_transformer<orthogonal, orthogonal_attention<4>>;
using distil_model = vision_transformer<distil, classical_attention<4, 2, masked>>;

inline void check_close(const std::string& name, const std::vector<double>& ours, const std::vector<double>& theirs,
                        double scale, double tolerance) {
    REQUIRE(ours.size() == theirs.size());
    double error = 0;
    for (std::size_t i = 0; i < ours.size(); ++i) {
        const double difference = std::fabs(ours[i] - theirs[i]);
        if (!(difference <= error)) error = difference;
    }
    INFO(name << ": largest difference " << error << ", largest value " << scale);
    CHECK(error <= tolerance * scale);
}
inline double largest(const std::vector<double>& values) {
    double result = 0;
    for (const double v : values) result = std::max(result, std::fabs(v));
    return result;
}

template <class S, class Model>
void check_options(const std::string& which, double tolerance) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    INFO(which);
    const npz_file file(std::string(QVIT_SOURCE_DIR) + "/tests/golden/" + which + ".npz");
    const auto numbers = [&](const std::string& name) { return file.read(name).template as<double>(); };
    constexpr Model model(classes);
    std::vector<R> weights(parameter_count(model)), gradients(weights.size());
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

    const auto pixels = file.read("images").template as<std::uint8_t>();
    const auto labels = file.read("labels").template as<std::uint8_t>();
    const auto order = patch_order(Model::config);
    const std::size_t image_bytes = pixels.size() / labels.size();
    const auto pass = [&](auto& tape, auto images, const S* targets, S weight) {
        const auto z = model(tape, images);
        return std::pair(z, tape.apply(cross_entropy<S>{targets, weight}, z));
    };
    arena memory(plan<S, true>([&](auto& tape) {
                     pass(tape, tape.create_constant(typename Model::input_shape{}), nullptr, S(R(0)));
                 }).bytes);
    double loss = 0;
    std::vector<double> logits;
    for (std::size_t first = 0; first < labels.size(); first += width) {
        const auto lanes_of = [&](auto&& value) {  // of image after image; zero where there is none
            R lane[width]{};
            for (std::size_t l = 0; l < width && first + l < labels.size(); ++l)
                lane[l] = static_cast<R>(value(first + l));
            return simd::load<S>(lane);
        };
        training_tape<S> tape(memory, weights.data(), gradients.data());
        const auto images = tape.create_constant(typename Model::input_shape{});
        REQUIRE(images.size() == order.size());
        for (std::size_t k = 0; k < order.size(); ++k)
            images.value[k] = lanes_of([&](std::size_t i) {
                return order[k] == outside_image ? 0.0 : (pixels[i * image_bytes + order[k]] / 255.0 - 0.5) / 0.5;
            });
        S targets[classes];
        for (std::size_t k = 0; k < classes; ++k)
            targets[k] = lanes_of([&](std::size_t i) { return labels[i] == k ? 1.0 : 0.0; });
        const auto weight = lanes_of([&](std::size_t) { return 1.0 / static_cast<double>(labels.size()); });
        const auto [z, y] = pass(tape, images, targets, weight);
        for (std::size_t i = 0; i < width && first + i < labels.size(); ++i)
            for (std::size_t k = 0; k < classes; ++k) {
                R lane[width];
                simd::store(lane, z(0, k));
                logits.push_back(static_cast<double>(lane[i]));
            }
        loss += static_cast<double>(simd::sum(y(0)));
        std::move(tape).backward(y);
    }
    const auto expected = numbers("logits");
    check_close("logits", logits, expected, largest(expected), tolerance);
    check_close("loss", {loss}, numbers("loss"), std::fabs(numbers("loss")[0]), tolerance);
    for_each_named_parameter(model, [&](const std::string& name, const auto& p) {
        const std::vector<double> ours(gradients.begin() + static_cast<std::ptrdiff_t>(p.offset),
                                       gradients.begin() + static_cast<std::ptrdiff_t>(p.offset + p.size()));
        const auto theirs = numbers("grad/" + name);
        // A constant added to a row of scores leaves its softmax as it was, so k's bias has no gradient but rounding.
        const bool vanishes = name.ends_with("attention.k.bias") && largest(theirs) == 0;
        const double scale = largest(vanishes ? numbers("grad/" + name.substr(0, name.size() - 4) + "weight") : theirs);
        CHECK(scale > 0);
        check_close("grad/" + name, ours, theirs, scale, tolerance);
    });
}

template <class S>
void check_all_options(double tolerance) {
    check_options<S, shifted_model>("options_shifted", tolerance);
    check_options<S, overlap_model>("options_overlap", tolerance);
    check_options<S, distil_model>("options_distil", tolerance);
    check_options<S, stem_model>("options_stem", tolerance);
    check_options<S, gaussian_model>("options_gaussian", tolerance);
    check_options<S, orthogonal_model>("options_orthogonal", tolerance);
}

}  // namespace golden
