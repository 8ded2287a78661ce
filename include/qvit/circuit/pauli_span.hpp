// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>

#include <qvit/circuit/pauli_string.hpp>

namespace qvit::inline QVIT_ABI {

/// All products of some Pauli strings, up to sign, by a basis of at most 2 Width of them.
///
/// A rotation that commutes with an observable and with everything that comes between cannot change its expectation
/// value: this is how light cones are found. Adding and asking cost O(basis) products.
template <std::size_t Width>
class pauli_span {
    std::array<pauli_string<Width>, 2 * Width> basis_{};
    std::size_t size_ = 0;

    static constexpr std::size_t pivot(const pauli_string<Width>& p) {
        for (std::size_t i = 0; i < p.x.word_count; ++i)
            if (p.x.words[i] != 0) return i * 64 + static_cast<std::size_t>(std::countr_zero(p.x.words[i]));
        for (std::size_t i = 0; i < p.z.word_count; ++i)
            if (p.z.words[i] != 0) return Width + i * 64 + static_cast<std::size_t>(std::countr_zero(p.z.words[i]));
        return 2 * Width;
    }
    static constexpr bool has(const pauli_string<Width>& p, std::size_t bit) {
        return bit < Width ? p.x.contains(bit) : p.z.contains(bit - Width);
    }

    std::array<std::size_t, 2 * Width> pivot_{};

  public:
    constexpr std::size_t size() const { return size_; }
    /// Whether any product anticommutes with p.
    constexpr bool anticommutes(const pauli_string<Width>& p) const {
        for (std::size_t i = 0; i < size_; ++i)
            if (basis_[i].anticommutes(p)) return true;
        return false;
    }
    constexpr void add(pauli_string<Width> p) {
        for (std::size_t i = 0; i < size_; ++i)
            if (has(p, pivot_[i]))
                for (std::size_t w = 0; w < p.x.word_count; ++w) {
                    p.x.words[w] ^= basis_[i].x.words[w];
                    p.z.words[w] ^= basis_[i].z.words[w];
                }
        const std::size_t bit = pivot(p);
        if (bit == 2 * Width) return;
        pivot_[size_] = bit;
        basis_[size_++] = p;
    }
};

}  // namespace qvit::inline QVIT_ABI
