// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/circuit/topology.hpp>

namespace qvit::inline QVIT_ABI {

/// Neighbouring wires along two crossing diagonals: one from wire 0 to the last, one back, with one gate in common.
///
/// 2 Width - 3 edges. Width - 1 layers where the width is even; an odd width needs one more, because the diagonals
/// then meet at a wire instead of between two. Source: Cherrat et al., arXiv:2209.08167.
///
///     circuit<4>(encode<ry>, entangle<rbs>(x_shape), measure<z>)
struct x_shape_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, (Width > 1 ? 2 * Width - 3 : 0)> result{};
        std::size_t count = 0;
        if constexpr (Width > 1) {
            constexpr std::size_t arms = (Width - 2) / 2;  // layers before the crossing
            auto add_both = [&](std::size_t i) {
                result[count++] = edge_between(i, i + 1);
                result[count++] = edge_between(Width - 2 - i, Width - 1 - i);
            };
            for (std::size_t i = 0; i < arms; ++i) add_both(i);
            result[count++] = edge_between(arms, arms + 1);
            if constexpr (Width % 2 == 1) {
                result[count++] = edge_between(arms + 1, arms + 2);
                result[count++] = edge_between(arms, arms + 1);
            }
            for (std::size_t i = arms; i-- > 0;) add_both(i);
        }
        return result;
    }
};

inline constexpr x_shape_topology x_shape{};

}  // namespace qvit::inline QVIT_ABI
