// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

#include <qvit/train/options.hpp>

namespace qvit::tool {

/// Stops a run at the end of an epoch after Ctrl-C; the program then exits with 130.
struct interrupted {};

struct train_arguments {
    std::string data = "synthetic";
    std::string model = "qvit4";
    std::string pool = "mean";
    /// Chosen on RetinaMNIST's training and validation images alone, see docs/recipe.md.
    training_options options{
        .epochs = 200, .batch = 128, .learning_rate = 1e-2, .weight_decay = 0.05, .label_smoothing = 0.1};
    std::string schedule = "cosine";
    std::string augment = "auto";
    bool json = false;
};
int run_train(const train_arguments& arguments);

struct info_arguments {
    std::string model = "qvit4";
    std::string pool = "mean";
    std::size_t colours = 3;
    std::size_t classes = 5;
    bool json = false;
};
int run_info(const info_arguments& arguments);

}  // namespace qvit::tool
