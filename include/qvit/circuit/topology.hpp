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
/// The edge between two wires given in any integer type.
constexpr edge edge_between(std::size_t from, std::size_t to) {
    return {static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(to)};
}

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
        for (std::size_t i = 0; i + 1 < Width; ++i) result[i] = edge_between(i, i + 1);
        return result;
    }
};

/// Wires i -> i+1 mod Width: Width edges; two wires have the one edge 0 -> 1, and one wire has none (FACTS 1).
struct ring_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, (Width > 2 ? Width : Width - 1)> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = edge_between(i, (i + 1) % Width);
        return result;
    }
};

/// Wires i -> i+Range mod Width: Width edges, of two wires 0 -> 1 and 1 -> 0; one wire has none. A circuit refuses a
/// Range that is a multiple of its width.
template <std::size_t Range>
struct ring_of_range_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, (Width > 1 ? Width : 0)> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = edge_between(i, (i + Range) % Width);
        return result;
    }
};

/// Wire 0 -> every other wire: Width - 1 edges.
struct star_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width - 1> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = edge_between(0, i + 1);
        return result;
    }
};

/// Every pair i -> j with i < j, in lexicographic order: Width (Width - 1) / 2 edges.
struct all_to_all_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width*(Width - 1) / 2> result{};
        std::size_t count = 0;
        for (std::size_t i = 0; i < Width; ++i)
            for (std::size_t j = i + 1; j < Width; ++j) result[count++] = edge_between(i, j);
        return result;
    }
};

/// (0,1), (2,3), ...: Width / 2 edges, all at once; the last wire of an odd width stays free.
struct pairs_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width / 2> result{};
        for (std::size_t i = 0; i < result.size(); ++i) result[i] = edge_between(2 * i, 2 * i + 1);
        return result;
    }
};

/// (0,1), (2,3), ..., then (1,2), (3,4), ...: Width - 1 edges in two rows, as bricks are laid.
struct brick_topology {
    template <std::size_t Width>
    static constexpr auto edges() {
        std::array<edge, Width - 1> result{};
        std::size_t count = 0;
        for (std::size_t row = 0; row < 2; ++row)
            for (std::size_t i = row; i + 1 < Width; i += 2) result[count++] = edge_between(i, i + 1);
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
template <std::size_t Range>
inline constexpr ring_of_range_topology<Range> ring_of_range{};
inline constexpr star_topology star{};
inline constexpr all_to_all_topology all_to_all{};
inline constexpr pairs_topology pairs{};
inline constexpr brick_topology brick{};
template <edge... Edges>
inline constexpr edge_list_topology<Edges...> edges{};

}  // namespace qvit::inline QVIT_ABI
