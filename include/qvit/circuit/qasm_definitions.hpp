// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <qvit/circuit/qasm_expression.hpp>
#include <qvit/circuit/qasm_gates.hpp>
#include <qvit/circuit/qasm_mistake.hpp>
#include <qvit/circuit/qasm_scanner.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// The middle layer of the OpenQASM 2 reader: gates by name, and gate definitions.
///
/// A definition becomes a list of calls with its expressions in postfix order, read once and inlined where it is used.
/// Cost of a use: its gates and expression steps, which `budget` bounds for the whole text, so that definitions that
/// double each other end in too_many_gates. At most 64 levels deep.
template <class Lists, class Sink>
struct qasm_definitions : qasm_scanner {
    template <class T, std::size_t Characters>
    using list = typename Lists::template list<T, Characters>;

    struct callee {
        qasm_gate built_in{};
        std::size_t definition = 0;
        bool is_defined = false;
    };
    struct call {
        callee target{};
        std::size_t wires = 0;  // in wires_of_calls_
        std::size_t begin = 0;  // of the parameters' steps in codes
        std::size_t end = 0;
    };
    struct definition {
        qasm_token name{};
        std::size_t parameters = 0;
        std::size_t qubits = 0;
        std::size_t begin = 0;  // in calls_
        std::size_t end = 0;
        std::size_t work = 1;  // gates and expression steps of one use
        int depth = 1;
    };

    Sink& sink;
    std::size_t budget;     ///< gates and expression steps that uses may still add
    bool included = false;  ///< qelib1.inc
    list<qasm_code, 1> codes{};
    list<double, 1> value_stack{};        ///< the parameters of all uses under way
    list<std::uint16_t, 2> wire_stack{};  ///< and their wires

    constexpr qasm_definitions(std::string_view text, Sink& gates)
        : qasm_scanner(text), sink(gates), budget((std::size_t{1} << 18) + 64 * text.size()) {}

    constexpr bool find_gate(callee& found) {
        found.built_in = qasm_gate_named(lexer.token.word);
        if (found.built_in.made_by == qasm_gate::recipe::unknown || redefines_) {
            for (std::size_t i = 0; i < definitions_.size(); ++i)
                if (lexer.same_name(definitions_[i].name, lexer.token)) {
                    found.is_defined = true;
                    found.definition = i;
                    return true;
                }
        }
        const bool known = found.built_in.is_language || included;
        if (found.built_in.made_by != qasm_gate::recipe::unknown && known) return true;
        return fail(qasm_mistake::unknown_gate);
    }
    constexpr std::size_t parameters_of(const callee& gate) const {
        return gate.is_defined ? definitions_[gate.definition].parameters : gate.built_in.parameters;
    }
    constexpr std::size_t qubits_of(const callee& gate) const {
        return gate.is_defined ? definitions_[gate.definition].qubits : gate.built_in.qubits;
    }
    constexpr std::size_t work_of(const callee& gate) const {
        return gate.is_defined ? definitions_[gate.definition].work : gate.built_in.gates;
    }

    /// Reads a gate's name and the expressions behind it, whose steps it appends to codes.
    constexpr bool head(callee& target) {
        if (!find_gate(target)) return false;
        const std::size_t place = lexer.token.begin;
        std::size_t count = 0;
        lexer.advance();
        if (lexer.token.kind == '(') {
            lexer.advance();
            while (lexer.token.kind != ')') {
                if (count != 0 && !take(',', qasm_mistake::expected_a_comma_or_bracket)) return false;
                const qasm_mistake mistake = read_qasm_expression(lexer, codes, parameters_);
                if (mistake != qasm_mistake::none) return unexpected(mistake);
                ++count;
            }
            lexer.advance();
        }
        return count == parameters_of(target) || fail(qasm_mistake::wrong_number_of_parameters, place);
    }

    /// Adds the gates of a call whose parameters are value_stack[values...] and whose wires are wire_stack[wires...].
    constexpr bool expand(const callee& target, std::size_t values, std::size_t wires) {
        if (!target.is_defined) {
            // One entry is always there, so that a gate without parameters has a pointer too.
            if (value_stack.size() == values) value_stack.push_back(0);
            write_qasm_gate(target.built_in, &value_stack[values], &wire_stack[wires], sink);
            return true;
        }
        const definition& body = definitions_[target.definition];
        const std::size_t values_before = value_stack.size();
        const std::size_t wires_before = wire_stack.size();
        for (std::size_t i = body.begin; i < body.end; ++i) {
            const call& inner = calls_[i];
            std::size_t where = 0;
            const qasm_mistake mistake = evaluate_qasm(codes, inner.begin, inner.end, value_stack, values, where);
            if (mistake != qasm_mistake::none) return fail(mistake, where);
            for (std::size_t w = 0; w < qubits_of(inner.target); ++w) {
                const std::uint16_t wire = wire_stack[wires + wires_of_calls_[inner.wires + w]];
                wire_stack.push_back(wire);
            }
            if (!expand(inner.target, values_before, wires_before)) return false;
            value_stack.resize(values_before);
            wire_stack.resize(wires_before);
        }
        return true;
    }

    constexpr bool names_until(char closing, auto& names) {
        while (true) {
            if (!fresh(names)) return false;
            names.push_back(lexer.token);
            lexer.advance();
            if (lexer.token.kind == closing) return true;
            const bool brace = closing == '{';
            if (!take(',', brace ? qasm_mistake::expected_a_brace : qasm_mistake::expected_a_comma_or_bracket))
                return false;
        }
    }
    constexpr bool define() {
        lexer.advance();
        if (!fresh(definitions_)) return false;
        definition made;
        made.name = lexer.token;
        parameters_.resize(0);
        qubits_.resize(0);
        lexer.advance();
        if (lexer.token.kind == '(') {
            lexer.advance();
            if (lexer.token.kind != ')' && !names_until(')', parameters_)) return false;
            lexer.advance();
        }
        if (!names_until('{', qubits_)) return false;
        lexer.advance();
        if (qubits_.size() > 64) return fail(qasm_mistake::more_than_64_qubits, made.name.begin);
        made.parameters = parameters_.size();
        made.qubits = qubits_.size();
        made.begin = calls_.size();
        while (lexer.token.kind != '}')
            if (!body_statement(made)) return false;
        made.end = calls_.size();
        parameters_.resize(0);  // expressions outside definitions have none
        if (made.depth > qasm_deepest_nesting) return fail(qasm_mistake::nested_too_deeply, made.name.begin);
        if (qasm_gate_named(made.name.word).made_by != qasm_gate::recipe::unknown) redefines_ = true;
        definitions_.push_back(made);
        lexer.advance();
        return true;
    }
    constexpr bool body_statement(definition& made) {
        if (lexer.token.kind != qasm_token::name) return unexpected(qasm_mistake::only_gates_may_stand_in_a_gate_body);
        switch (lexer.token.word) {
            case qasm_word("barrier"): {
                std::size_t ignored = 0;
                const std::size_t wires = wires_of_calls_.size();
                lexer.advance();
                if (!local_qubits(ignored)) return false;
                wires_of_calls_.resize(wires);
                return end_of_statement();
            }
            case qasm_word("measure"):
            case qasm_word("reset"):
            case qasm_word("if"):
            case qasm_word("gate"):
            case qasm_word("opaque"):
            case qasm_word("qreg"):
            case qasm_word("creg"):
            case qasm_word("include"):
                return fail(qasm_mistake::only_gates_may_stand_in_a_gate_body);
            default:
                break;
        }
        if (lexer.same_name(made.name, lexer.token)) return fail(qasm_mistake::gate_uses_itself);
        const std::size_t place = lexer.token.begin;
        call inner;
        inner.begin = codes.size();
        inner.wires = wires_of_calls_.size();
        std::size_t count = 0;
        if (!head(inner.target) || !local_qubits(count)) return false;
        inner.end = codes.size();
        if (count != qubits_of(inner.target)) return fail(qasm_mistake::wrong_number_of_qubits, place);
        made.work += work_of(inner.target) + (inner.end - inner.begin);
        if (made.work > budget) made.work = budget + 1;  // refused where it is used
        if (inner.target.is_defined) {
            const int depth = definitions_[inner.target.definition].depth + 1;
            made.depth = depth > made.depth ? depth : made.depth;
        }
        calls_.push_back(inner);
        return end_of_statement();
    }
    /// Reads names of the definition's own qubits and appends their numbers to wires_of_calls_.
    constexpr bool local_qubits(std::size_t& count) {
        std::uint64_t used = 0;
        for (count = 0;; ++count) {
            if (count != 0) {
                if (lexer.token.kind != ',') return true;
                lexer.advance();
            }
            if (lexer.token.kind != qasm_token::name) return unexpected(qasm_mistake::expected_a_name);
            std::size_t found = 0;
            while (found < qubits_.size() && !lexer.same_name(qubits_[found], lexer.token)) ++found;
            if (found == qubits_.size()) return fail(qasm_mistake::unknown_register);
            const std::uint64_t bit = std::uint64_t{1} << found;
            if ((used & bit) != 0) return fail(qasm_mistake::same_qubit_twice);
            used |= bit;
            wires_of_calls_.push_back(static_cast<std::uint16_t>(found));
            lexer.advance();
        }
    }

  private:
    bool redefines_ = false;  // a definition has the name of a built-in gate
    list<definition, 10> definitions_{};
    list<call, 4> calls_{};
    list<std::uint16_t, 2> wires_of_calls_{};
    list<qasm_token, 2> parameters_{};  // of the definition being read
    list<qasm_token, 2> qubits_{};
};

}  // namespace qvit::inline QVIT_ABI
