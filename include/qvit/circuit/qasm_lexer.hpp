// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <qvit/circuit/qasm_mistake.hpp>
#include <qvit/circuit/qasm_number.hpp>
#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// The first eight letters of a word as a number, so that looking a word up is one `switch`. Words with more letters
/// have bit 63 set and the last eight letters, so they are never taken for a short one.
constexpr std::uint64_t qasm_word(std::string_view word) {
    std::uint64_t packed = 0;
    for (const char letter : word) packed = packed << 8 | static_cast<unsigned char>(letter);
    return word.size() > 8 ? packed | std::uint64_t{1} << 63 : packed;
}

namespace detail {
/// What a character can begin. A table, because a function call per character costs constexpr steps.
enum class qasm_character : unsigned char { other, space, letter, digit, punctuation };
struct qasm_character_table {
    qasm_character of[256]{};
    constexpr qasm_character_table() {
        for (const char c : {' ', '\n', '\r', '\t'}) of[static_cast<unsigned char>(c)] = qasm_character::space;
        for (const char c : {';', ',', '(', ')', '[', ']', '{', '}', '+', '-', '*', '/', '^'})
            of[static_cast<unsigned char>(c)] = qasm_character::punctuation;
        for (unsigned char c = '0'; c <= '9'; ++c) of[c] = qasm_character::digit;
        for (unsigned char c = 'a'; c <= 'z'; ++c) of[c] = qasm_character::letter;
        for (unsigned char c = 'A'; c <= 'Z'; ++c) of[c] = qasm_character::letter;
        of[static_cast<unsigned char>('_')] = qasm_character::letter;
    }
};
inline constexpr qasm_character_table qasm_characters{};
}  // namespace detail

/// A word of an OpenQASM text: `kind` is the character itself for punctuation ('>' for ->), else one of the constants.
struct qasm_token {
    static constexpr char end = 0;
    static constexpr char name = 'n';
    static constexpr char integer = 'i';
    static constexpr char real = 'r';
    static constexpr char quoted = '"';
    static constexpr char mistake = '!';

    char kind = end;
    std::size_t begin = 0;   ///< offset in the text
    std::size_t length = 0;  ///< in bytes; of a quoted text with its quotes
    std::uint64_t word = 0;  ///< a name's qasm_word; an integer's value
    double number = 0;       ///< of integer and real
};

/// Cuts an OpenQASM 2 text into words, one look at every character; the same at run time and in constants.
///
///     qasm_lexer lexer{text};  lexer.advance();  lexer.token.kind
struct qasm_lexer {
    const char* text = nullptr;  // string_view's members cost constexpr steps
    std::size_t size = 0;
    std::size_t at = 0;
    qasm_token token{};
    qasm_mistake mistake = qasm_mistake::none;  ///< of a token of kind `mistake`

    constexpr explicit qasm_lexer(std::string_view source) : text(source.data()), size(source.size()) {}

    constexpr void advance() {
        while (at < size && kind_at(at) == character::space) ++at;
        while (at + 1 < size && text[at] == '/' && text[at + 1] == '/') {
            while (at < size && text[at] != '\n') ++at;
            while (at < size && kind_at(at) == character::space) ++at;
        }
        token.begin = at;
        token.length = 0;
        token.word = 0;
        if (at == size) {
            token.kind = qasm_token::end;
        } else if (kind_at(at) == character::punctuation) {
            token.kind = text[at++];
            if (token.kind == '-' && at < size && text[at] == '>') token.kind = text[at++];
        } else if (kind_at(at) == character::letter) {
            token.kind = qasm_token::name;
            for (; at < size && (kind_at(at) == character::letter || kind_at(at) == character::digit); ++at)
                token.word = token.word << 8 | static_cast<unsigned char>(text[at]);
            token.length = at - token.begin;
            if (token.length > 8) token.word |= std::uint64_t{1} << 63;
        } else if (is_digit(at) || (text[at] == '.' && at + 1 < size && is_digit(at + 1))) {
            read_number();
        } else if (text[at] == '"') {
            read_quoted();
        } else {
            fail(qasm_mistake::character_is_not_openqasm);
        }
    }
    constexpr bool same_name(const qasm_token& a, const qasm_token& b) const {
        if (a.word != b.word || a.length != b.length) return false;
        for (std::size_t i = 8; i < a.length; ++i)  // the last eight letters are in the word
            if (text[a.begin + i - 8] != text[b.begin + i - 8]) return false;
        return true;
    }

  private:
    using character = detail::qasm_character;
    constexpr character kind_at(std::size_t i) const {
        return detail::qasm_characters.of[static_cast<unsigned char>(text[i])];
    }
    constexpr bool is_digit(std::size_t i) const { return text[i] >= '0' && text[i] <= '9'; }

    constexpr void fail(qasm_mistake what) {
        mistake = what;
        token.kind = qasm_token::mistake;
    }
    constexpr void read_quoted() {
        ++at;
        while (at < size && text[at] != '"' && text[at] != '\n') ++at;
        if (at == size || text[at] != '"') return fail(qasm_mistake::text_ends_too_early);
        ++at;
        token.kind = qasm_token::quoted;
        token.length = at - token.begin;
    }
    constexpr void read_number() {
        constexpr std::uint64_t full = 1'000'000'000'000'000'000;  // 19 digits are kept
        std::uint64_t digits = 0;
        int dropped = 0;
        for (; at < size && is_digit(at); ++at)
            if (digits < full)
                digits = 10 * digits + static_cast<std::uint64_t>(text[at] - '0');
            else if (++dropped > 400)
                return fail(qasm_mistake::number_too_large);
        token.kind = qasm_token::integer;
        token.word = dropped != 0 ? ~std::uint64_t{0} : digits;
        int exponent = dropped;
        if (at < size && text[at] == '.') {
            token.kind = qasm_token::real;
            for (++at; at < size && is_digit(at); ++at)
                if (digits < full && exponent > -400) {
                    digits = 10 * digits + static_cast<std::uint64_t>(text[at] - '0');
                    --exponent;
                }
        }
        if (at < size && (text[at] == 'e' || text[at] == 'E')) {
            std::size_t next = at + 1;
            const bool negative = next < size && text[next] == '-';
            if (next < size && (text[next] == '-' || text[next] == '+')) ++next;
            if (next < size && is_digit(next)) {
                token.kind = qasm_token::real;
                int written = 0;
                for (; next < size && is_digit(next); ++next)
                    if (written < 10000) written = 10 * written + (text[next] - '0');
                at = next;
                exponent += negative ? -written : written;
            }
        }
        token.length = at - token.begin;
        // More than 1e150 is refused, so that sums and products of two numbers are finite.
        if (digits != 0 && exponent > 150) return fail(qasm_mistake::number_too_large);
        token.number = exponent < -310 ? 0 : decimal_to_double(digits, digits == 0 ? 0 : exponent);
        if (token.number > 1e150) return fail(qasm_mistake::number_too_large);
    }
};

}  // namespace qvit::inline QVIT_ABI
