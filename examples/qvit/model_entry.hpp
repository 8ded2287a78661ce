// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/io/named_tensor.hpp>
#include <qvit/train/evaluation.hpp>
#include <qvit/train/lesson.hpp>
#include <qvit/train/options.hpp>
#include <qvit/train/report.hpp>
#include <qvit/train/start.hpp>
#include <qvit/train/teacher_signal.hpp>
#include <qvit/train/training_state.hpp>
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
    std::string circuit;          ///< a drawing; empty for a classical model, as the next two
    std::string qasm;             ///< the circuit as an OpenQASM 3 program
    std::string explanation;      ///< what each engine would cost, and what each output takes
    std::vector<operation_row> operations;
    std::vector<parameter_row> parameter_rows;
};

/// A trainer with the model's type left out; see qvit/train/trainer.hpp for what each function does.
class training_run {
  public:
    training_run() = default;
    training_run(const training_run&) = delete;
    training_run& operator=(const training_run&) = delete;
    virtual ~training_run() = default;
    [[nodiscard]] virtual bool finished() const = 0;
    [[nodiscard]] virtual std::size_t epochs_done() const = 0;
    virtual std::optional<epoch_report> run_epoch(const std::function<bool()>& interrupted) = 0;
    [[nodiscard]] virtual training_state<float> state() const = 0;
    virtual void restore(const training_state<float>& saved) = 0;
    virtual fit_result<float> result() = 0;
};

/// What a model looked at in one image, a weight for each of side x side patches.
struct attention_answer {
    std::size_t depth = 0, heads = 0;  ///< 0 for an attention without probabilities
    std::size_t side = 0;
    std::vector<std::vector<double>> maps;  ///< depth x heads
    std::vector<double> rollout;            ///< empty where there are no maps
};

/// A model configuration that was compiled into this program, for one number of colours and one pooling. `outputs` is
/// the number of logits: the classes, or one less with ordinal levels.
struct model_entry {
    std::string_view name;
    std::size_t colours = 3;
    vit_config config{};
    model_description (*describe)(std::size_t outputs) = nullptr;
    /// Names and extents of the parameters, in the order of the flat vector of weights.
    std::vector<named_shape> (*shapes)(std::size_t outputs) = nullptr;
    /// The data set and the teacher must live as long as the run.
    std::unique_ptr<training_run> (*start)(const dataset&, const training_options&, const fit_start<float>&) = nullptr;
    /// Images x classes probabilities or logits of any images of the model's size.
    std::vector<double> (*predict)(std::size_t outputs, const std::vector<float>& weights, const image_split&, task,
                                   const evaluation&, std::size_t threads) = nullptr;
    /// Of the first image of a split.
    attention_answer (*attention)(std::size_t outputs, const std::vector<float>& weights, const image_split&,
                                  const normalisation&) = nullptr;

    /// What the model tells a student of every training image.
    teacher_signal (*teach)(const dataset&, const std::vector<float>& weights, const lesson&,
                            std::size_t threads) = nullptr;
};

/// All compiled configurations. Each model's own source file adds its entries before main starts, or when it is loaded;
/// what stands here stays where it is.
std::deque<model_entry>& models();

/// The entry of that name, or a bad_input that names the nearest and lists all. What was not built in
/// is compiled, once (custom_model.hpp).
const model_entry& find_model(std::string_view name, std::size_t colours, std::string_view pool);

/// What --pool says: cls, mean, or distilled for a class token and a distillation token with a head each (DeiT).
inline constexpr std::string_view pool_words[] = {"cls", "mean", "distilled"};
constexpr std::string_view pool_of(const vit_config& config) {
    return pool_words[config.distillation_token ? 2 : config.pool == pooling::mean ? 1 : 0];
}

/// One sentence on a model, with the knob that matches a control to its quantum model.
std::string_view summary_of(std::string_view model);

}  // namespace qvit::tool
