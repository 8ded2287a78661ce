// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include <qvit/circuit/angle.hpp>
#include <qvit/circuit/gate.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A text's length as printed: what a cell of a drawing is first written into.
struct text_meter {
    std::size_t columns = 0;  ///< UTF-8 characters
    constexpr void put(std::string_view part) {
        const char* const from = part.data();  // iterators cost constexpr steps
        for (std::size_t i = 0, end = part.size(); i < end; ++i)
            columns += (static_cast<unsigned char>(from[i]) & 0xc0) != 0x80 ? 1 : 0;
    }
};

/// The pieces of a circuit as short text, for reading and not for reading back: anything with put(string_view) takes
/// them, in constants too.
///
/// Numbers have at most three decimals: 2, 0.785, 1.2e-7. Angles: `2*x0+0.785` for inputs, `w3`, `x0*x1`.
struct circuit_text {
    static constexpr void whole(auto& sink, std::size_t number) {
        char digits[20]{};
        std::size_t first = 20;
        do {
            digits[--first] = static_cast<char>('0' + number % 10);
            number /= 10;
        } while (number != 0);
        sink.put({digits + first, 20 - first});
    }
    static constexpr void number(auto& sink, double value) {
        if (value != value) return sink.put("nan");
        if (value < 0) {
            sink.put("-");
            value = -value;
        }
        if (value > 1.7976931348623157e308) return sink.put("inf");
        int exponent = 0;
        if (value >= 1e6 || (value > 0 && value < 5e-4)) {
            for (; value >= 10; value /= 10) ++exponent;
            for (; value < 1; value *= 10) --exponent;
        }
        auto thousandths = static_cast<std::size_t>(value * 1000 + 0.5);
        if (exponent != 0 && thousandths >= 10000) {
            thousandths /= 10;
            ++exponent;
        }
        whole(sink, thousandths / 1000);
        if (std::size_t rest = thousandths % 1000; rest != 0) {
            const char digits[4] = {'.', static_cast<char>('0' + rest / 100), static_cast<char>('0' + rest / 10 % 10),
                                    static_cast<char>('0' + rest % 10)};
            sink.put({digits, rest % 10 != 0 ? 4U : rest % 100 != 0 ? 3U : 2U});
        }
        if (exponent != 0) {
            sink.put(exponent < 0 ? "e-" : "e");
            whole(sink, static_cast<std::size_t>(exponent < 0 ? -exponent : exponent));
        }
    }
    static constexpr void angle_expression(auto& sink, const angle& a) {
        if (a.source == angle_source::constant) return number(sink, a.offset);
        if (a.scale == -1) sink.put("-");
        if (a.scale != 1 && a.scale != -1) {
            number(sink, a.scale);
            sink.put("*");
        }
        sink.put(a.reads_weight() ? "w" : "x");
        whole(sink, a.index);
        if (a.source == angle_source::data_product) {
            sink.put("*x");
            whole(sink, a.second);
        }
        if (a.offset != 0) {
            if (a.offset > 0) sink.put("+");
            number(sink, a.offset);
        }
    }
    /// e.g. Z0 Y3, or 1 for the identity.
    template <std::size_t Width>
    static constexpr void pauli_product(auto& sink, const pauli_string<Width>& string) {
        if (string.is_identity()) sink.put("1");
        bool first = true;
        (string.x | string.z).for_each([&](std::size_t wire) {
            if (!first) sink.put(" ");
            first = false;
            const operation pauli = string.at(wire);
            sink.put(pauli == operation::x ? "X" : pauli == operation::y ? "Y" : "Z");
            whole(sink, wire);
        });
    }
    /// e.g. 0.5*<Z0 Z1>-<X2>: the terms of an output, `first` being its first.
    static constexpr void output_expression(auto& sink, const auto& circuit, std::size_t first) {
        for (std::size_t i = first; i < circuit.terms.size(); ++i) {
            const readout_term& term = circuit.terms[i];
            if (term.output != circuit.terms[first].output) continue;
            const auto& string = circuit.strings[term.string];
            const double coefficient = string.negative ? -term.coefficient : term.coefficient;
            if (coefficient >= 0 && i != first) sink.put("+");
            if (coefficient == -1) sink.put("-");
            if (coefficient != 1 && coefficient != -1) {
                number(sink, coefficient);
                sink.put("*");
            }
            sink.put("<");
            pauli_product(sink, string);
            sink.put(">");
        }
    }
    /// A line for every output but those that `skipped(term)` says of its first term, each after `prefix`: its Pauli
    /// strings, or the wires of its probabilities. `seen` has an entry 0 for every output.
    static constexpr void output_lines(auto& sink, const auto& circuit, std::string_view prefix, auto& seen,
                                       auto&& skipped) {
        for (std::size_t i = 0; i < circuit.terms.size(); ++i) {
            const std::size_t output = circuit.terms[i].output;
            if (seen[output] != 0) continue;
            seen[output] = 1;
            if (skipped(i)) continue;
            sink.put(prefix);
            sink.put("output ");
            whole(sink, output);
            sink.put(" = ");
            output_expression(sink, circuit, i);
            sink.put("\n");
        }
        for (const probability_block& block : circuit.probabilities) {
            sink.put(prefix);
            sink.put("outputs ");
            whole(sink, block.first_output);
            sink.put("..");
            whole(sink, block.first_output + (std::size_t{1} << block.wires) - 1);
            sink.put(" = probabilities of wires");
            for (std::size_t i = 0; i < block.wires; ++i) {
                sink.put(i == 0 ? " " : ", ");
                const auto& string = circuit.strings[block.first_string + (std::size_t{1} << i)];
                string.z.for_each([&](std::size_t wire) { whole(sink, wire); });
            }
            sink.put("\n");
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
