// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>

#include <qvit/core/config.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Refuses what no metric is defined for. Shapes: scores N x classes, labels N (N x classes for multi_label).
inline void check_scores(std::span<const double> scores, std::span<const std::uint8_t> labels, std::size_t classes,
                         task kind) {
    if (classes == 0 || labels.empty())
        throw std::invalid_argument("[qvit::auc and other metrics] no scores or labels");
    if (scores.size() != labels.size() * (kind == task::multi_label ? 1 : classes))
        throw std::invalid_argument("[qvit::auc and other metrics] " + std::to_string(scores.size()) + " scores for " +
                                    std::to_string(labels.size()) + " labels and " + std::to_string(classes) +
                                    " classes");
    const bool two_valued = kind == task::multi_label || kind == task::binary_class;
    for (const std::uint8_t label : labels)
        if (label >= (two_valued ? 2 : classes))
            throw std::invalid_argument("[qvit::auc and other metrics] label " + std::to_string(label) +
                                        " is out of range");
    for (std::size_t i = 0; i < scores.size(); ++i)
        if (std::isnan(scores[i]))
            throw std::domain_error("score " + std::to_string(i % classes) + " of image " +
                                    std::to_string(i / classes) + " is not a number");
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
