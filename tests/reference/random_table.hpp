// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <qvit/circuit/table.hpp>
#include <qvit/core/random_stream.hpp>

namespace reference {

/// A random circuit as a constant: Gates gates of all kinds but user's matrices, <Z> of wire 0 and three sums of two
/// signed strings. Width >= 3.
template <std::uint64_t Seed, std::size_t Width, std::size_t Gates>
constexpr auto make_random_table() {
    qvit::random_stream draw(Seed, 3000);
    auto below = [&draw](std::size_t bound) {
        return static_cast<std::uint16_t>(draw.below(static_cast<std::uint32_t>(bound)));
    };
    auto angle = [&]() -> qvit::angle {
        switch (below(6)) {
            case 0:
                return qvit::input(below(Width));
            case 1:
                return 2 * qvit::input(below(Width)) - qvit::pi / 4;
            case 2:
                return qvit::weight(below(2 * Width));
            case 3:
                return 0.5 * qvit::weight(below(2 * Width)) + 0.3;
            case 4:
                return qvit::pi / 4 * (static_cast<double>(below(17)) - 8);
            default:
                return qvit::input(below(Width)) * qvit::input(below(Width));
        }
    };
    qvit::circuit_table<Width, qvit::circuit_sizes{.gates = Gates, .strings = 6, .terms = 7, .outputs = 4}> table{};
    table.inputs = Width;
    table.parameters = 2 * Width;
    for (qvit::gate& g : table.gates) {
        g.kind = static_cast<qvit::operation>(below(qvit::operation_count - 2));
        std::array<std::uint16_t, Width> wires{};
        for (std::size_t i = 0; i < Width; ++i) wires[i] = static_cast<std::uint16_t>(i);
        for (std::size_t i = 0; i < qvit::wires_of(g.kind); ++i) {
            std::swap(wires[i], wires[i + below(Width - i)]);
            g.wires[i] = wires[i];
        }
        for (std::size_t i = 0; i < qvit::angles_of(g.kind); ++i) g.angles[i] = angle();
    }
    constexpr qvit::operation paulis[] = {qvit::id, qvit::x, qvit::y, qvit::z, qvit::z};
    for (auto& string : table.strings) {
        for (std::size_t wire = 0; wire < Width; ++wire) string.set(wire, paulis[below(5)]);
        string.negative = below(3) == 0;
    }
    table.strings[0] = {};
    table.strings[0].set(0, qvit::z);
    table.terms[0] = {0, 0, 1};
    for (std::size_t i = 1; i < table.terms.size(); ++i)
        table.terms[i] = {static_cast<std::uint16_t>((i + 1) / 2), below(6), draw.uniform(-2, 2)};
    return table;
}
template <std::uint64_t Seed, std::size_t Width, std::size_t Gates>
inline constexpr auto random_table = make_random_table<Seed, Width, Gates>();

template <class Visit>
void for_each_random_table(Visit&& visit) {
    visit.template operator()<random_table<1, 3, 12>>("random_table<1, 3, 12>");
    visit.template operator()<random_table<2, 3, 24>>("random_table<2, 3, 24>");
    visit.template operator()<random_table<3, 4, 16>>("random_table<3, 4, 16>");
    visit.template operator()<random_table<4, 4, 32>>("random_table<4, 4, 32>");
    visit.template operator()<random_table<5, 4, 40>>("random_table<5, 4, 40>");
    visit.template operator()<random_table<6, 5, 20>>("random_table<6, 5, 20>");
    visit.template operator()<random_table<7, 5, 45>>("random_table<7, 5, 45>");
    visit.template operator()<random_table<8, 6, 24>>("random_table<8, 6, 24>");
}

}  // namespace reference
