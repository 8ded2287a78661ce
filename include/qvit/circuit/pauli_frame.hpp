// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include <qvit/circuit/pauli_string.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// i^phase X^x Z^z: a product of two takes one parity. Rows are copied before they are worked with: while compiling, a
/// reference into a table is walked at every use.
template <std::size_t Width>
struct frame_row {
    bit_set<Width> x{};
    bit_set<Width> z{};
    unsigned phase = 0;

    constexpr pauli_string<Width> string() const {
        pauli_string<Width> result{x, z, false};
        result.negative = ((phase - result.y_count()) & 2) != 0;
        return result;
    }
    /// *this = i^quarter_turns * (*this) * right.
    constexpr void multiply(const frame_row& right, unsigned quarter_turns) {
        std::uint64_t crossed = 0;
        for (std::size_t i = 0; i < x.word_count; ++i) {
            const std::uint64_t x2 = right.x.words[i];
            crossed ^= z.words[i] & x2;
            x.words[i] ^= x2;
            z.words[i] ^= right.z.words[i];
        }
        phase += right.phase + quarter_turns + 2u * static_cast<unsigned>(__builtin_parityll(crossed));
    }
};
}  // namespace detail

/// A Clifford circuit C by what it does to Pauli strings: P -> C^dagger P C, kept for X and Z of every wire.
///
/// Appending a gate or mapping a one-wire Pauli costs a few products of strings. With it, gates that are Clifford are
/// never executed: an operation that comes after C and involves P is one that comes before C and involves C^dagger P C.
/// Source: Aaronson and Gottesman, arXiv:quant-ph/0406196, read backwards.
///
///     pauli_frame<2> frame(2);  frame.append_cnot(0, 1);  frame.image(z, 1);   // Z_0 Z_1
template <std::size_t Width>
class pauli_frame {
    using row = detail::frame_row<Width>;
    row x_[Width]{};  // std::array costs a call for every access while compiling
    row z_[Width]{};

  public:
    using string = pauli_string<Width>;

    constexpr explicit pauli_frame(std::size_t wires) {
        for (std::size_t wire = 0; wire < wires; ++wire) {
            x_[wire].x.insert(wire);
            z_[wire].z.insert(wire);
        }
    }

    /// C^dagger P C for P = x, y or z on a wire.
    constexpr string image(operation pauli, std::size_t wire) const { return row_of(pauli, wire).string(); }
    /// C^dagger P C for any string.
    constexpr string image(const string& p) const { return row_of(p).string(); }

    constexpr void append_cnot(std::size_t control, std::size_t target) {
        x_[control] = product(x_[control], x_[target]);
        z_[target] = product(z_[target], z_[control]);
    }
    constexpr void append_cz(std::size_t a, std::size_t b) {
        x_[a] = product(x_[a], z_[b]);
        x_[b] = product(x_[b], z_[a]);
    }
    constexpr void append_swap(std::size_t a, std::size_t b) {
        std::swap(x_[a], x_[b]);
        std::swap(z_[a], z_[b]);
    }
    constexpr void append_h(std::size_t wire) { std::swap(x_[wire], z_[wire]); }
    /// V = exp(-i turns pi/4 P) for a one-wire Pauli: V^dagger Q V = (-i)^turns Q P^turns where Q anticommutes with P.
    constexpr void append_quarter_turns(operation pauli, std::size_t wire, unsigned turns) {
        const row axis = row_of(pauli, wire);
        // Both rows may change and read the axis as it was.
        if (pauli != operation::x) turn(x_[wire], axis, turns);
        if (pauli != operation::z) turn(z_[wire], axis, turns);
    }
    /// The same about any string: O(wires) products of strings.
    constexpr void append_quarter_turns(const string& pauli, unsigned turns) {
        const row axis = row_of(pauli);
        const string image = axis.string();
        for (std::size_t wire = 0; wire < Width; ++wire) {
            if (image.anticommutes(x_[wire].string())) turn(x_[wire], axis, turns);
            if (image.anticommutes(z_[wire].string())) turn(z_[wire], axis, turns);
        }
    }

  private:
    constexpr row row_of(operation pauli, std::size_t wire) const {
        if (pauli == operation::z) return z_[wire];
        row result = x_[wire];
        if (pauli == operation::y) {
            const row right = z_[wire];
            result.multiply(right, 1);  // Y = i X Z
        }
        return result;
    }
    constexpr row row_of(const string& p) const {
        row result;
        result.phase = p.negative ? 2 : 0;
        (p.x | p.z).for_each([&](std::size_t wire) { result.multiply(row_of(p.at(wire), wire), 0); });
        return result;
    }
    static constexpr row product(row left, const row right) {
        left.multiply(right, 0);
        return left;
    }
    static constexpr void turn(row& changed, const row& axis, unsigned turns) {
        if (turns % 2 == 1) changed.multiply(axis, turns % 4 == 1 ? 3 : 1);
        if (turns % 4 == 2) changed.phase += 2;
    }
};

}  // namespace qvit::inline QVIT_ABI
