// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>

#include <qvit/circuit/topology.hpp>

namespace qvit::inline QVIT_ABI {

/// The wires of a butterfly split into halves down to single wires.
template <std::size_t Width>
concept width_is_power_of_two = (std::has_single_bit(Width));

/// The wire pairs of a fast Fourier transform: stage s joins i and i + 2^s within blocks of 2^(s+1) wires.
///
/// (Width / 2) log2(Width) edges in log2(Width) layers, so that every wire reaches every other. A width that is no
/// power of two does not compile. Source: Cherrat et al., arXiv:2209.08167.
///
///     circuit<8>(encode<ry>, entangle<rbs>(butterfly), measure<z>)
struct butterfly_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        static_assert(width_is_power_of_two<Width>,
                      "[qvit::butterfly] the register's width has to be a power of two: 1, 2, 4, 8, ...");
        std::array<edge, std::has_single_bit(Width) ? Width / 2 * (std::bit_width(Width) - 1) : 0> result{};
        if constexpr (width_is_power_of_two<Width>) {
            std::size_t count = 0;
            for (std::size_t half = 1; half < Width; half *= 2)
                for (std::size_t i = 0; i < Width; ++i)
                    if ((i & half) == 0) result[count++] = edge_between(i, i + half);
        }
        return result;
    }
};

inline constexpr butterfly_topology butterfly{};

}  // namespace qvit::inline QVIT_ABI
