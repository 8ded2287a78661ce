// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <qvit/circuit/qasm_lexer.hpp>
#include <qvit/circuit/qasm_mistake.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What an OpenQASM text turned out to be: `mistake` with its offset in the text, or none and the number of qubits.
struct qasm_outcome {
    qasm_mistake mistake = qasm_mistake::none;
    std::size_t offset = 0;
    std::size_t width = 0;
};

/// The innermost layer of the OpenQASM 2 reader: takes the words that have to come next. Every function returns false
/// after a mistake, and `outcome` keeps the first.
struct qasm_scanner {
    qasm_lexer lexer;
    qasm_outcome outcome{};

    constexpr explicit qasm_scanner(std::string_view text) : lexer(text) {}

    constexpr bool fail(qasm_mistake mistake, std::size_t offset) {
        if (outcome.mistake == qasm_mistake::none) outcome = {mistake, offset, outcome.width};
        return false;
    }
    constexpr bool fail(qasm_mistake mistake) { return fail(mistake, lexer.token.begin); }
    /// The token is none that may stand here: says why.
    constexpr bool unexpected(qasm_mistake otherwise) {
        if (lexer.token.kind == qasm_token::mistake) otherwise = lexer.mistake;
        if (lexer.token.kind == qasm_token::end) otherwise = qasm_mistake::text_ends_too_early;
        return fail(otherwise);
    }
    constexpr bool take(char kind, qasm_mistake otherwise) {
        if (lexer.token.kind != kind) return unexpected(otherwise);
        lexer.advance();
        return true;
    }
    constexpr bool end_of_statement() { return take(';', qasm_mistake::expected_a_semicolon); }

    /// The token is a name that can be given to something new of these.
    constexpr bool fresh(const auto& others) {
        if (lexer.token.kind != qasm_token::name) return unexpected(qasm_mistake::expected_a_name);
        switch (lexer.token.word) {
            case qasm_word("OPENQASM"):
            case qasm_word("include"):
            case qasm_word("qreg"):
            case qasm_word("creg"):
            case qasm_word("gate"):
            case qasm_word("opaque"):
            case qasm_word("barrier"):
            case qasm_word("measure"):
            case qasm_word("reset"):
            case qasm_word("if"):
            case qasm_word("pi"):
            case qasm_word("sin"):
            case qasm_word("cos"):
            case qasm_word("tan"):
            case qasm_word("exp"):
            case qasm_word("ln"):
            case qasm_word("sqrt"):
            case qasm_word("U"):
            case qasm_word("CX"):
                return fail(qasm_mistake::name_is_reserved);
            default:
                break;
        }
        if (others.size() >= most_names) return fail(qasm_mistake::too_many_names);
        for (const auto& other : others)
            if (lexer.same_name(name_of_entry(other), lexer.token)) return fail(qasm_mistake::name_already_used);
        return true;
    }
    /// Reads `index]`.
    constexpr bool index(std::uint64_t& value) {
        if (lexer.token.kind != qasm_token::integer) return unexpected(qasm_mistake::expected_an_index);
        value = lexer.token.word;
        lexer.advance();
        return take(']', qasm_mistake::expected_a_comma_or_bracket);
    }

  private:
    static constexpr std::size_t most_names = 4096;  // of one kind: they are searched one by one

    static constexpr const qasm_token& name_of_entry(const qasm_token& token) { return token; }
    static constexpr const qasm_token& name_of_entry(const auto& entry) { return entry.name; }
};

}  // namespace qvit::inline QVIT_ABI
