// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/csv_text.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// Reads the scores back that write_medmnist_result or MedMNIST's own evaluator wrote.
///
/// In: how many images and classes there have to be. Out: scores N x classes row-major, images in order.
/// Cost: linear. Fails: bad_input with file and line for another number of rows or columns, an index out of order or a
/// score that is not a finite number.
///
///     const auto scores = qvit::read_medmnist_result(path, set.test.count(), set.classes);
[[nodiscard]] inline std::vector<double> read_medmnist_result(const std::filesystem::path& path, std::size_t images,
                                                              std::size_t classes) {
    const std::string name = printable(path.string());
    const csv_rows table = read_csv(path);
    if (table.rows.size() != images)
        throw bad_input(name + ": expected scores of " + std::to_string(images) + " images, found " +
                        std::to_string(table.rows.size()) + " rows");
    std::vector<double> scores;
    scores.reserve(images * classes);
    for (std::size_t i = 0; i < images; ++i) {
        const auto& row = table.rows[i];
        const std::string place = name + ": line " + std::to_string(i + 1) + ": ";
        if (row.size() != classes + 1)
            throw bad_input(place + "expected an index and " + std::to_string(classes) + " scores, found " +
                            std::to_string(row.size()) + " cells");
        if (row[0] != std::to_string(i))
            throw bad_input(place + "expected the index " + std::to_string(i) + ", found '" + printable(row[0], 40) +
                            "'");
        for (std::size_t k = 1; k < row.size(); ++k) {
            double value = 0;
            const char* const last = row[k].data() + row[k].size();
            const auto [end, error] = std::from_chars(row[k].data(), last, value);
            if (error != std::errc{} || end != last || !std::isfinite(value))
                throw bad_input(place + "expected a score, found '" + printable(row[k], 40) + "'");
            scores.push_back(value);
        }
    }
    return scores;
}

}  // namespace qvit::inline QVIT_ABI
