// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <qvit/data/augmentation.hpp>
#include <qvit/kd/distillation_terms.hpp>
#include <qvit/train/options.hpp>

namespace qvit::tool {

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
    std::string command_line;  ///< that was typed, for run.json
};
int run_train(const train_arguments& arguments);

struct distil_arguments {
    /// Of the student. The last stage, on labels, has these epochs and this rate; the other two have their own, and all
    /// else from here.
    train_arguments train;
    /// Models to train, or .safetensors files of trained ones; several are an ensemble. None: the model `teacher`.
    std::vector<std::string> teachers;
    std::string ensemble = "logits";
    std::string logits;  ///< an .npz with a row of logits per training image, instead of teachers
    std::string views = "upright";
    distillation_terms terms{};
    std::string reduction = "sum";
    std::string projection = "learnt";
    std::size_t teacher_epochs = 100;
    double teacher_learning_rate = 1e-3;
    std::size_t kd_epochs = 200;
    double kd_learning_rate = 1e-2;
    std::size_t seeds = 1;  ///< more: the student from scratch and distilled, seed by seed
    std::string config_text;

    distil_arguments() {
        train.options.epochs = 100;
        train.options.learning_rate = 3e-3;
    }
};
int run_distil(const distil_arguments& arguments);

const char* name_of(symmetry kind);
symmetry symmetry_named(const std::string& name);

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
    std::string checkpoint = "qvit4";  ///< a file, or the name of weights that this repository has
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
