// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/train/report.hpp>

#include "model_checkpoint.hpp"

namespace qvit::tool {

/// What a model answers to the images of a split.
struct split_answers {
    std::string split;  ///< train, val or test
    const image_split* images = nullptr;
    std::vector<double> scores;  ///< images x classes
    score value{};               ///< AUC and accuracy; the loss is not computed here
};
split_answers answers_to(const trained_model& model, const std::string& split, const dataset& data,
                         std::size_t threads);

/// The names and numbers of a metrics.csv, row by row; what is missing is a NaN.
struct metrics_table {
    std::vector<std::string> names;
    std::vector<std::vector<double>> rows;
    [[nodiscard]] std::vector<double> column(const std::string& name) const;
};
metrics_table read_metrics(const std::filesystem::path& path);

using text_pairs = std::vector<std::pair<std::string, std::string>>;
/// What a report says besides the answers.
struct report_facts {
    std::string title, summary;
    std::vector<std::vector<std::string>> scores;  ///< split, AUC, ACC
    text_pairs facts, settings;
    metrics_table metrics{};
    std::size_t best_epoch = 0;
};

/// Writes MedMNIST's result file of these answers; its path.
std::filesystem::path write_result_file(const std::filesystem::path& folder, const dataset& data,
                                        const split_answers& answers, const std::string& run);
/// Writes confusion.csv, roc.csv, classes.csv, calibration.csv, pictures/*.png and report.html.
void write_report(const std::filesystem::path& folder, const trained_model& model, const split_answers& answers,
                  const report_facts& facts, std::size_t image_side);

struct shown_attention {
    std::vector<std::string> files;
    std::size_t depth = 0, heads = 0;
};
/// Writes layer<l>_head<h>.png, rollout.png and attention.png (all of them) for the first image of a split.
shown_attention write_attention(const std::filesystem::path& folder, const trained_model& model,
                                const image_split& image, std::size_t image_side, const std::string& title);

}  // namespace qvit::tool
