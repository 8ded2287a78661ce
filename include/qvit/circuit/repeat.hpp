// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `repeat`: its parts, in order, `Times` times, each time with new weights.
template <std::size_t Times, class... Parts>
struct repeat_part {
    template <std::size_t Width>
    static constexpr std::size_t gate_count = Times*(std::size_t{0} + ... + Parts::template gate_count<Width>);
    template <std::size_t Width>
    static constexpr std::size_t output_count = Times*(std::size_t{0} + ... + Parts::template output_count<Width>);

    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({std::size_t{0}, Parts::template last_wire<Width>...});

    template <std::size_t Width>
    static constexpr std::size_t self_edges = (std::size_t{0} + ... + self_edges_of<Parts, Width>());

    template <std::size_t Width>
    static constexpr void write(auto& writer) {
        for (std::size_t i = 0; i < Times; ++i) (Parts::template write<Width>(writer), ...);
    }
};

/// Layers with fresh weights: `repeat<2>(rotate<ry>, entangle<cnot>(ring))`. With `encode` inside, the same inputs are
/// loaded again each time (data re-uploading).
template <std::size_t Times, class... Parts>
constexpr repeat_part<Times, Parts...> repeat(Parts...) {
    return {};
}

}  // namespace qvit::inline QVIT_ABI
