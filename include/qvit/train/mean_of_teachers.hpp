// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <qvit/data/bad_input.hpp>

namespace qvit::inline QVIT_ABI {

/// What of several teachers is averaged: their logits, or the probabilities they give to classes.
enum class teacher_mean : std::uint8_t { logits, probabilities };

/// The logits of an ensemble: the mean of its teachers' logits, or the logarithm of the mean of their softmax, so that
/// the ensemble's softmax is that mean. Rows x classes in and out. bad_input where there is no teacher, no class, or
/// sizes differ.
///
///     signal.logits = mean_of_teachers(std::vector{first.logits, second.logits}, 5, teacher_mean::probabilities);
inline std::vector<double> mean_of_teachers(std::span<const std::vector<double>> teachers, std::size_t classes,
                                            teacher_mean of = teacher_mean::logits) {
    if (teachers.empty() || classes == 0)
        throw bad_input("[qvit::mean_of_teachers] expected a teacher and a class at least");
    const std::size_t size = teachers[0].size();
    for (const auto& teacher : teachers)
        if (teacher.size() != size || size % classes != 0)
            throw bad_input("[qvit::mean_of_teachers] expected " + std::to_string(size) + " logits of every teacher, " +
                            std::to_string(classes) + " per row, found " + std::to_string(teacher.size()));
    std::vector<double> mean(size, 0.0);
    const double share = 1 / static_cast<double>(teachers.size());
    for (const auto& teacher : teachers)
        for (std::size_t row = 0; row < size; row += classes) {
            const double* const z = teacher.data() + row;
            if (of == teacher_mean::logits) {
                for (std::size_t k = 0; k < classes; ++k) mean[row + k] += share * z[k];
                continue;
            }
            const double largest = *std::max_element(z, z + classes);
            double total = 0;
            for (std::size_t k = 0; k < classes; ++k) total += std::exp(z[k] - largest);
            for (std::size_t k = 0; k < classes; ++k) mean[row + k] += share * std::exp(z[k] - largest) / total;
        }
    if (of == teacher_mean::probabilities)  // a class that none believes in stays a number
        for (double& p : mean) p = std::log(std::max(p, 1e-300));
    return mean;
}

}  // namespace qvit::inline QVIT_ABI
