// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/topology.hpp>

namespace qvit::inline QVIT_ABI {

/// The families of trainable layers that the literature names, as parts of a circuit. Each is what its body says, and
/// can be written out with other gates; n is the register's width, and every rotation is a new weight.
///
///     circuit<4>(encode<ry>, basic_entangler<2, ry>(), measure<z>)

/// Layers of [a rotation on all wires, a CNOT ring]: L n parameters, L (2 n) gates for n >= 3.
template <std::size_t Layers, operation Rotation = ry>
constexpr auto basic_entangler() {
    return repeat<Layers>(rotate<Rotation>, entangle<cnot>(ring));
}

/// Layers of [RY, RZ on all wires, a CZ chain]: 2 L n parameters, L (3 n - 1) gates.
/// Source: Kandala et al., arXiv:1704.05018, with CZ as the entangler.
template <std::size_t Layers>
constexpr auto hardware_efficient() {
    return repeat<Layers>(rotate<ry>, rotate<rz>, entangle<cz>(chain));
}

/// Layers of [a rotation on all wires, a two-wire gate on (0,1), (2,3), ... and then on (1,2), (3,4), ...]: L n
/// parameters and L (2 n - 1) gates; an entangler with an angle adds L (n - 1) parameters.
template <std::size_t Layers, operation Entangler = cz, operation Rotation = ry>
constexpr auto brick_layers() {
    return repeat<Layers>(rotate<Rotation>, entangle<Entangler>(brick));
}

/// Layers of [a rotation on all wires, a two-wire gate along the topology], and a last rotation on all wires:
/// (L + 1) n parameters, (L + 1) n + L e gates for a topology of e edges.
template <std::size_t Layers, operation Rotation = ry, operation Entangler = cz, topology Topology = chain_topology>
constexpr auto two_local(Topology along = {}) {
    return repeat<1>(repeat<Layers>(rotate<Rotation>, entangle<Entangler>(along)), rotate<Rotation>);
}

/// An RBS gate with a new weight on every edge, e.g. `orthogonal(pyramid)`: as many parameters and gates as edges. On
/// states of one excitation it is an orthogonal n x n matrix. Source: Cherrat et al., arXiv:2209.08167.
template <topology Topology>
constexpr auto orthogonal(Topology along) {
    return entangle<rbs>(along);
}

}  // namespace qvit::inline QVIT_ABI
