// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/start.hpp>

#include "commands.hpp"
#include "model_checkpoint.hpp"
#include "model_entry.hpp"

namespace qvit::tool {

/// Refuses options that say nothing together, before anything is loaded.
void check_together(const train_arguments& arguments);

/// The data set of `arguments`; its warnings go to stderr.
dataset load_training_data(const train_arguments& arguments);

/// A model that takes these images. They are resized to the side it was made for.
const model_entry& model_for(const train_arguments& arguments, dataset& data);

/// The options as the library takes them, now that the data are known.
training_options training_options_of(const train_arguments& arguments, const dataset& data);

struct job_result {
    fit_result<float> fit;
    trained_model model;          ///< with the best epoch's weights
    nlohmann::ordered_json json;  ///< what `qvit train --json` prints
};
/// One run from its beginning, or from where it was interrupted, to its end. With arguments.out it keeps a run_folder,
/// where a run that reads the test split leaves its answers and report too. `title` is said on stderr before the
/// model's name. Throws `interrupted` after Ctrl-C, when the folder has the run's state.
job_result run_job(const train_arguments& arguments, const model_entry& model, const dataset& data,
                   const fit_start<float>& start, const std::string& title = "");

}  // namespace qvit::tool
