// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>
#include <qvit/data/dataset.hpp>

namespace qvit::inline QVIT_ABI {

/// What a model sees of a byte x of a channel: (x / 255 - mean) / deviation. By default MedMNIST's, -1 .. 1.
struct normalisation {
    std::array<double, 3> mean{0.5, 0.5, 0.5};
    std::array<double, 3> deviation{0.5, 0.5, 0.5};
    bool operator==(const normalisation&) const = default;
};

/// Mean and standard deviation of each channel over all pixels of a split, bytes as 0 .. 1.
///
/// Exact sums of integers, so the order does not matter. A channel without any variation gets a deviation of 1; grey
/// images leave the second and third entry at the default. Cost: one pass over the bytes.
///
///     const ordered_images train(set.train, side, channels, order, normalisation_of(set.train, channels));
[[nodiscard]] inline normalisation normalisation_of(const image_split& split, std::size_t channels) {
    normalisation result;
    for (std::size_t channel = 0; channel < channels; ++channel) {
        std::uint64_t sum = 0, squares = 0, count = 0;
        for (std::size_t i = channel; i < split.pixels.size(); i += channels, ++count) {
            const std::uint64_t x = split.pixels[i];
            sum += x;
            squares += x * x;
        }
        const double n = static_cast<double>(count), mean = static_cast<double>(sum) / n;
        const double variance = static_cast<double>(squares) / n - mean * mean;
        result.mean[channel] = mean / 255;
        result.deviation[channel] = variance > 1e-9 ? std::sqrt(variance) / 255 : 1;
    }
    return result;
}

}  // namespace qvit::inline QVIT_ABI
