// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// How many images of a split belong to each class; of a multi-label set an image may count for several or none.
/// bad_input for a label that is none of the classes.
///
///     const auto counts = class_counts(set.train, set.classes);
[[nodiscard]] inline std::vector<std::size_t> class_counts(const image_split& split, std::size_t classes) {
    std::vector<std::size_t> counts(classes);
    for (std::size_t image = 0; image < split.count(); ++image) {
        if (split.labels_per_image == 1) {
            const std::size_t label = split.labels[image];
            if (label >= classes)
                throw bad_input("expected labels below " + std::to_string(classes) + ", found " + std::to_string(label) +
                                " at image " + std::to_string(image));
            ++counts[label];
            continue;
        }
        for (std::size_t k = 0; k < classes; ++k) counts[k] += split.has_label(image, k);
    }
    return counts;
}

/// Loss weights that give every class the same say: N / (K n_k), of mean 1 over the images; 0 for a class without any.
///
/// For one label per image; N is the sum of the counts. K counts all classes. sklearn's name: class_weight='balanced'.
[[nodiscard]] inline std::vector<double> balanced_class_weights(std::span<const std::size_t> counts) {
    double images = 0;
    for (const std::size_t count : counts) images += static_cast<double>(count);
    std::vector<double> weights;
    for (const std::size_t count : counts)
        weights.push_back(count == 0 ? 0 : images / (static_cast<double>(counts.size()) * static_cast<double>(count)));
    return weights;
}

/// Loss weights of the positive answers of a multi-label set, (N - n_k) / n_k, so that positives and negatives of each
/// label have the same say; 1 for a label that no image has. torch's name: pos_weight of BCEWithLogitsLoss.
[[nodiscard]] inline std::vector<double> positive_weights(std::span<const std::size_t> counts, std::size_t images) {
    std::vector<double> weights;
    for (const std::size_t count : counts)
        weights.push_back(count == 0 ? 1 : static_cast<double>(images - count) / static_cast<double>(count));
    return weights;
}

/// Adds a warning for each class that a split has no image of: the AUC of that split is undefined, which is better said
/// before hours of training.
inline void warn_of_absent_classes(dataset& set) {
    const std::pair<const char*, const image_split&> splits[] = {
        {"train", set.train}, {"val", set.validation}, {"test", set.test}};
    for (const auto& [key, split] : splits) {
        const auto counts = class_counts(split, set.classes);
        for (std::size_t label = 0; label < set.classes; ++label)
            if (counts[label] == 0)
                set.warnings.push_back(printable(set.name) + ": no " + key + " image has label " +
                                       std::to_string(label) + " (" + set.label_names[label] + ")");
    }
}

}  // namespace qvit::inline QVIT_ABI
