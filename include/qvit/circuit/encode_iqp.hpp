// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/topology.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// The edge (i, j) takes x_i x_j.
struct product_of_inputs {
    constexpr void write(auto& writer, gate& g) const { writer.set_angle(g, 0, input(g.wires[0]) * input(g.wires[1])); }
};
}  // namespace detail

/// The instantaneous-quantum-polynomial feature map: H on all wires, RZ(x_i) on wire i, RZZ(x_i x_j) on every edge of
/// the topology (all pairs if none is given), all of it `Repeats` times.
///
/// Repeats (2 Width + edges) gates, Width inputs, no weights. Source: Havlicek et al., arXiv:1804.11326, which uses
/// exp(i x_i Z) and exp(i (pi - x_i)(pi - x_j) Z Z), twice: here the angles carry RZ's factor -1/2 instead, and
/// products are of the inputs themselves.
///
///     circuit<4>(encode_iqp<2>(ring), measure<z>)
template <std::size_t Repeats = 1, topology Topology = all_to_all_topology>
constexpr auto encode_iqp(Topology = {}) {
    return repeat<Repeats>(apply<h>, encode<rz>, entangle_part<rzz, Topology, detail::product_of_inputs>{});
}

}  // namespace qvit::inline QVIT_ABI
