// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <qvit/circuit/topology.hpp>

namespace qvit::inline QVIT_ABI {

/// Neighbouring wires in a triangle, as many as an orthogonal matrix has degrees of freedom.
///
/// Width (Width - 1) / 2 edges in 2 Width - 3 layers; layer s has the pairs (i, i+1) with i <= min(s, 2 Width - 4 - s)
/// and i of the parity of s. With RBS gates any rotation of Width dimensions can be reached. Source: Cherrat et al.,
/// arXiv:2209.08167.
///
///     circuit<4>(encode<ry>, entangle<rbs>(pyramid), measure<z>)
struct pyramid_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width*(Width - 1) / 2> result{};
        std::size_t count = 0;
        for (std::size_t layer = 0; layer + 3 < 2 * Width; ++layer)
            for (std::size_t i = layer % 2; i <= std::min(layer, 2 * Width - 4 - layer); i += 2)
                result[count++] = edge_between(i, i + 1);
        return result;
    }
};

inline constexpr pyramid_topology pyramid{};

}  // namespace qvit::inline QVIT_ABI
