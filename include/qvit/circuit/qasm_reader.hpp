// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <qvit/circuit/qasm_definitions.hpp>
#include <qvit/circuit/qasm_expression.hpp>
#include <qvit/circuit/qasm_lexer.hpp>
#include <qvit/circuit/qasm_mistake.hpp>
#include <qvit/circuit/qasm_scanner.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// The OpenQASM 2 reader behind `parse_qasm` and `qasm`, at run time and in constants: `sink.add(gate)` for each gate.
///
/// One pass, one look at each word. `Lists::list<T, Characters>` is a vector type for things that take at least that
/// many characters of text each. At most 64 qubits; measurements are read, and nothing may follow them on their qubits.
template <class Lists, class Sink>
class qasm_reader : private qasm_definitions<Lists, Sink> {
    using base = qasm_definitions<Lists, Sink>;
    using typename base::callee;

  public:
    using base::base;

    constexpr qasm_outcome read() {
        lexer.advance();
        if (header())
            while (lexer.token.kind != qasm_token::end && statement()) {
            }
        if (outcome.mistake == qasm_mistake::none && outcome.width == 0) fail(qasm_mistake::no_qubits);
        return outcome;
    }

  private:
    using base::budget;
    using base::codes;
    using base::define;
    using base::end_of_statement;
    using base::expand;
    using base::fail;
    using base::fresh;
    using base::head;
    using base::included;
    using base::index;
    using base::lexer;
    using base::outcome;
    using base::qubits_of;
    using base::take;
    using base::unexpected;
    using base::value_stack;
    using base::wire_stack;
    using base::work_of;

    struct named_register {
        qasm_token name;
        std::size_t first = 0;  // wire
        std::size_t size = 0;
        bool classical = false;
    };
    struct operand {
        std::size_t first = 0;
        std::size_t size = 0;
        bool whole = false;
        std::size_t offset = 0;
    };

    constexpr bool header() {
        const bool named = lexer.token.kind == qasm_token::name && lexer.token.word == qasm_word("OPENQASM");
        if (!named) return fail(qasm_mistake::expected_OPENQASM_2_0_at_the_start);
        lexer.advance();
        const bool number = lexer.token.kind == qasm_token::real || lexer.token.kind == qasm_token::integer;
        if (!number || lexer.token.number != 2) return unexpected(qasm_mistake::only_version_2_0_is_read);
        lexer.advance();
        return end_of_statement();
    }
    constexpr bool statement() {
        if (lexer.token.kind != qasm_token::name) return unexpected(qasm_mistake::expected_a_statement);
        switch (lexer.token.word) {
            case qasm_word("include"):
                return include();
            case qasm_word("qreg"):
                return declare(false);
            case qasm_word("creg"):
                return declare(true);
            case qasm_word("gate"):
                return define();
            case qasm_word("barrier"):
                lexer.advance();
                return operands(false) && end_of_statement();
            case qasm_word("measure"):
                return measure();
            case qasm_word("reset"):
                return fail(qasm_mistake::reset_is_not_supported);
            case qasm_word("if"):
                return fail(qasm_mistake::if_is_not_supported);
            case qasm_word("opaque"):
                return fail(qasm_mistake::opaque_is_not_supported);
            default:
                return apply_gate();
        }
    }
    constexpr bool include() {
        lexer.advance();
        const qasm_token file = lexer.token;
        constexpr std::string_view known = "\"qelib1.inc\"";
        bool same = file.kind == qasm_token::quoted && file.length == known.size();
        for (std::size_t i = 0; same && i < known.size(); ++i) same = lexer.text[file.begin + i] == known[i];
        if (!same) return unexpected(qasm_mistake::only_qelib1_inc_can_be_included);
        included = true;
        lexer.advance();
        return end_of_statement();
    }

    constexpr bool declare(bool classical) {
        lexer.advance();
        if (!fresh(registers_)) return false;
        named_register made{lexer.token, outcome.width, 0, classical};
        lexer.advance();
        if (!take('[', qasm_mistake::expected_a_comma_or_bracket)) return false;
        const std::size_t place = lexer.token.begin;
        std::uint64_t size = 0;
        if (!index(size)) return false;
        if (size == 0) return fail(qasm_mistake::register_is_empty, place);
        if (!classical && size > 64 - outcome.width) return fail(qasm_mistake::more_than_64_qubits, place);
        if (size > (std::uint64_t{1} << 32)) return fail(qasm_mistake::number_too_large, place);
        made.size = static_cast<std::size_t>(size);
        if (!classical) outcome.width += made.size;
        registers_.push_back(made);
        return end_of_statement();
    }

    /// Reads `register` or `register[index]`.
    constexpr bool read_operand(bool classical) {
        if (lexer.token.kind != qasm_token::name) return unexpected(qasm_mistake::expected_a_name);
        std::size_t found = 0;
        while (found < registers_.size() && !lexer.same_name(registers_[found].name, lexer.token)) ++found;
        if (found == registers_.size()) return fail(qasm_mistake::unknown_register);
        const named_register& whole = registers_[found];
        if (whole.classical != classical)
            return fail(classical ? qasm_mistake::classical_bits_belong_here : qasm_mistake::qubits_belong_here);
        operand read{whole.first, whole.size, true, lexer.token.begin};
        lexer.advance();
        if (lexer.token.kind == '[') {
            lexer.advance();
            const std::size_t place = lexer.token.begin;
            std::uint64_t entry = 0;
            if (!index(entry)) return false;
            if (entry >= read.size) return fail(qasm_mistake::index_outside_register, place);
            read = {read.first + static_cast<std::size_t>(entry), 1, false, read.offset};
        }
        operands_.push_back(read);
        return true;
    }
    constexpr bool operands(bool classical) {
        operands_.resize(0);
        while (true) {
            if (!read_operand(classical)) return false;
            if (lexer.token.kind != ',') return true;
            lexer.advance();
        }
    }
    constexpr bool measure() {
        lexer.advance();
        operands_.resize(0);
        if (!read_operand(false) || !take('>', qasm_mistake::expected_an_arrow) || !read_operand(true)) return false;
        const operand qubits = operands_[0];
        if (qubits.whole != operands_[1].whole || qubits.size != operands_[1].size)
            return fail(qasm_mistake::registers_differ_in_size, operands_[1].offset);
        for (std::size_t i = 0; i < qubits.size; ++i) measured_ |= std::uint64_t{1} << (qubits.first + i);
        return end_of_statement();
    }

    constexpr bool apply_gate() {
        const std::size_t place = lexer.token.begin;
        const std::size_t steps = codes.size();
        callee target{};
        if (!head(target) || !operands(false)) return false;
        if (operands_.size() != qubits_of(target)) return fail(qasm_mistake::wrong_number_of_qubits, place);
        std::size_t times = 1;
        bool broadcast = false;
        for (const operand& o : operands_) {
            if (!o.whole) continue;
            if (broadcast && o.size != times) return fail(qasm_mistake::registers_differ_in_size, o.offset);
            broadcast = true;
            times = o.size;
        }
        value_stack.resize(0);
        std::size_t where = 0;
        const qasm_mistake mistake = evaluate_qasm(codes, steps, codes.size(), value_stack, 0, where);
        if (mistake != qasm_mistake::none) return fail(mistake, where);
        codes.resize(steps);
        if (work_of(target) * times > budget) return fail(qasm_mistake::too_many_gates, place);
        budget -= work_of(target) * times;
        for (std::size_t i = 0; i < times; ++i) {
            std::uint64_t used = 0;
            wire_stack.resize(0);
            for (const operand& o : operands_) {
                const std::size_t wire = o.whole ? o.first + i : o.first;
                const std::uint64_t bit = std::uint64_t{1} << wire;
                if ((used & bit) != 0) return fail(qasm_mistake::same_qubit_twice, o.offset);
                if ((measured_ & bit) != 0) return fail(qasm_mistake::gate_after_measurement, o.offset);
                used |= bit;
                wire_stack.push_back(static_cast<std::uint16_t>(wire));
            }
            if (!expand(target, 0, 0)) return false;
        }
        return end_of_statement();
    }

    std::uint64_t measured_ = 0;
    typename base::template list<named_register, 10> registers_{};
    typename base::template list<operand, 2> operands_{};
};

}  // namespace qvit::inline QVIT_ABI
