// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// How many classes labels tell apart: a binary task has two, however many columns its scores have.
constexpr std::size_t labelled_classes(std::size_t classes, task kind) {
    return kind == task::binary_class ? 2 : classes;
}

/// The answer that an image's scores give; not for multi_label, where each score above .5 is one.
inline std::size_t answer_of(std::span<const double> row, task kind) {
    if (kind == task::binary_class) return row.back() > 0.5;
    return static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
}

/// One class against the rest: a score per image, and whether the image has the class.
struct one_class {
    std::vector<double> scores;
    std::vector<std::uint8_t> positive;

    one_class(std::span<const double> all, std::span<const std::uint8_t> labels, std::size_t classes, task kind,
              std::size_t k) {
        for (std::size_t image = 0; image < all.size() / classes; ++image) {
            const auto row = all.subspan(image * classes, classes);
            const bool complement = kind == task::binary_class && classes == 1 && k == 0;
            scores.push_back(complement ? 1 - row[0] : kind == task::binary_class && k == 1 ? row.back() : row[k]);
            positive.push_back(kind == task::multi_label ? labels[image * classes + k] : labels[image] == k);
        }
    }
};
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
