// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <qvit/data/augmentation.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/data/task.hpp>
#include <qvit/train/training_state.hpp>

#include "model_entry.hpp"

namespace qvit::tool {

/// What a checkpoint says of its model, so that it can be used without the data it was trained on.
struct trained_model {
    std::string model;
    std::string pool;
    std::string data, data_md5;  ///< name and digest of the data set
    std::size_t colours = 3;
    std::size_t classes = 2;
    task kind = task::multi_class;
    std::vector<std::string> class_names;
    bool levels = false;  ///< ordinal levels: one logit less than classes
    symmetry shown = symmetry::none;
    normalisation normalise{};
    std::vector<float> weights;

    [[nodiscard]] std::size_t outputs() const { return classes - (levels ? 1 : 0); }
    [[nodiscard]] const model_entry& entry() const { return find_model(model, colours, pool); }
    [[nodiscard]] std::map<std::string, std::string> metadata() const;
};

/// Weights alone, for use: what `best.safetensors` is.
void save_weights(const std::filesystem::path& path, const trained_model& about, const std::vector<float>& weights,
                  std::size_t epoch);
/// All that a run needs to go on to the same bits; seconds are left out, so that they decide no byte.
void save_state(const std::filesystem::path& path, const trained_model& about, const training_state<float>& state);
/// bad_input for a checkpoint of another model or without a run's state.
training_state<float> load_state(const std::filesystem::path& path, const trained_model& about);
/// Says on stderr where a data set is not the one that a model was trained on, but is called the same or has classes of
/// other names. `file` is the model's.
void warn_of_other_data(const trained_model& model, const dataset& data, const std::string& file);
/// A model of either kind of file; of a run's state the averaged weights where there are such.
trained_model load_trained_model(const std::filesystem::path& path);

}  // namespace qvit::tool
