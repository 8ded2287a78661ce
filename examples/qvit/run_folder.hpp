// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>

#include <nlohmann/json.hpp>
#include <qvit/io/metrics_file.hpp>
#include <qvit/io/tensorboard_file.hpp>
#include <qvit/train/report.hpp>

#include "commands.hpp"
#include "folder_lock.hpp"
#include "model_checkpoint.hpp"
#include "model_entry.hpp"

namespace qvit::tool {

/// The folder of a run, written as the run goes. Whatever ends the program, last.safetensors is a whole state of the
/// run, and the logs have every epoch up to it.
class run_folder {
  public:
    /// Makes arguments.out and holds it, so that no other program writes there. Refuses one that is not empty, unless
    /// its run is to be resumed.
    run_folder(const train_arguments& arguments, const trained_model& about, const dataset& data,
               const model_description& description, const std::string& stage);

    /// Takes up a saved state where there is one, and opens the logs at the epoch after it.
    void open(const train_arguments& arguments, training_run& run);
    void add(const epoch_report& now);
    /// At most once a second unless asked: a small model's epoch takes less time than a flushed file.
    void save(const training_run& run, bool at_once);
    void finish(const training_run& run);
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    void write_facts(double seconds, bool finished);

    std::filesystem::path path_;
    std::optional<folder_lock> lock_;
    trained_model about_;
    nlohmann::ordered_json facts_;
    std::optional<metrics_file> csv_, jsonl_;
    std::optional<tensorboard_file> events_;
    std::size_t saved_best_ = 0;
    std::chrono::steady_clock::time_point saved_at_{};  ///< long ago: the first epoch is saved
};

}  // namespace qvit::tool
