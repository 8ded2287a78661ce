// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "commands.hpp"
#include "option_table.hpp"

namespace qvit::tool {

/// What --tta takes: the views of an image whose answers are averaged.
inline const std::vector<std::string> view_words{"none", "mirror", "flips", "dihedral"};

/// Declares everything that decides a training run, under the names of `qvit train`. The model's own name may differ: a
/// student has it under `student`.
void add_training_options(option_table& table, train_arguments& arguments, const std::string& model_key = "model");

/// The same options as they are set: config.json of a run's folder, and one by one for its report.
struct set_options {
    std::string json;
    std::vector<std::pair<std::string, std::string>> texts;
};
set_options options_of(const train_arguments& arguments);

}  // namespace qvit::tool
