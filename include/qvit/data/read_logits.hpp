// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/npz.hpp>

namespace qvit::inline QVIT_ABI {

/// A teacher's answers from the array `logits` of an .npz: one row per training image, one column per class.
///
/// Made by any framework: float or double. Out: images x classes, row-major. bad_input where the array is missing, has
/// another shape or type, or a number that is not finite.
///
///     const auto logits = qvit::read_logits("teacher.npz", data);
[[nodiscard]] inline std::vector<double> read_logits(const std::filesystem::path& path, const dataset& data) {
    const npz_file file(path);
    const std::vector<std::size_t> expected{data.train.count(), data.classes};
    const npy_header header = file.header("logits");
    if (header.shape != expected)
        throw bad_input(file.origin("logits") + " has shape " + shape_text(header.shape) + ", expected " +
                        shape_text(expected) + ": one row per training image of " + data.name);
    const npy_array array = file.read("logits");
    std::vector<double> values;
    if (array.dtype == "<f4") {
        const auto singles = array.as<float>();
        values.assign(singles.begin(), singles.end());
    } else {
        values = array.as<double>();
    }
    for (std::size_t i = 0; i < values.size(); ++i)
        if (!std::isfinite(values[i]))
            throw bad_input(array.origin + " has a number that is not finite for image " +
                            std::to_string(i / data.classes));
    return values;
}

}  // namespace qvit::inline QVIT_ABI
