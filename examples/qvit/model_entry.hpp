// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/start.hpp>
#include <qvit/vit/config.hpp>

namespace qvit::tool {

/// One line of `qvit info`: an operation of a forward pass, in order.
struct operation_row {
    std::string name;
    std::string output;  ///< shape, e.g. "17 x 4"
    std::size_t multiply_adds = 0;
};
struct parameter_row {
    std::string name;
    std::string extents;
    std::size_t count = 0;
};

/// What is known of a model before it is trained.
struct model_description {
    std::size_t parameters = 0;
    std::size_t attention_parameters = 0;
    std::size_t multiply_adds = 0;
    std::size_t arena_bytes = 0;  ///< of one thread while training
    std::string engine;           ///< "closed form", "lane statevector" or "none"
    std::string circuit;          ///< a drawing; empty for a classical model
    std::vector<operation_row> operations;
    std::vector<parameter_row> parameter_rows;
};

using progress = std::function<void(const epoch_report&)>;

/// A model configuration that was compiled into this program, for one number of colours and one pooling.
struct model_entry {
    std::string_view name;
    std::size_t colours = 3;
    vit_config config{};
    model_description (*describe)(std::size_t classes) = nullptr;
    fit_result<float> (*train)(const dataset&, const training_options&, const progress&,
                               const fit_start<float>&) = nullptr;
    /// What the trained model says of every training image, images x classes.
    std::vector<double> (*logits)(const dataset&, const std::vector<float>& weights, std::size_t threads) = nullptr;
};

/// All compiled configurations. Each model's own source file adds its entries before main starts.
std::vector<model_entry>& models();

/// The entry of that name, or a bad_input that names the nearest and lists all.
const model_entry& find_model(std::string_view name, std::size_t colours, pooling pool);

/// One sentence on a model, with the knob that matches a control to its quantum model.
std::string_view summary_of(std::string_view model);

}  // namespace qvit::tool
