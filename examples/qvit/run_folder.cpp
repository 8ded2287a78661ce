// SPDX-License-Identifier: Apache-2.0
#include "run_folder.hpp"

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <string>
#include <system_error>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/simd/lanes.hpp>

#include "train_options.hpp"

namespace qvit::tool {

namespace {
namespace fs = std::filesystem;

std::string time_text() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[32];
    std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text;
}
}  // namespace

run_folder::run_folder(const train_arguments& arguments, const trained_model& about, const dataset& data,
                       const model_description& description, const std::string& stage)
    : path_(arguments.out), about_(about) {
    if (!arguments.resume) refuse_used_folder(path_);
    make_folder(path_);
    lock_.emplace(path_);
    facts_ = {{"version", version},
              {"compiler", __VERSION__},
              {"isa", isa_name},
              {"simd", simd_library},
              {"lanes", lane_count<lanes<float>>},
              {"seed", arguments.options.seed},
              {"threads", arguments.options.threads},
              {"data", data.name},
              {"data_md5", data.md5},
              {"model", about.model},
              {"parameters", description.parameters},
              {"engine", {{"q, k, v, o", description.engine}}},
              {"stage", stage},
              {"commands", nlohmann::ordered_json::array({arguments.command_line})},
              {"started", time_text()},
              {"finished", nullptr},
              {"train_seconds", 0.0}};
}

void run_folder::open(const train_arguments& arguments, training_run& run) {
    if (arguments.resume && fs::exists(path_ / "last.safetensors")) {
        training_state<float> saved = load_state(path_ / "last.safetensors", about_);
        std::ifstream input(path_ / "run.json");
        const auto before = nlohmann::ordered_json::parse(input, nullptr, false);
        if (before.is_object()) {
            if (before.contains("train_seconds") && before["train_seconds"].is_number())
                saved.seconds = before["train_seconds"].get<double>();
            if (before.contains("started") && before["started"].is_string()) facts_["started"] = before["started"];
            // All commands that made the run, the first first.
            if (before.contains("commands") && before["commands"].is_array()) {
                facts_["commands"] = before["commands"];
                facts_["commands"].push_back(arguments.command_line);
            }
        }
        run.restore(saved);
    }
    write_file(path_ / "config.json", options_of(arguments).json);
    const std::size_t done = run.epochs_done();
    const std::vector<std::string> names{"learning_rate",   "loss",           "train_accuracy",
                                         "validation_loss", "validation_auc", "validation_acc",
                                         "gradient_norm",   "seconds",        "images_per_second"};
    csv_.emplace(path_ / "metrics.csv", metrics_format::csv, names, done);
    jsonl_.emplace(path_ / "metrics.jsonl", metrics_format::jsonl, names, done);
    if (csv_->kept_epochs() < done)
        std::fprintf(stderr, "qvit: warning: %s: metrics.csv has the first %zu of the %zu epochs that are done\n",
                     printable(path_.string()).c_str(), csv_->kept_epochs(), done);
    write_facts(run.state().seconds, false);
}

void run_folder::add(const epoch_report& now) {
    const double row[] = {now.learning_rate,   now.loss,           now.train_accuracy,
                          now.validation.loss, now.validation.auc, now.validation.accuracy,
                          now.gradient_norm,   now.seconds,        now.images_per_second};
    csv_->append(now.epoch, row);
    jsonl_->append(now.epoch, row);
    const auto step = static_cast<std::int64_t>(now.epoch);
    if (!events_) events_.emplace(path_, step == 1 ? 0 : step);
    events_->scalar("train/loss", now.loss, step);
    events_->scalar("train/accuracy", now.train_accuracy, step);
    events_->scalar("train/learning_rate", now.learning_rate, step);
    events_->scalar("train/gradient_norm", now.gradient_norm, step);
    events_->scalar("validation/loss", now.validation.loss, step);
    events_->scalar("validation/auc", now.validation.auc, step);
    events_->scalar("validation/acc", now.validation.accuracy, step);
}

void run_folder::save(const training_run& run, bool at_once) {
    const auto now = std::chrono::steady_clock::now();
    if (!at_once && now - saved_at_ < std::chrono::seconds(1)) return;
    const training_state<float> state = run.state();
    save_state(path_ / "last.safetensors", about_, state);
    if (state.best_epoch != saved_best_) {
        save_weights(path_ / "best.safetensors", about_, state.best_weights, state.best_epoch);
        saved_best_ = state.best_epoch;
    }
    write_facts(state.seconds, false);
    saved_at_ = std::chrono::steady_clock::now();
}

void run_folder::finish(const training_run& run) { write_facts(run.state().seconds, true); }

void run_folder::write_facts(double seconds, bool finished) {
    facts_["train_seconds"] = seconds;
    if (finished) facts_["finished"] = time_text();
    write_file(path_ / "run.json", facts_.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n");
}

}  // namespace qvit::tool
