// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/kd/distillation_terms.hpp>
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

struct distil_arguments {
    std::string data = "synthetic";
    /// Models to train, or .safetensors files of trained ones; several are an ensemble.
    std::vector<std::string> teachers{"teacher"};
    std::string ensemble = "logits";
    std::string logits;  ///< an .npz with one row of logits per training image, instead of a teacher
    std::string views = "upright";
    std::string student = "qvit4";
    std::string pool = "mean";
    std::string loss = "soft";
    std::string reduction = "sum";
    double share = 1;
    std::optional<double> labels, soft, hard, answers;  ///< instead of what loss and share say
    distillation_terms terms{};                         ///< the temperature, and the weights of features
    std::string projection = "learnt";
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
    std::size_t seeds = 1;  ///< more: the student from scratch and distilled, seed by seed
    std::string out;        ///< a folder for the runs of all stages; empty: nothing is written
    bool resume = false;
    bool json = false;
};
int run_distil(const distil_arguments& arguments);

/// The augmentation a user named; auto asks the data set.
augmentation augmentation_named(const std::string& name, const dataset& data);
const char* name_of(augmentation kind);
/// Ctrl-C from now on asks training to stop: see check_interrupt.
void watch_interrupt();
bool was_interrupted();
/// Throws `interrupted` after Ctrl-C.
void check_interrupt();

struct info_arguments {
    std::string model = "qvit4";
    std::string pool = "mean";
    std::size_t colours = 3;
    std::size_t classes = 5;
    bool json = false;
};
int run_info(const info_arguments& arguments);

}  // namespace qvit::tool
