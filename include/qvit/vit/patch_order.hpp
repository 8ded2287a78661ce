// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/vit/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Where each entry of the patch tensor (patches x features) stands in an image of bytes (row, column, colour).
///
/// Patches go row by row; a patch's features are in the order colour, row, column, as torch's unfold gives them.
/// Cutting an image into patches is thus a change of order, done while bytes are loaded, and costs nothing more.
///
///     const ordered_images images(split, 28, 3, patch_order(model.config));
inline std::vector<std::uint32_t> patch_order(const vit_config& config) {
    const std::size_t side = config.image / config.patch;
    std::vector<std::uint32_t> order;
    order.reserve(config.patches() * config.patch_features());
    for (std::size_t patch = 0; patch < side * side; ++patch)
        for (std::size_t colour = 0; colour < config.colours; ++colour)
            for (std::size_t row = 0; row < config.patch; ++row)
                for (std::size_t column = 0; column < config.patch; ++column) {
                    const std::size_t y = patch / side * config.patch + row;
                    const std::size_t x = patch % side * config.patch + column;
                    order.push_back(static_cast<std::uint32_t>((y * config.image + x) * config.colours + colour));
                }
    return order;
}

}  // namespace qvit::inline QVIT_ABI
