// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What is wrong with an OpenQASM 2 text. The compiler prints an enumerator's name, so each reads as a message.
enum class qasm_mistake {
    none,
    character_is_not_openqasm,
    text_ends_too_early,
    expected_OPENQASM_2_0_at_the_start,
    only_version_2_0_is_read,
    only_qelib1_inc_can_be_included,
    expected_a_statement,
    expected_a_name,
    expected_an_index,
    expected_an_expression,
    expected_a_comma_or_bracket,
    expected_an_arrow,
    expected_a_brace,
    expected_a_semicolon,
    unknown_gate,
    unknown_register,
    unknown_parameter,
    name_already_used,
    name_is_reserved,
    index_outside_register,
    qubits_belong_here,
    classical_bits_belong_here,
    registers_differ_in_size,
    wrong_number_of_qubits,
    wrong_number_of_parameters,
    same_qubit_twice,
    gate_after_measurement,
    gate_uses_itself,
    only_gates_may_stand_in_a_gate_body,
    reset_is_not_supported,
    if_is_not_supported,
    opaque_is_not_supported,
    division_by_zero,
    number_too_large,
    not_a_real_number,
    nested_too_deeply,
    more_than_64_qubits,
    register_is_empty,
    no_qubits,
    too_many_gates,
    too_many_names
};

/// The same as a sentence, without line and column.
constexpr std::string_view message(qasm_mistake mistake) {
    switch (mistake) {
        case qasm_mistake::none:
            break;
        case qasm_mistake::character_is_not_openqasm:
            return "no OpenQASM 2 word begins with this character";
        case qasm_mistake::text_ends_too_early:
            return "the text ends in the middle of a statement";
        case qasm_mistake::expected_OPENQASM_2_0_at_the_start:
            return "the text has to begin with 'OPENQASM 2.0;'";
        case qasm_mistake::only_version_2_0_is_read:
            return "only OpenQASM version 2.0 can be read";
        case qasm_mistake::only_qelib1_inc_can_be_included:
            return "only \"qelib1.inc\" can be included; its gates are built in";
        case qasm_mistake::expected_a_statement:
            return "a statement has to begin here: a gate, qreg, creg, gate, barrier or measure";
        case qasm_mistake::expected_a_name:
            return "expected a name";
        case qasm_mistake::expected_an_index:
            return "expected a whole number as index or size";
        case qasm_mistake::expected_an_expression:
            return "expected a number, pi, a parameter, a function or a bracket";
        case qasm_mistake::expected_a_comma_or_bracket:
            return "expected ',' or a closing bracket";
        case qasm_mistake::expected_an_arrow:
            return "expected '->'";
        case qasm_mistake::expected_a_brace:
            return "expected '{'";
        case qasm_mistake::expected_a_semicolon:
            return "expected ';'";
        case qasm_mistake::unknown_gate:
            return "no gate of this name; is include \"qelib1.inc\" missing?";
        case qasm_mistake::unknown_register:
            return "no register or qubit of this name";
        case qasm_mistake::unknown_parameter:
            return "no parameter of this name";
        case qasm_mistake::name_already_used:
            return "this name is already used";
        case qasm_mistake::name_is_reserved:
            return "this word is reserved";
        case qasm_mistake::index_outside_register:
            return "the index is outside the register";
        case qasm_mistake::qubits_belong_here:
            return "this is a classical register; qubits belong here";
        case qasm_mistake::classical_bits_belong_here:
            return "this is a quantum register; classical bits belong here";
        case qasm_mistake::registers_differ_in_size:
            return "the registers differ in size";
        case qasm_mistake::wrong_number_of_qubits:
            return "the gate takes another number of qubits";
        case qasm_mistake::wrong_number_of_parameters:
            return "the gate takes another number of parameters";
        case qasm_mistake::same_qubit_twice:
            return "a gate cannot act on one qubit twice";
        case qasm_mistake::gate_after_measurement:
            return "no gate may follow on a qubit that was measured";
        case qasm_mistake::gate_uses_itself:
            return "a gate cannot use itself";
        case qasm_mistake::only_gates_may_stand_in_a_gate_body:
            return "a gate's body may only contain gates and barriers on the gate's own qubits";
        case qasm_mistake::reset_is_not_supported:
            return "reset is not supported";
        case qasm_mistake::if_is_not_supported:
            return "if is not supported";
        case qasm_mistake::opaque_is_not_supported:
            return "opaque gates are not supported";
        case qasm_mistake::division_by_zero:
            return "division by zero";
        case qasm_mistake::number_too_large:
            return "the number is too large";
        case qasm_mistake::not_a_real_number:
            return "the result is not a real number";
        case qasm_mistake::nested_too_deeply:
            return "nested more than 64 levels deep";
        case qasm_mistake::more_than_64_qubits:
            return "more than 64 qubits";
        case qasm_mistake::register_is_empty:
            return "a register needs at least one entry";
        case qasm_mistake::no_qubits:
            return "the program declares no qubits";
        case qasm_mistake::too_many_gates:
            return "the gate definitions expand to too many gates";
        case qasm_mistake::too_many_names:
            return "more than 4096 names of one kind";
    }
    return "no mistake";
}

/// A place in a text; both count from 1, the column in bytes.
struct text_position {
    std::size_t line = 1;
    std::size_t column = 1;
};
constexpr text_position position_in(std::string_view text, std::size_t offset) {
    text_position place;
    for (std::size_t i = 0; i < offset && i < text.size(); ++i)
        if (text[i] == '\n')
            place = {place.line + 1, 1};
        else
            ++place.column;
    return place;
}

}  // namespace qvit::inline QVIT_ABI
