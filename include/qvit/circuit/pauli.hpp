// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/pauli_string.hpp>
#include <qvit/meta/fixed_string.hpp>
#include <qvit/meta/repetitions.hpp>

namespace qvit::inline QVIT_ABI {

/// A string of letters names every wire of the register.
template <std::size_t Letters, std::size_t Width>
concept one_letter_per_wire = (Letters == Width);
/// Only I, X, Y and Z are letters of a Pauli string.
template <std::size_t OtherCharacters>
concept only_pauli_letters = (OtherCharacters == 0);
/// A string has one Pauli on a wire.
template <std::size_t RepeatedWires>
concept paulis_on_different_wires = (RepeatedWires == 0);

/// A Pauli on a wire.
struct pauli_factor {
    operation pauli = operation::z;
    std::size_t wire = 0;
    friend constexpr bool operator==(const pauli_factor&, const pauli_factor&) = default;
};

/// The Pauli string written as letters, the leftmost on the highest wire.
template <fixed_string Text>
struct pauli_letters {
    static constexpr std::string_view text = Text.view();
    template <std::size_t Width>
    static constexpr std::size_t letters = text.size();
    static constexpr std::size_t other_characters = static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return c != 'I' && c != 'X' && c != 'Y' && c != 'Z'; }));
    static constexpr std::size_t repeated_wires = 0;
    static constexpr std::size_t last_wire = 0;

    template <std::size_t Width>
    static constexpr pauli_string<Width> string() {
        pauli_string<Width> result;
        for (std::size_t i = 0; i < std::min(Width, text.size()); ++i) {
            const char letter = text[text.size() - 1 - i];
            if (letter != 'I')
                result.set(i, letter == 'X' ? operation::x : letter == 'Y' ? operation::y : operation::z);
        }
        return result;
    }
};

/// The product of Paulis on listed wires.
template <pauli_factor... Factors>
struct pauli_product {
    template <std::size_t Width>
    static constexpr std::size_t letters = Width;  // the wires that are not listed count as I
    static constexpr std::size_t other_characters = 0;
    static constexpr std::size_t repeated_wires = repetitions<Factors.wire...>;
    static constexpr std::size_t last_wire = std::max({Factors.wire...});

    template <std::size_t Width>
    static constexpr pauli_string<Width> string() {
        pauli_string<Width> result;
        for (const pauli_factor factor : {Factors...})
            if (factor.wire < Width) result.set(factor.wire, factor.pauli);
        return result;
    }
};

/// coefficient * String, a summand of an observable.
template <class String>
struct pauli_term {
    double coefficient = 1;
    friend constexpr pauli_term operator*(double factor, pauli_term term) { return {factor * term.coefficient}; }
    friend constexpr pauli_term operator*(pauli_term term, double factor) { return {factor * term.coefficient}; }
    friend constexpr pauli_term operator-(pauli_term term) { return {-term.coefficient}; }
};
template <pauli_factor... Left, pauli_factor... Right>
constexpr auto operator*(pauli_term<pauli_product<Left...>> left, pauli_term<pauli_product<Right...>> right) {
    return pauli_term<pauli_product<Left..., Right...>>{left.coefficient * right.coefficient};
}

/// A Pauli string by letters, the leftmost on the highest wire: `pauli<"ZIX">` is Z_2 X_0 on three wires. A circuit of
/// another width does not compile, nor do other letters.
///
///     measure_sum(0.5 * pauli<"ZZ">, -1.0 * pauli<"XI">)
template <fixed_string Text>
inline constexpr pauli_term<pauli_letters<Text>> pauli{};

/// The same Pauli on each listed wire of a register of any width: `pauli_on<z, 0, 3>` is Z_0 Z_3. Products join them:
/// `pauli_on<z, 0> * pauli_on<x, 5>`.
template <operation Pauli, std::size_t... Wires>
requires((Pauli == x || Pauli == y || Pauli == z) &&
         sizeof...(Wires) > 0) inline constexpr pauli_term<pauli_product<pauli_factor{Pauli, Wires}...>> pauli_on{};

}  // namespace qvit::inline QVIT_ABI
