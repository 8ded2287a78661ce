// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/byte_image.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// One output pixel of a line: the inputs first, first + 1, ... with these weights, of sum 1.
struct resize_taps {
    std::size_t first;
    std::vector<float> weights;
};

/// The taps of every output of a line of `in` pixels made `out` pixels long.
inline std::vector<resize_taps> taps_of(std::size_t in, std::size_t out) {
    std::vector<resize_taps> all(out);
    for (std::size_t i = 0; i < out; ++i) {
        resize_taps& taps = all[i];
        if (in >= out) {
            // Output i covers [i in, (i + 1) in), input j covers [j out, (j + 1) out): the share is what they have in
            // common.
            taps.first = i * in / out;
            for (std::size_t j = taps.first; j * out < (i + 1) * in; ++j) {
                const std::size_t begin = std::max(i * in, j * out), end = std::min((i + 1) * in, (j + 1) * out);
                taps.weights.push_back(static_cast<float>(static_cast<double>(end - begin) / static_cast<double>(in)));
            }
        } else {
            // The middle of output i, in inputs counted from the middle of the first; repeats beyond the border.
            const double middle =
                (static_cast<double>(i) + 0.5) * static_cast<double>(in) / static_cast<double>(out) - 0.5;
            const double place = std::clamp(middle, 0.0, static_cast<double>(in - 1));
            taps.first = static_cast<std::size_t>(place);
            const auto rest = static_cast<float>(place - static_cast<double>(taps.first));
            taps.weights.push_back(1 - rest);
            if (rest > 0) taps.weights.push_back(rest);
        }
    }
    return all;
}
}  // namespace detail

/// An image made height x width pixels: each axis by the mean over the area that a pixel covers where it shrinks, by
/// linear interpolation between pixels' middles where it grows.
///
/// Bytes are rounded to the nearest. An axis that keeps its length keeps its bytes. Cost: about 1 ns per byte of the
/// input; memory: one float per input row and output column. Never fails for images with pixels.
/// torch's names: interpolate(mode='area'); interpolate(mode='bilinear', align_corners=False).
///
///     const byte_image small = resize_image(centre_square(image), 28, 28);
[[nodiscard]] inline byte_image resize_image(const byte_image& image, std::size_t height, std::size_t width) {
    if (image.height == height && image.width == width) return image;
    const std::size_t channels = image.channels;
    const auto across = detail::taps_of(image.width, width), down = detail::taps_of(image.height, height);
    std::vector<float> narrow(image.height * width * channels);
    for (std::size_t row = 0; row < image.height; ++row) {
        const std::uint8_t* const line = image.pixels.data() + row * image.width * channels;
        float* out = narrow.data() + row * width * channels;
        for (const detail::resize_taps& taps : across)
            for (std::size_t k = 0; k < channels; ++k) {
                float sum = 0;
                for (std::size_t j = 0; j < taps.weights.size(); ++j)
                    sum += taps.weights[j] * static_cast<float>(line[(taps.first + j) * channels + k]);
                *out++ = sum;
            }
    }
    const std::size_t row_length = width * channels;
    byte_image result{height, width, channels, std::vector<std::uint8_t>(height * row_length)};
    std::vector<float> sums(row_length);
    for (std::size_t row = 0; row < height; ++row) {
        std::fill(sums.begin(), sums.end(), 0.0f);
        for (std::size_t j = 0; j < down[row].weights.size(); ++j)
            for (std::size_t i = 0; i < row_length; ++i)
                sums[i] += down[row].weights[j] * narrow[(down[row].first + j) * row_length + i];
        for (std::size_t i = 0; i < row_length; ++i)
            result.pixels[row * row_length + i] = static_cast<std::uint8_t>(std::clamp(sums[i] + 0.5f, 0.0f, 255.0f));
    }
    return result;
}

}  // namespace qvit::inline QVIT_ABI
