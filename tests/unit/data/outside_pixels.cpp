// SPDX-License-Identifier: Apache-2.0
// Inputs of models whose patches overlap, are padded or shifted: bytes that are there many times, and zeros.
#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/data/dataset.hpp>
#include <qvit/data/image_block.hpp>
#include <qvit/data/image_view.hpp>
#include <qvit/data/normalisation.hpp>
#include <qvit/data/orientation.hpp>
#include <qvit/vit/patch_order.hpp>

using namespace qvit;

TEST_CASE("ordered images: what stands outside of the image is zero in every view, all else is the pixel") {
    constexpr std::size_t side = 4, channels = 3;
    image_split split;
    for (std::size_t i = 0; i < 2 * side * side * channels; ++i) split.pixels.push_back(static_cast<std::uint8_t>(i * 7));
    split.labels = {0, 1};
    const normalisation norm{.mean = {0.3, 0.4, 0.5}, .deviation = {0.2, 0.3, 0.4}};
    const auto order = patch_order({.image = side, .colours = channels, .patch = 2, .stride = 1, .padding = 1,
                                    .tokens_from = tokenizer::shifted_patches});
    const ordered_images images(split, side, channels, order, norm);
    for (const image_view& view : {image_view{}, image_view{.orientation = 5}, image_view{.orientation = 5, .contrast = 1.0001f}}) {
        const std::vector<std::uint32_t> chosen{1};
        const std::vector<image_view> views{view};
        std::vector<double> found(order.size(), 99.0);
        images.load(chosen, views, found.data());
        std::size_t outside = 0, wrong = 0;
        for (std::size_t k = 0; k < order.size(); ++k) {
            if (order[k] == outside_image) {
                ++outside;
                wrong += found[k] == 0 ? 0 : 1;
            } else {
                const std::size_t place = oriented_index(order[k], side, channels, view.orientation);
                const std::size_t colour = order[k] % channels;
                const double pixel = split.pixels[side * side * channels + place] / 255.0;
                const double expected = (pixel - norm.mean[colour]) / norm.deviation[colour];
                wrong += found[k] - expected < 1e-3 && expected - found[k] < 1e-3 ? 0 : 1;
            }
        }
        CHECK(outside > 100);
        CHECK(wrong == 0);
    }
}
