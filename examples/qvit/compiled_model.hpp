// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/circuit/draw.hpp>
#include <qvit/circuit/engine.hpp>
#include <qvit/circuit/explain.hpp>
#include <qvit/circuit/qasm_write.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/predict.hpp>
#include <qvit/train/taught_student.hpp>
#include <qvit/train/teach.hpp>
#include <qvit/train/trainer.hpp>
#include <qvit/vit/attention_maps.hpp>
#include <qvit/vit/patch_order.hpp>
#include <qvit/vit/vision_transformer.hpp>

#include "model_entry.hpp"

namespace qvit::tool {

template <class Shape>
std::string text_of(const Shape& extents) {
    std::string text;
    for (std::size_t axis = 0; axis < Shape::rank; ++axis)
        text += (axis == 0 ? "" : " x ") + std::to_string(extents.extent(axis));
    return text;
}

/// Describes a model by running its forward pass on tapes that compute nothing.
template <class Model>
model_description describe(std::size_t classes) {
    const Model model(classes);
    model_description result;
    result.parameters = parameter_count(model);
    result.attention_parameters = attention_parameter_count(model);
    auto forward = [&](auto& tape) { model(tape, tape.create_constant(typename Model::input_shape{})); };
    auto observe = [&](const char* name, const auto& output, std::size_t multiply_adds) {
        result.operations.push_back({name, text_of(output), multiply_adds});
    };
    planning_tape<float, false, decltype(observe)> tape(observe);
    forward(tape);
    result.multiply_adds = tape.result().multiply_adds;
    result.arena_bytes = block_runner<Model, lanes<float>>::plan_for(model).bytes;
    for_each_named_parameter(model, [&](const std::string& name, const auto& p) {
        result.parameter_rows.push_back({name, text_of(p.extents), p.size()});
    });
    using projection = decltype(Model::block::attention.q);
    if constexpr (requires { projection::circuit; }) {
        result.engine = name_of(projection::engine_used);
        result.circuit = draw(projection::circuit);
        result.qasm = to_qasm3(projection::circuit).text;
        result.explanation = explain<projection::circuit>().text();
    } else {
        result.engine = "none";
    }
    return result;
}

template <class Model>
std::vector<named_shape> shapes(std::size_t outputs) {
    std::vector<named_shape> all;
    for_each_named_parameter(Model(outputs), [&](const std::string& name, const auto& p) {
        std::vector<std::size_t> extents;
        for (std::size_t axis = 0; axis < p.extents.rank; ++axis) extents.push_back(p.extents.extent(axis));
        all.push_back({name, extents});
    });
    return all;
}

/// Trains the model as a taught_student, which without a teacher's features is the model itself. A projection that is
/// trained with it is in the state and not in the result.
template <class Model>
class run_of final : public training_run {
  public:
    run_of(const Model& model, const dataset& data, const training_options& options, const fit_start<float>& from)
        : own_(parameter_count(model)),
          trainer_(taught_student(model, projected_channels(from.teacher)), data, options, from) {}
    bool finished() const override { return trainer_.finished(); }
    std::size_t epochs_done() const override { return trainer_.epochs_done(); }
    std::optional<epoch_report> run_epoch(const std::function<bool()>& interrupted) override {
        return trainer_.run_epoch(interrupted);
    }
    training_state<float> state() const override { return trainer_.state(); }
    void restore(const training_state<float>& saved) override { trainer_.restore(saved); }
    fit_result<float> result() override {
        fit_result<float> outcome = trainer_.result();
        outcome.weights.resize(own_);
        return outcome;
    }

  private:
    static std::size_t projected_channels(const teacher_signal* teacher) {
        return teacher != nullptr && teacher->terms.hint != 0 && teacher->terms.projection == hint_projection::learnt
                   ? teacher->features.channels
                   : 0;
    }
    std::size_t own_;
    trainer<lanes<float>, taught_student<Model>> trainer_;
};

template <class Model>
std::unique_ptr<training_run> start(const dataset& data, const training_options& options,
                                    const fit_start<float>& from) {
    const Model model(data.classes - (options.targets.ordinal == ordinal_targets::levels ? 1 : 0));
    return std::make_unique<run_of<Model>>(model, data, options, from);
}

template <class Model>
std::vector<double> predict(std::size_t outputs, const std::vector<float>& weights, const image_split& images,
                            task kind, const evaluation& how, std::size_t threads) {
    return qvit::predict<lanes<float>>(Model(outputs), weights, images, kind, how, threads);
}

template <class Model>
attention_answer attention(std::size_t outputs, const std::vector<float>& weights, const image_split& images,
                           const normalisation& normalise) {
    const Model model(outputs);
    const auto order = patch_order(Model::config);
    std::vector<float> image(order.size());
    const std::uint32_t first[] = {0};
    ordered_images(images, Model::config.image, Model::config.colours, order, normalise)
        .load<float>(first, {}, image.data());
    const attention_map maps = attention_maps(model, weights.data(), image.data());
    attention_answer answer{
        .depth = maps.depth, .heads = maps.heads, .side = Model::config.side(), .maps{}, .rollout{}};
    const std::size_t size = maps.tokens * maps.tokens;
    for (std::size_t at = 0; at < maps.depth * maps.heads; ++at) {
        const auto begin = maps.values.begin() + static_cast<std::ptrdiff_t>(at * size);
        answer.maps.push_back(patch_relevance({begin, begin + static_cast<std::ptrdiff_t>(size)}, Model::config));
    }
    if (maps.depth > 0) answer.rollout = patch_relevance(attention_rollout(maps), Model::config);
    return answer;
}

template <class Model>
teacher_signal teach(const dataset& data, const std::vector<float>& weights, const lesson& asked, std::size_t threads) {
    return qvit::teach<lanes<float>>(Model(data.classes), weights, data, asked, threads);
}

template <class Model>
struct distillation_token_added;
template <vit_config Config, class Attention>
struct distillation_token_added<vision_transformer<Config, Attention>> {
    static constexpr vit_config both = [] {
        vit_config config = Config;
        config.distillation_token = true;
        return config;
    }();
    using type = vision_transformer<both, Attention>;
};
/// The same model with a second token whose head a teacher teaches (arXiv:2012.12877).
template <class Model>
using with_distillation_token = typename distillation_token_added<Model>::type;

/// Adds a configuration to models() when the program starts.
struct registration {
    template <class Model>
    static registration of(std::string_view name) {
        models().push_back({name, Model::config.colours, Model::config, describe<Model>, shapes<Model>, start<Model>,
                            predict<Model>, attention<Model>, teach<Model>});
        return {};
    }
};

}  // namespace qvit::tool
