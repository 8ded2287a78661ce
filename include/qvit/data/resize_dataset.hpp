// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/byte_image.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/resize_image.hpp>

namespace qvit::inline QVIT_ABI {

/// Makes all images of a data set side x side pixels (see resize_image); `md5` stays that of the file.
///
/// Memory: both sizes of one split at a time. Never fails for side >= 1.
///
///     resize_dataset(set, 28);   // a MedMNIST+ set of 64 x 64 for a model of 28 x 28
inline void resize_dataset(dataset& set, std::size_t side) {
    if (set.height == side && set.width == side) return;
    const std::size_t bytes = set.image_bytes();
    byte_image image{set.height, set.width, set.channels, std::vector<std::uint8_t>(bytes)};
    for (image_split* split : {&set.train, &set.validation, &set.test}) {
        std::vector<std::uint8_t> pixels;
        pixels.reserve(split->count() * side * side * set.channels);
        for (std::size_t i = 0; i < split->count(); ++i) {
            std::copy_n(split->pixels.data() + i * bytes, bytes, image.pixels.data());
            const byte_image resized = resize_image(image, side, side);
            pixels.insert(pixels.end(), resized.pixels.begin(), resized.pixels.end());
        }
        split->pixels = std::move(pixels);
    }
    set.height = set.width = side;
}

}  // namespace qvit::inline QVIT_ABI
