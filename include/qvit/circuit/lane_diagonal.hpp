// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/lane_program.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// The diagonal observables of a lane_program (strings of I and Z), arranged so that all are read from one reordering
/// of the probabilities: `position[p]` has bit j where the j-th independent sign is negative at amplitude p.
///
/// The sign of observable o at p is then parity(index[o] & position[p]). Where every index has one bit at most, all
/// values take 3 * 2^rank additions, else a Walsh-Hadamard transform of rank * 2^rank.
template <class Positions, class Indices>
struct basic_lane_diagonal {
    Positions position{};
    Positions stored{};  ///< by position: the amplitude that has it
    Indices index{};     ///< by observable; meaningless where it is not diagonal
    std::size_t rank = 0;
    std::size_t count = 0;  ///< diagonal observables
    bool singles = true;
};
template <std::size_t Bits, std::size_t Observables>
using lane_diagonal =
    basic_lane_diagonal<std::array<std::uint16_t, (std::size_t{1} << Bits)>, std::array<std::uint16_t, Observables>>;

constexpr bool is_diagonal(const lane_observable& o) { return o.pauli.mask == 0 && !o.vanishes; }

/// Fills a diagonal whose containers already have their sizes.
constexpr void make_lane_diagonal(const auto& program, auto& diagonal) {
    struct entry {
        std::uint32_t reduced = 0;
        std::uint32_t combination = 0;
    };
    static_vector<entry, lane_statevector_max_width> rows;
    std::uint32_t basis[lane_statevector_max_width] = {};
    std::uint32_t pivots = 0;
    for (std::size_t o = 0; o < program.observables.size(); ++o) {
        if (!is_diagonal(program.observables[o])) continue;
        ++diagonal.count;
        std::uint32_t row = program.observables[o].pauli.row;
        std::uint32_t coordinates = 0;
        for (const entry& e : rows)
            if (row & (e.reduced & (~e.reduced + 1))) {
                row ^= e.reduced;
                coordinates ^= e.combination;
            }
        if (row != 0) {
            const std::uint32_t bit = std::uint32_t{1} << rows.size();
            basis[rows.size()] = program.observables[o].pauli.row;
            rows.push_back({row, coordinates ^ bit});
            pivots |= row & (~row + 1);
            coordinates = bit;
        }
        diagonal.index[o] = static_cast<std::uint16_t>(coordinates);
        diagonal.singles = diagonal.singles && std::popcount(coordinates) <= 1;
    }
    diagonal.rank = rows.size();
    // The map is linear: position[p ^ q] = position[p] ^ position[q]. Bits that are no pivot fill it up.
    std::size_t next = diagonal.rank;
    auto* const position = diagonal.position.data();  // operator[] costs a call for every access while compiling
    auto* const stored = diagonal.stored.data();
    position[0] = 0;
    stored[0] = 0;
    for (std::size_t b = 0; b < program.bits; ++b) {
        const std::uint32_t bit = std::uint32_t{1} << b;
        std::uint32_t image = 0;
        for (std::size_t j = 0; j < diagonal.rank; ++j)
            if (basis[j] & bit) image |= std::uint32_t{1} << j;
        if (!(pivots & bit)) image |= std::uint32_t{1} << next++;
        for (std::size_t p = 0; p < bit; ++p) {
            const std::uint32_t at = position[p] ^ image;
            position[bit + p] = static_cast<std::uint16_t>(at);
            stored[at] = static_cast<std::uint16_t>(bit + p);
        }
    }
}

}  // namespace qvit::inline QVIT_ABI
