// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `entangle`: a two-wire gate along every edge of a topology, in the topology's order.
template <operation Kind, topology Topology, class Angles>
struct entangle_part {
    Angles angles{};

    template <std::size_t Width>
    static constexpr circuit_sizes sizes = {.gates = Topology::template edges<Width>().size()};

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
    constexpr void write(auto& writer) const {
        for (edge e : Topology::template edges<Width>()) angles.write(writer, writer.add(Kind, e.from, e.to));
    }
};

/// Two-wire gates along a topology: `entangle<cnot>(ring)`, `entangle<cz>(edges<edge{0, 2}>)`. A gate with an angle
/// gets a new weight on every edge, `entangle<crx>(ring)`, or the angle that is given, `entangle<rzz>(ring,
/// weight(0))`.
template <operation Kind, topology Topology>
requires(wires_of(Kind) == 2 && !is_user_matrix(Kind)) constexpr auto entangle(Topology) {
    if constexpr (angles_of(Kind) == 0)
        return entangle_part<Kind, Topology, detail::given_angles<0>>{};
    else
        return entangle_part<Kind, Topology, detail::new_weights>{};
}
template <operation Kind, topology Topology>
requires(wires_of(Kind) == 2 && angles_of(Kind) == 1) constexpr auto entangle(Topology, angle shared) {
    return entangle_part<Kind, Topology, detail::given_angles<1>>{{{shared}}};
}

}  // namespace qvit::inline QVIT_ABI
