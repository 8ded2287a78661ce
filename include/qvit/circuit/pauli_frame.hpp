// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include <qvit/circuit/pauli_string.hpp>

namespace qvit::inline QVIT_ABI {

/// A Clifford circuit C by what it does to Pauli strings: P -> C^dagger P C, kept for X and Z of every wire.
///
/// Appending a gate or mapping a one-wire Pauli costs a few products of strings. With it, gates that are Clifford are
/// never executed: an operation that comes after C and involves P is one that comes before C and involves C^dagger P C.
/// Source: Aaronson and Gottesman, arXiv:quant-ph/0406196, read backwards.
///
///     pauli_frame<2> frame(2);  frame.append_cnot(0, 1);  frame.image(z, 1);   // Z_0 Z_1
template <std::size_t Width>
class pauli_frame {
    pauli_string<Width> x_[Width]{};  // std::array costs a call for every access while compiling
    pauli_string<Width> z_[Width]{};

  public:
    using string = pauli_string<Width>;

    constexpr explicit pauli_frame(std::size_t wires) {
        for (std::size_t wire = 0; wire < wires; ++wire) {
            x_[wire].x.insert(wire);
            z_[wire].z.insert(wire);
        }
    }

    /// C^dagger P C for P = x, y or z on a wire.
    constexpr string image(operation pauli, std::size_t wire) const {
        string result = pauli == operation::z ? z_[wire] : x_[wire];
        if (pauli == operation::y) result.multiply(z_[wire], 1);  // Y = i X Z
        return result;
    }
    /// C^dagger P C for any string.
    constexpr string image(const string& p) const {
        string result;
        result.negative = p.negative;
        (p.x | p.z).for_each([&](std::size_t wire) { result.multiply(image(p.at(wire), wire), 0); });
        return result;
    }

    constexpr void append_cnot(std::size_t control, std::size_t target) {
        x_[control].multiply(x_[target], 0);
        z_[target].multiply(z_[control], 0);
    }
    constexpr void append_cz(std::size_t a, std::size_t b) {
        x_[a].multiply(z_[b], 0);
        x_[b].multiply(z_[a], 0);
    }
    constexpr void append_swap(std::size_t a, std::size_t b) {
        std::swap(x_[a], x_[b]);
        std::swap(z_[a], z_[b]);
    }
    constexpr void append_h(std::size_t wire) { std::swap(x_[wire], z_[wire]); }
    /// V = exp(-i turns pi/4 P) for a one-wire Pauli: V^dagger Q V = (-i)^turns Q P^turns where Q anticommutes with P.
    constexpr void append_quarter_turns(operation pauli, std::size_t wire, unsigned turns) {
        const string axis = image(pauli, wire);
        // Both rows may change and read the axis as it was.
        if (pauli != operation::x) turn(x_[wire], axis, turns);
        if (pauli != operation::z) turn(z_[wire], axis, turns);
    }
    /// The same about any string: O(wires) products of strings.
    constexpr void append_quarter_turns(const string& pauli, unsigned turns) {
        const string axis = image(pauli);
        for (std::size_t wire = 0; wire < Width; ++wire) {
            if (x_[wire].anticommutes(axis)) turn(x_[wire], axis, turns);
            if (z_[wire].anticommutes(axis)) turn(z_[wire], axis, turns);
        }
    }

  private:
    static constexpr void turn(string& row, const string& axis, unsigned turns) {
        if (turns % 2 == 1) row.multiply(axis, turns % 4 == 1 ? 3 : 1);
        if (turns % 4 == 2) row.negative = !row.negative;
    }
};

}  // namespace qvit::inline QVIT_ABI
