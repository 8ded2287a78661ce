// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/gate.hpp>
#include <qvit/meta/bit_set.hpp>

namespace qvit::inline QVIT_ABI {

/// A signed product of Pauli matrices, one per wire: X where only x has the wire, Z where only z has it, Y where both
/// have it, the identity elsewhere. Every operation costs Width / 64 words.
template <std::size_t Width>
struct pauli_string {
    bit_set<Width> x{};
    bit_set<Width> z{};
    bool negative = false;

    constexpr void set(std::size_t wire, operation pauli) {
        x.assign(wire, pauli == operation::x || pauli == operation::y);
        z.assign(wire, pauli == operation::z || pauli == operation::y);
    }
    /// x, y, z, or id.
    constexpr operation at(std::size_t wire) const {
        const bool has_x = x.contains(wire);
        const bool has_z = z.contains(wire);
        return has_x ? (has_z ? operation::y : operation::x) : (has_z ? operation::z : operation::id);
    }
    constexpr bool acts_on(std::size_t wire) const { return x.contains(wire) || z.contains(wire); }
    constexpr bool is_identity() const { return x.empty() && z.empty(); }

    /// Whether the two strings anticommute: they differ, both not the identity, on an odd number of wires.
    constexpr bool anticommutes(const pauli_string& other) const {
        std::uint64_t parity = 0;
        for (std::size_t i = 0; i < x.word_count; ++i)
            parity ^= (x.words[i] & other.z.words[i]) ^ (z.words[i] & other.x.words[i]);
        return __builtin_parityll(parity) != 0;
    }
    /// The number of Ys.
    constexpr unsigned y_count() const {
        int total = 0;
        for (std::size_t i = 0; i < x.word_count; ++i) total += std::popcount(x.words[i] & z.words[i]);
        return static_cast<unsigned>(total);
    }

    /// *this = i^quarter_turns * (*this) * right, where that is Hermitian: 0 for commuting strings, 1 or 3 otherwise.
    constexpr void multiply(const pauli_string& right, unsigned quarter_turns) {
        // With P = i^|x&z| X^x Z^z: PQ = i^(|x1 z1| + |x2 z2| + 2 |z1 x2|) X^(x1+x2) Z^(z1+z2).
        int power = static_cast<int>(quarter_turns);
        for (std::size_t i = 0; i < x.word_count; ++i) {
            std::uint64_t& x1 = x.words[i];
            std::uint64_t& z1 = z.words[i];
            const std::uint64_t x2 = right.x.words[i];
            const std::uint64_t z2 = right.z.words[i];
            power += std::popcount(x1 & z1) + std::popcount(x2 & z2) + 2 * std::popcount(z1 & x2);
            x1 ^= x2;
            z1 ^= z2;
            power -= std::popcount(x1 & z1);
        }
        negative = (negative != right.negative) != ((power & 2) != 0);
    }

    friend constexpr bool operator==(const pauli_string& a, const pauli_string& b) {
        for (std::size_t i = 0; i < a.x.word_count; ++i)
            if (a.x.words[i] != b.x.words[i] || a.z.words[i] != b.z.words[i]) return false;
        return a.negative == b.negative;
    }
};

}  // namespace qvit::inline QVIT_ABI
