// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/start.hpp>

#include "model_entry.hpp"

namespace qvit::tool {

/// One training run of several that a command is made of.
struct stage {
    std::string title;             ///< for stderr
    std::filesystem::path folder;  ///< empty: nothing is written
    const model_entry& model;
    training_options options;
    fit_start<float> start{};
};

/// Runs a stage to its end. In its folder it leaves metrics.csv, last.safetensors once a second or epoch, and at the
/// end best.safetensors, the model's weights under its own names, and result.json.
///
/// With `resume` it goes on from last.safetensors where there is one, to the same bits, and a stage that is done takes
/// one reading; bad_input where that file is another run's. Without it, a folder that holds a run is refused. After
/// Ctrl-C the current batch is finished and saved, and `interrupted` is thrown.
fit_result<float> run_stage(const stage& what, const dataset& data, bool resume);

/// The weights of a model in a file, and the entry they belong to, found by names and extents of its parameters.
struct loaded_model {
    const model_entry* model;
    std::vector<float> weights;
};
/// bad_input where no compiled model of that many colours has these parameters.
loaded_model load_model(const std::filesystem::path& file, const dataset& data);

}  // namespace qvit::tool
