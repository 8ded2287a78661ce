// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/vit/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Stands in a patch_order for a pixel outside of the image, whose value after normalisation is 0.
inline constexpr std::uint32_t outside_image = 0xffffffff;

/// Where each entry of a model's input stands in an image of bytes (row, column, colour).
///
/// The input of patches is patches x features: patches go row by row; a patch's features are in the order shift (of
/// tokenizer::shifted_patches), colour, row, column, as torch's unfold gives them. A byte may be there many times where
/// patches overlap, and `outside_image` stands for padding. The input of tokenizer::convolutions is colour, row, column.
/// Cutting an image into patches is thus a change of order, done while bytes are loaded, and costs nothing more.
///
///     const ordered_images images(split, 28, 3, patch_order(model.config));
inline std::vector<std::uint32_t> patch_order(const vit_config& config) {
    using distance = std::ptrdiff_t;
    const auto image = static_cast<distance>(config.image);
    std::vector<std::uint32_t> order;
    const auto push = [&](distance row, distance column, std::size_t colour) {
        const bool inside = row >= 0 && row < image && column >= 0 && column < image;
        const auto pixel = static_cast<std::size_t>(row * image + column);
        order.push_back(inside ? static_cast<std::uint32_t>(pixel * config.colours + colour) : outside_image);
    };
    if (config.tokens_from == tokenizer::convolutions) {
        for (std::size_t colour = 0; colour < config.colours; ++colour)
            for (distance row = 0; row < image; ++row)
                for (distance column = 0; column < image; ++column) push(row, column, colour);
        return order;
    }
    struct shift {
        distance down, right;
    };
    const auto half = static_cast<distance>(config.patch / 2);
    const std::array<shift, 5> shifts{{{0, 0}, {-half, -half}, {-half, half}, {half, -half}, {half, half}}};
    const auto padding = static_cast<distance>(config.padding);
    order.reserve(config.patches() * config.patch_features());
    for (std::size_t patch = 0; patch < config.patches(); ++patch)
        for (std::size_t s = 0; s < (config.tokens_from == tokenizer::shifted_patches ? 5 : 1); ++s)
            for (std::size_t colour = 0; colour < config.colours; ++colour)
                for (std::size_t row = 0; row < config.patch; ++row)
                    for (std::size_t column = 0; column < config.patch; ++column)
                        push(static_cast<distance>(patch / config.side() * config.stride + row) - padding +
                                 shifts[s].down,
                             static_cast<distance>(patch % config.side() * config.stride + column) - padding +
                                 shifts[s].right,
                             colour);
    return order;
}

}  // namespace qvit::inline QVIT_ABI
