// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <tuple>

#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `repeat`: its parts, in order, `Times` times, each time with new weights.
template <std::size_t Times, class... Parts>
struct repeat_part {
    std::tuple<Parts...> parts;

    template <std::size_t Width>
    static constexpr circuit_sizes sizes = Times*(circuit_sizes{} + ... + Parts::template sizes<Width>);

    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Parts::template last_wire<Width>...});

    template <std::size_t Width>
    static constexpr std::size_t self_edges = (std::size_t{0} + ... + self_edges_of<Parts, Width>());

    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        for (std::size_t i = 0; i < Times; ++i)
            std::apply([&](const Parts&... part) { (part.template write<Width>(writer), ...); }, parts);
    }
};

/// Layers with fresh weights: `repeat<2>(rotate<ry>, entangle<cnot>(ring))`. With `encode` inside, the same inputs are
/// loaded again each time (data re-uploading); a weight that is named, as `weight(0)`, is the same each time.
template <std::size_t Times, class... Parts>
constexpr repeat_part<Times, Parts...> repeat(Parts... parts) {
    return {{parts...}};
}

}  // namespace qvit::inline QVIT_ABI
