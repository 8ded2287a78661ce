// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A constexpr set of the integers 0..Bits-1, for wires and angles of circuits with more than 64 of them.
/// std::bitset is not constexpr in C++20. Every operation costs Bits / 64 words.
///
///     bit_set<256> wires; wires.insert(3); static_assert(wires.count() == 1);
template <std::size_t Bits>
struct bit_set {
    static constexpr std::size_t word_count = (Bits + 63) / 64 + (Bits == 0);
    std::uint64_t words[word_count] = {};  // std::array costs a call for every word while compiling

    constexpr bool contains(std::size_t bit) const { return ((words[bit / 64] >> (bit % 64)) & 1) != 0; }
    constexpr void insert(std::size_t bit) { words[bit / 64] |= std::uint64_t{1} << (bit % 64); }
    constexpr void erase(std::size_t bit) { words[bit / 64] &= ~(std::uint64_t{1} << (bit % 64)); }
    constexpr void assign(std::size_t bit, bool present) { present ? insert(bit) : erase(bit); }
    constexpr void toggle_if(std::size_t bit, bool condition) {
        words[bit / 64] ^= std::uint64_t{condition} << (bit % 64);
    }

    constexpr std::size_t count() const {
        std::size_t total = 0;
        for (auto word : words) total += static_cast<std::size_t>(std::popcount(word));
        return total;
    }
    constexpr bool empty() const {
        for (std::size_t i = 0; i < word_count; ++i)
            if (words[i] != 0) return false;
        return true;
    }
    constexpr bool includes(const bit_set& other) const {
        for (std::size_t i = 0; i < word_count; ++i)
            if ((other.words[i] & ~words[i]) != 0) return false;
        return true;
    }
    constexpr bool meets(const bit_set& other) const {
        for (std::size_t i = 0; i < word_count; ++i)
            if ((words[i] & other.words[i]) != 0) return true;
        return false;
    }
    constexpr bit_set without(const bit_set& other) const {
        bit_set result;
        for (std::size_t i = 0; i < word_count; ++i) result.words[i] = words[i] & ~other.words[i];
        return result;
    }
    friend constexpr bit_set operator|(const bit_set& a, const bit_set& b) {
        bit_set result;
        for (std::size_t i = 0; i < word_count; ++i) result.words[i] = a.words[i] | b.words[i];
        return result;
    }
    /// Calls visit(bit) for every member, in increasing order.
    constexpr void for_each(auto&& visit) const {
        for (std::size_t i = 0; i < word_count; ++i)
            for (std::uint64_t rest = words[i]; rest != 0; rest &= rest - 1)
                visit(i * 64 + static_cast<std::size_t>(std::countr_zero(rest)));
    }
    friend constexpr bool operator==(const bit_set&, const bit_set&) = default;
};

}  // namespace qvit::inline QVIT_ABI
