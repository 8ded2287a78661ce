// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <qvit/data/augmentation.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/train/options.hpp>

namespace qvit::tool {

/// Stops a run after Ctrl-C; the program then exits with 130.
struct interrupted {};

struct train_arguments {
    std::string data = "synthetic";
    std::size_t colours = 3;  ///< of a folder of images
    std::string frame = "crop";
    std::string model = "qvit4";
    std::string pool = "mean";
    /// Chosen on RetinaMNIST's training and validation images alone, see docs/recipe.md.
    training_options options{
        .epochs = 200, .batch = 128, .learning_rate = 1e-2, .weight_decay = 0.05, .label_smoothing = 0.1};
    std::string optimizer = "adamw";
    std::string schedule = "cosine";
    std::string select = "auc";
    std::string class_weights = "none";
    std::string targets = "classes";
    std::string augment = "auto";
    std::string tta = "none";
    std::string normalise = "medmnist";
    bool json = false;
    std::string out;     ///< the run's folder; empty: nothing is written
    std::string config;  ///< a JSON file of options
    bool resume = false;
    std::string config_text;                                    ///< all options as JSON
    std::vector<std::pair<std::string, std::string>> settings;  ///< the same, one by one
    std::string command_line;
};
int run_train(const train_arguments& arguments);

struct distil_arguments {
    std::string data = "synthetic";
    std::string teacher = "teacher";
    std::string logits;  ///< an .npz with one row of logits per training image, instead of training a teacher
    std::string student = "qvit4";
    std::string pool = "mean";
    std::string loss = "soft";
    std::string reduction = "sum";
    double share = 1;
    double temperature = 2;
    std::string augment = "auto";
    std::size_t teacher_epochs = 100;
    double teacher_learning_rate = 1e-3;
    std::size_t kd_epochs = 200;
    /// Of the last stage, training on the labels; seed, batch, threads, weight decay and smoothing hold for all stages.
    training_options options{.epochs = 100,
                             .batch = 128,
                             .learning_rate = 3e-3,
                             .weight_decay = 0.05,
                             .schedule = schedule_kind::cosine,
                             .label_smoothing = 0.1};
    double kd_learning_rate = 1e-2;
    bool json = false;
};
int run_distil(const distil_arguments& arguments);

/// The augmentation a user named; auto asks the data set.
augmentation augmentation_named(const std::string& name, const dataset& data);
const char* name_of(augmentation kind);
const char* name_of(symmetry kind);
symmetry symmetry_named(const std::string& name);
/// Ctrl-C from now on asks training to stop: see check_interrupt.
void watch_interrupt();
bool interrupt_asked();
/// Throws `interrupted` after Ctrl-C.
void check_interrupt();

struct info_arguments {
    std::string model = "qvit4";
    std::string pool = "mean";
    std::size_t colours = 3;
    std::size_t classes = 5;
    bool json = false;
    bool qasm = false;  ///< of draw
};
int run_info(const info_arguments& arguments);
/// The circuit of a model's projections, as text or as an OpenQASM 3 program.
int run_draw(const info_arguments& arguments);

/// Of eval, predict and attention: what they have in common is a checkpoint.
struct checkpoint_arguments {
    std::string checkpoint;
    std::string data = "synthetic";
    std::string split = "test";
    std::string tta = "as trained";
    std::string path;  ///< an image, a folder of images or an .npz file
    std::string out;
    std::string frame = "crop";
    std::size_t threads = 1;
    bool json = false;
};
int run_eval(const checkpoint_arguments& arguments);
int run_predict(const checkpoint_arguments& arguments);
int run_attention(const checkpoint_arguments& arguments);

}  // namespace qvit::tool
