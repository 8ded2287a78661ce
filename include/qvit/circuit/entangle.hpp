// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `entangle`: a two-wire gate along every edge of a topology, in the topology's order.
template <operation Kind, topology Topology>
struct entangle_part {
    template <std::size_t Width>
    static constexpr std::size_t gate_count = Topology::template edges<Width>().size();
    template <std::size_t Width>
    static constexpr std::size_t output_count = 0;

    template <std::size_t Width>
    static constexpr std::size_t last_wire = [] {
        std::size_t last = 0;
        for (edge e : Topology::template edges<Width>())
            last = std::max({last, std::size_t{e.from}, std::size_t{e.to}});
        return last;
    }();

    template <std::size_t Width>
    static constexpr std::size_t self_edges = [] {
        std::size_t found = 0;
        for (edge e : Topology::template edges<Width>()) found += e.from == e.to ? 1 : 0;
        return found;
    }();

    template <std::size_t Width>
    static constexpr void write(auto& writer) {
        for (edge e : Topology::template edges<Width>()) writer.add(Kind, e.from, e.to);
    }
};

/// Two-wire gates along a topology: `entangle<cnot>(ring)`, `entangle<cz>(chain)`, `entangle<cnot>(edges<edge{0, 2}>)`.
template <operation Kind, topology Topology>
requires(wires_of(Kind) == 2) constexpr entangle_part<Kind, Topology> entangle(Topology) { return {}; }

}  // namespace qvit::inline QVIT_ABI
