// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A two-wire connection: `from` is the control of a CNOT, `to` its target.
struct edge {
    std::uint16_t from = 0;
    std::uint16_t to = 0;
    friend constexpr bool operator==(const edge&, const edge&) = default;
};

/// A topology names the wire pairs an entangling layer acts on, in order, for a register of any width:
/// `edges<Width>()` returns an array of edges. A topology of your own is any such type.
template <class Topology>
concept topology = requires(Topology) {
    Topology::template edges<4>().size();
};

/// Wires i -> i+1, without the way back: Width - 1 edges.
struct chain_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width - 1> result{};
        for (std::size_t i = 0; i + 1 < Width; ++i)
            result[i] = {static_cast<std::uint16_t>(i), static_cast<std::uint16_t>(i + 1)};
        return result;
    }
};

/// Wires i -> i+1 mod Width: Width edges; two wires have the one edge 0 -> 1, and one wire has none (FACTS 1).
struct ring_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, (Width > 2 ? Width : Width - 1)> result{};
        for (std::size_t i = 0; i < result.size(); ++i)
            result[i] = {static_cast<std::uint16_t>(i), static_cast<std::uint16_t>((i + 1) % Width)};
        return result;
    }
};

/// The listed edges, e.g. `entangle<cnot>(edges<edge{0, 2}, edge{1, 3}>)`.
template <edge... Edges>
struct edge_list_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        return std::array<edge, sizeof...(Edges)>{Edges...};
    }
};

inline constexpr chain_topology chain{};
inline constexpr ring_topology ring{};
template <edge... Edges>
inline constexpr edge_list_topology<Edges...> edges{};

}  // namespace qvit::inline QVIT_ABI
