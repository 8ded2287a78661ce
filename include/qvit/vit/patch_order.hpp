// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/vit/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Where each entry of the patch tensor (patches x features) stands in an image of bytes (row, column, colour).
///
/// Patches go row by row; a patch's features are in the order colour, row, column, as torch's unfold gives them.
/// Cutting an image into patches is thus a change of order, done while bytes are loaded, and costs nothing more.
template <vit_config Config>
inline constexpr auto patch_order = [] {
    constexpr std::size_t side = Config.image / Config.patch;
    std::array<std::uint32_t, Config.patches() * Config.patch_features()> order{};
    std::size_t next = 0;
    for (std::size_t patch_row = 0; patch_row < side; ++patch_row)
        for (std::size_t patch_column = 0; patch_column < side; ++patch_column)
            for (std::size_t colour = 0; colour < Config.colours; ++colour)
                for (std::size_t row = 0; row < Config.patch; ++row)
                    for (std::size_t column = 0; column < Config.patch; ++column) {
                        const std::size_t y = patch_row * Config.patch + row;
                        const std::size_t x = patch_column * Config.patch + column;
                        order[next++] = static_cast<std::uint32_t>((y * Config.image + x) * Config.colours + colour);
                    }
    return order;
}();

}  // namespace qvit::inline QVIT_ABI
