// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <qvit/circuit/qasm_mistake.hpp>
#include <qvit/circuit/qasm_reader.hpp>
#include <qvit/circuit/table.hpp>
#include <qvit/core/config.hpp>
#include <qvit/meta/fixed_string.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// static_vector without std::array inside, whose operator[] takes five of clang's constexpr steps.
template <class T, std::size_t Capacity>
struct qasm_fixed_list {
    T elements[Capacity]{};
    std::size_t count = 0;
    constexpr std::size_t size() const { return count; }
    constexpr void push_back(const T& element) { elements[count++] = element; }
    constexpr void resize(std::size_t size) { count = size; }
    constexpr T& operator[](std::size_t i) { return elements[i]; }
    constexpr const T& operator[](std::size_t i) const { return elements[i]; }
    constexpr T& back() { return elements[count - 1]; }
    constexpr const T* begin() const { return elements; }
    constexpr const T* end() const { return elements + count; }
};
template <std::size_t TextLength>
struct qasm_fixed_lists {
    template <class T, std::size_t Characters>
    using list = qasm_fixed_list<T, TextLength / Characters + 2>;
};
struct qasm_gate_counter {
    std::size_t gates = 0;
    constexpr void add(const gate&) { ++gates; }
};
template <class Table>
struct qasm_table_filler {
    Table table{};
    std::size_t gates = 0;
    constexpr void add(const gate& made) { table.gates[gates++] = made; }
};

/// The size and the mistake of a program: a first pass, before its table has a type.
struct qasm_summary {
    qasm_outcome outcome{};
    std::size_t gates = 0;
    text_position place{};
};
template <std::size_t TextLength>
constexpr qasm_summary summary_of_qasm(std::string_view text) {
    qasm_gate_counter counter;
    const qasm_outcome outcome = qasm_reader<qasm_fixed_lists<TextLength>, qasm_gate_counter>(text, counter).read();
    const bool correct = outcome.mistake == qasm_mistake::none;
    return {outcome, counter.gates, correct ? text_position{} : position_in(text, outcome.offset)};
}
template <std::size_t TextLength, std::size_t Width, std::size_t Gates>
constexpr auto table_of_qasm(std::string_view text) {
    constexpr circuit_sizes sizes{.gates = Gates, .strings = Width, .terms = Width, .outputs = Width};
    using table = circuit_table<Width, sizes>;
    qasm_table_filler<table> filler;
    qasm_reader<qasm_fixed_lists<TextLength>, qasm_table_filler<table>>(text, filler).read();
    for (std::size_t wire = 0; wire < Width; ++wire) {
        filler.table.strings[wire].set(wire, operation::z);
        filler.table.terms[wire] = {static_cast<std::uint16_t>(wire), static_cast<std::uint16_t>(wire), 1};
    }
    return filler.table;
}

/// A function of its own, because compilers print the arguments of a function template by name.
template <std::size_t Line, std::size_t Column, qasm_mistake Mistake>
constexpr bool qasm_is_correct() {
    static_assert(Mistake == qasm_mistake::none,
                  "[qvit::qasm] the OpenQASM 2 text has a mistake at this line and column.");
    return Mistake == qasm_mistake::none;
}

template <fixed_string Text>
constexpr auto circuit_of_qasm() {
    constexpr qasm_summary summary = summary_of_qasm<Text.size()>(Text.view());
    constexpr std::size_t line = summary.place.line;
    constexpr std::size_t column = summary.place.column;
    constexpr qasm_mistake mistake = summary.outcome.mistake;
    if constexpr (qasm_is_correct<line, column, mistake>()) {
        constexpr auto table = table_of_qasm<Text.size(), summary.outcome.width, summary.gates>(Text.view());
        return table;
    } else {
        // As wide as it was so far, so that little else fails.
        constexpr std::size_t width = summary.outcome.width > 0 ? summary.outcome.width : 1;
        return circuit_table<width, circuit_sizes{.strings = width, .terms = width, .outputs = width}>{};
    }
}
}  // namespace detail

/// An OpenQASM 2.0 program as a circuit_table, read while compiling by the code of `parse_qasm`, which says what is
/// read; its outputs are <Z> of every qubit. A mistake does not compile, and the message shows its line and column.
///
/// Cost: none at run time; 700 to 1500 of clang's 1,048,576 constexpr steps per gate (-fconstexpr-steps= raises the
/// limit). Copy it into a constant of your own, as below, so that the text does not become part of the names of what
/// uses it.
///
///     constexpr auto bell = qasm<"OPENQASM 2.0; include \"qelib1.inc\"; qreg q[2]; h q[0]; cx q[0], q[1];">;
///     static_assert(bell.width == 2 && bell.gate_count == 2);
template <fixed_string Text>
inline constexpr auto qasm = detail::circuit_of_qasm<Text>();

}  // namespace qvit::inline QVIT_ABI
