// SPDX-License-Identifier: Apache-2.0
// What the wide engine makes of flips at the end of a stage, against the flips one by one; and where its amplitudes
// stand.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <qvit/statevector/wide_layout.hpp>
#include <qvit/statevector/wide_permutation.hpp>

using qvit::random_stream;
using qvit::wide_permutation;

namespace {

struct flip {
    std::size_t target = 0;
    std::optional<std::size_t> control;
    bool value = true;
    wide_permutation::conditional elsewhere;
};

/// Where lane `lane` of register `r` goes, in the three steps that the header describes; `added`: what conditions add.
std::size_t place_of(const wide_permutation& p, std::size_t lane, std::size_t r, std::uint8_t added) {
    std::size_t u = r;
    for (std::size_t j = 0; j < p.exchanged.size(); ++j)
        if ((p.exchanged[j] >> lane & 1U) != 0) u ^= std::size_t{1} << j;
    std::size_t to = 0;
    while ((p.source[to] ^ p.shift[u] ^ p.source[p.lanes_of(added)]) != lane) ++to;
    return to | static_cast<std::size_t>(p.place[u] ^ p.register_of(added)) << p.lane_bits;
}

/// Whether the part of M that maps registers to registers is regular, from the flips themselves.
bool is_regular(const std::vector<flip>& flips, std::size_t lane_bits, std::size_t bits) {
    std::vector<bool> seen(std::size_t{1} << (bits - lane_bits));
    for (std::size_t r = 0; r < seen.size(); ++r) {
        std::size_t y = r << lane_bits;
        for (const flip& f : flips)
            if (f.control && (y >> *f.control & 1U) != 0) y ^= std::size_t{1} << f.target;
        seen[y >> lane_bits] = true;
    }
    return std::count(seen.begin(), seen.end(), true) == static_cast<std::ptrdiff_t>(seen.size());
}

TEST_CASE("wide permutation: random flips of lanes and registers, with controls anywhere") {
    std::size_t refused = 0;
    for (std::uint32_t round = 0; round < 400; ++round) {
        INFO("round ", round);
        random_stream draw(31, 4, round);
        const std::uint32_t lane_bits = draw.below(5);
        const std::uint32_t bits = lane_bits + 1 + draw.below(4);
        wide_permutation permutation(lane_bits, bits - lane_bits);
        std::vector<flip> flips;
        for (std::size_t i = 0; i < 14; ++i) {
            flip f;
            f.target = draw.below(bits);
            f.value = draw.below(4) != 0;
            if (draw.below(4) != 0 && bits > 1) {
                do f.control = draw.below(bits);
                while (*f.control == f.target);
            } else if (draw.below(2) == 0) {
                (draw.below(2) == 0 ? f.elsewhere.controls : f.elsewhere.outer_controls) = 3;
                f.elsewhere.values = f.elsewhere.controls & (f.value ? 3U : 2U);
                f.elsewhere.outer_values = f.elsewhere.outer_controls & (f.value ? 3U : 1U);
            }
            std::vector<flip> with = flips;
            with.insert(with.begin(), f);
            const bool room = !(f.elsewhere.controls | f.elsewhere.outer_controls) ||
                              permutation.conditionals.size() < wide_permutation::most_conditional;
            const bool taken = permutation.prepend(f.target, f.control, f.value, f.elsewhere);
            CHECK(taken == (room && is_regular(with, lane_bits, bits)));
            refused += taken ? 0 : 1;
            if (taken) flips = with;
        }
        permutation.finish();
        for (std::size_t tile = 0; tile < 4; ++tile)
            for (std::size_t base = 0; base < 4; ++base) {
                std::uint8_t added = permutation.constant;
                for (const wide_permutation::conditional& c : permutation.conditionals)
                    if ((tile & c.controls) == c.values && (base & c.outer_controls) == c.outer_values)
                        added = static_cast<std::uint8_t>(added ^ c.image);
                for (std::size_t y = 0; y < std::size_t{1} << bits; ++y) {
                    std::size_t expected = y;
                    for (const flip& f : flips) {
                        const auto& e = f.elsewhere;
                        if (f.control && ((expected >> *f.control & 1U) != 0) != f.value) continue;
                        if ((tile & e.controls) != e.values || (base & e.outer_controls) != e.outer_values) continue;
                        expected ^= std::size_t{1} << f.target;
                    }
                    const std::size_t lanes = std::size_t{1} << lane_bits;
                    CHECK(place_of(permutation, y % lanes, y / lanes, added) == expected);
                }
            }
        if (!permutation.reorders)
            for (std::size_t i = 0; i < std::size_t{1} << lane_bits; ++i) CHECK(permutation.source[i] == i);
        CHECK(permutation.exchanges ==
              std::any_of(permutation.exchanged.begin(), permutation.exchanged.end(), [](auto x) { return x != 0; }));
    }
    CHECK(refused > 100);
}

TEST_CASE("wide permutation: lanes' order is left to a later one, a flip before it is undone") {
    std::size_t left = 0, kept = 0;
    for (std::uint32_t round = 0; round < 400; ++round) {
        INFO("round ", round);
        random_stream draw(31, 5, round);
        const std::uint32_t lane_bits = 1 + draw.below(4), register_bits = 1 + draw.below(4);
        const std::uint32_t bits = lane_bits + register_bits;
        std::array<wide_permutation, 2> p{wide_permutation(lane_bits, register_bits),
                                          wide_permutation(lane_bits, register_bits)};
        for (wide_permutation& each : p) {
            for (std::size_t i = draw.below(8); i-- > 0;) {
                const std::size_t target = draw.below(&each == p.data() && round % 2 == 0 ? lane_bits : bits);
                const std::size_t control = draw.below(round % 4 == 0 ? lane_bits : bits);
                if (draw.below(6) == 0)
                    each.prepend(target, {}, true, {0, 0, 1, 1, 0});
                else if (control != target)
                    each.prepend(target, control, draw.below(2) == 0, {});
            }
            each.finish();
        }
        const auto both = [&](std::size_t y, bool outside) {
            for (const wide_permutation& each : p) {
                std::uint8_t added = each.constant;
                for (const wide_permutation::conditional& c : each.conditionals)
                    if (outside) added = static_cast<std::uint8_t>(added ^ c.image);
                y = place_of(each, y % (std::size_t{1} << lane_bits), y >> lane_bits, added);
            }
            return y;
        };
        std::vector<std::size_t> expected;
        for (std::size_t y = 0; y < std::size_t{2} << bits; ++y) expected.push_back(both(y >> 1, (y & 1U) != 0));
        bool same_in_all = true;
        for (std::size_t i = lane_bits; i < bits; ++i) same_in_all = same_in_all && p[0].lanes_of(p[0].column[i]) == 0;
        for (const wide_permutation::conditional& c : p[0].conditionals)
            same_in_all = same_in_all && p[0].lanes_of(c.image) == 0;
        const bool before = p[0].reorders;
        p[0].leave_lanes_to(p[1]);
        CHECK(p[0].reorders == (before && !same_in_all));
        (same_in_all ? left : kept) += before;
        for (std::size_t y = 0; y < expected.size(); ++y) CHECK(both(y >> 1, (y & 1U) != 0) == expected[y]);
        const std::size_t flipped = draw.below(register_bits);
        p[0].undo_flip(flipped);
        for (std::size_t y = 0; y < expected.size(); ++y)
            CHECK(both(y >> 1 ^ std::size_t{1} << (lane_bits + flipped), (y & 1U) != 0) == expected[y]);
        if (!p[0].reorders) CHECK(p[0].lanes_of(p[0].constant) == 0);
    }
    CHECK(left > 50);
    CHECK(kept > 50);
}

TEST_CASE_TEMPLATE("wide layout: places are additive, follow one another in a run, and never meet", R, float, double) {
    random_stream draw(8, 8);
    for (int i = 0; i < 1000; ++i) {
        const std::uint64_t j = draw.next_u64() >> 20;
        const std::uint64_t k = draw.next_u64() >> 20 & ~j;
        CHECK(qvit::wide_offset<R>(j | k) == qvit::wide_offset<R>(j) + qvit::wide_offset<R>(k));
        CHECK(qvit::wide_offset<R>(j + 1) > qvit::wide_offset<R>(j));
    }
    for (std::size_t i = 0; i < std::size_t{1} << qvit::wide_run_bits; ++i) CHECK(qvit::wide_offset<R>(i) == i);
    // Memory for the places: little more, and no more than why_not_wide counts.
    CHECK(qvit::wide_offset<R>(std::size_t{1} << 24) < (std::size_t{1} << 24) * (1 + 1.0 / 83));
}

// A first-level cache of 64 sets and 8 or more ways, a second of 1024 sets.
TEST_CASE_TEMPLATE("wide layout: 16 amplitudes of any 4 consecutive wires share no set 9 times", R, float, double) {
    for (const std::size_t sets : {std::size_t{64}, std::size_t{1024}})
        for (std::size_t wire = 4; wire + 4 <= 30; ++wire) {
            std::vector<std::size_t> lines(sets);
            for (std::size_t r = 0; r < 16; ++r) ++lines[qvit::wide_offset<R>(r << wire) * sizeof(R) / 64 % sets];
            INFO("wire ", wire, " of ", sets);
            CHECK(*std::max_element(lines.begin(), lines.end()) <= 8);
        }
}

// Processors compare the last 12 bits of a load's address with those of stores that have not reached the cache.
TEST_CASE_TEMPLATE("wide layout: the next 16 lines do not stand where 16 were stored, but for the page", R, float,
                   double) {
    constexpr std::size_t page = 4096;
    for (std::size_t wire = 12; wire + 4 <= 30; ++wire) {
        INFO("wire ", wire);
        std::size_t met = 0;
        for (std::size_t r = 0; r < 16; ++r)
            for (std::size_t stored = 0; stored < 16; ++stored)
                met += (qvit::wide_offset<R>(r << wire) * sizeof(R) + 64 -
                        qvit::wide_offset<R>(stored << wire) * sizeof(R)) %
                           page ==
                       0;
        CHECK(met == 0);
    }
}

}  // namespace
