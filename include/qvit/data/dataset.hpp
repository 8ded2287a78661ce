// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/task.hpp>

namespace qvit::inline QVIT_ABI {

/// Images and their labels: pixels N x height x width x channels as bytes, row-major.
///
/// `labels` are N class numbers; of a multi-label set they are N x classes of 0 and 1, and labels_per_image is classes.
struct image_split {
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> labels;
    std::size_t labels_per_image = 1;

    /// N
    [[nodiscard]] std::size_t count() const { return labels.size() / labels_per_image; }
    /// Does the image belong to class k?
    [[nodiscard]] bool has_label(std::size_t image, std::size_t k) const {
        return labels_per_image == 1 ? labels[image] == k : labels[image * labels_per_image + k] == 1;
    }
};

/// A labelled image set with its three splits, as load_dataset checked it: every label is below `classes` (below 2 and
/// labels_per_image == classes where `kind` is multi_label), every split has at least one image, images are square and
/// pixels.size() == count() * image_bytes().
struct dataset {
    std::string name;      ///< the file's name without ".npz"
    std::string known_as;  ///< the MedMNIST flag it was recognised as, or empty
    task kind = task::multi_class;
    std::size_t height = 0, width = 0, channels = 0, classes = 0;
    std::vector<std::string> label_names;  ///< one per class
    image_split train, validation, test;
    std::string md5;                    ///< of the file, or of the drawn bytes
    std::vector<std::string> warnings;  ///< one line each, for stderr
    bool synthetic = false;             ///< drawn by a program: no result on it says anything about medicine

    /// Bytes of one image.
    [[nodiscard]] std::size_t image_bytes() const { return height * width * channels; }
};

}  // namespace qvit::inline QVIT_ABI
