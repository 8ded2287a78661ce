// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/circuit/draw.hpp>
#include <qvit/circuit/engine.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/train/fit.hpp>
#include <qvit/train/predict.hpp>

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
    } else {
        result.engine = "none";
    }
    return result;
}

template <class Model>
fit_result<float> train(const dataset& data, const training_options& options, const progress& report,
                        const fit_start<float>& start) {
    return fit<lanes<float>>(Model(data.classes), data, options, report, start);
}

template <class Model>
std::vector<double> logits(const dataset& data, const std::vector<float>& weights, std::size_t threads) {
    return training_logits<lanes<float>>(Model(data.classes), data, weights, threads);
}

/// Adds a configuration to models() when the program starts.
struct registration {
    template <class Model>
    static registration of(std::string_view name) {
        models().push_back({name, Model::config.colours, Model::config, describe<Model>, train<Model>, logits<Model>});
        return {};
    }
};

}  // namespace qvit::tool
