// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/pauli.hpp>
#include <qvit/meta/static_vector.hpp>

namespace qvit::inline QVIT_ABI {

/// The part behind `measure_strings` and `measure_sum`: a string that stands in several terms is measured once.
template <bool OneOutput, class... Strings>
struct measure_terms_part {
    std::array<double, sizeof...(Strings)> coefficients{};

    template <std::size_t Width>
    struct distinct_strings {
        static_vector<pauli_string<Width>, sizeof...(Strings)> strings;
        std::array<std::size_t, sizeof...(Strings)> string_of{};
    };
    template <std::size_t Width>
    static constexpr distinct_strings<Width> distinct = [] {
        distinct_strings<Width> result;
        std::size_t term = 0;
        for (const pauli_string<Width>& string : {Strings::template string<Width>()...}) {
            const auto found = std::find(result.strings.begin(), result.strings.end(), string);
            result.string_of[term++] = static_cast<std::size_t>(found - result.strings.begin());
            if (found == result.strings.end()) result.strings.push_back(string);
        }
        return result;
    }();

    /// The length of the first string that does not fit, or Width.
    template <std::size_t Width>
    static constexpr std::size_t letters = [] {
        for (const std::size_t length : {Strings::template letters<Width>...})
            if (length != Width) return length;
        return Width;
    }();
    template <std::size_t Width>
    static constexpr circuit_sizes sizes = {.strings = distinct<Width>.strings.size(),
                                            .terms = sizeof...(Strings),
                                            .outputs = OneOutput ? 1 : sizeof...(Strings)};
    template <std::size_t Width>
    static constexpr std::size_t last_wire = std::max({Strings::last_wire...});

    template <std::size_t Width>
    constexpr void write(auto& writer) const {
        static_assert(only_pauli_letters<(std::size_t{0} + ... + Strings::other_characters)>,
                      "[qvit::pauli] a Pauli string is written with the letters I, X, Y and Z.");
        static_assert(one_letter_per_wire<letters<Width>, Width>,
                      "[qvit::pauli] a Pauli string has one letter for every wire; pauli_on<z, 0, 3> names wires.");
        static_assert(paulis_on_different_wires<(std::size_t{0} + ... + Strings::repeated_wires)>,
                      "[qvit::pauli_on] a product of Paulis names a wire twice.");
        std::array<std::uint16_t, sizeof...(Strings)> number{};
        for (std::size_t i = 0; i < distinct<Width>.strings.size(); ++i)
            number[i] = writer.add_string(distinct<Width>.strings[i]);
        std::uint16_t output = 0;
        for (std::size_t i = 0; i < sizeof...(Strings); ++i) {
            if (i == 0 || !OneOutput) output = writer.add_output();
            writer.add_term(output, number[distinct<Width>.string_of[i]], coefficients[i]);
        }
    }
};

/// An output for every term, coefficient * <string>; a string that stands twice is measured once.
///
///     circuit<2>(encode<ry>, measure_strings(pauli<"ZZ">, pauli<"XX">, 0.5 * pauli_on<z, 0>))
template <class... Strings>
requires(sizeof...(Strings) > 0) constexpr auto measure_strings(pauli_term<Strings>... terms) {
    return measure_terms_part<false, Strings...>{{terms.coefficient...}};
}

/// One output, the sum of coefficient * <string>: the expectation value of a Hamiltonian.
///
///     circuit<2>(encode<ry>, measure_sum(0.5 * pauli<"ZZ">, -1.0 * pauli_on<x, 1>))
template <class... Strings>
requires(sizeof...(Strings) > 0) constexpr auto measure_sum(pauli_term<Strings>... terms) {
    return measure_terms_part<true, Strings...>{{terms.coefficient...}};
}

}  // namespace qvit::inline QVIT_ABI
