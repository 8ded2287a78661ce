// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/io/atomic_file.hpp>
#include <qvit/io/number_text.hpp>

namespace qvit::inline QVIT_ABI {

/// The name that MedMNIST's evaluator gives a file of results.
///
///     qvit::medmnist_result_name("retinamnist", "test", .75, .565, "1");  //
///     "retinamnist_test_[AUC]0.750_[ACC]0.565@1.csv"
[[nodiscard]] inline std::string medmnist_result_name(std::string_view flag, std::string_view split, double auc,
                                                      double accuracy, std::string_view run) {
    return std::string(flag) + '_' + std::string(split) + "_[AUC]" + number_text(auc, 3) + "_[ACC]" +
           number_text(accuracy, 3) + '@' + std::string(run) + ".csv";
}

/// Writes the scores of a split as MedMNIST's evaluator does, so that whoever reads its files reads these.
///
/// In: scores N x classes row-major, probabilities in the order of the split's images. The file: no header line, rows
/// `index,score0,score1,...`, each number as short as reads back exactly. tests/golden/check_result_csv.py computes AUC
/// and ACC from it anew. Out: its path in `folder`. Cost: one pass, whole or not at all (atomic_file).
/// Fails: io_error; std::invalid_argument where the scores are no whole rows.
/// Source: medmnist/evaluator.py 3.0.2, Evaluator.evaluate: pandas' to_csv(path, header=None).
///
///     qvit::write_medmnist_result("run/", "retinamnist", "test", scores, 5, score.auc, score.accuracy, "seed1");
inline std::filesystem::path write_medmnist_result(const std::filesystem::path& folder, std::string_view flag,
                                                   std::string_view split, std::span<const double> scores,
                                                   std::size_t classes, double auc, double accuracy,
                                                   std::string_view run) {
    if (classes == 0 || scores.size() % classes != 0)
        throw std::invalid_argument("write_medmnist_result: " + std::to_string(scores.size()) +
                                    " scores are no rows of " + std::to_string(classes));
    std::string text;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        if (i % classes == 0) text += std::to_string(i / classes);
        text += ',' + number_text(scores[i]);
        if ((i + 1) % classes == 0) text += '\n';
    }
    const std::filesystem::path path = folder / medmnist_result_name(flag, split, auc, accuracy, run);
    write_file(path, text);
    return path;
}

}  // namespace qvit::inline QVIT_ABI
