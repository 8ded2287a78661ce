// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/io/detail/utf8.hpp>

namespace qvit::inline QVIT_ABI::detail {

/// Reads the JSON that a safetensors header is made of, token by token: objects, strings, whole numbers, lists of them.
/// Strict (RFC 8259), never recursive, and takes no memory beyond the string it returns. A general JSON library would
/// cost each user 3 seconds per file, and silently keep one of two equal names. Every failure is a bad_input that
/// begins with `file` and says which byte of the header.
class json_scanner {
  public:
    json_scanner(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {}

    [[noreturn]] void fail(const std::string& message) const { throw bad_input(file_ + ": " + message); }
    [[noreturn]] void fail_expected(const std::string& expected) const {
        fail("bad JSON at byte " + std::to_string(at_) + " of the header: expected " + expected + ", found " +
             (at_ < text_.size() ? "'" + printable(text_.substr(at_, 1)) + "'" : std::string("its end")));
    }

    /// Whether the next character but blanks is `wanted`; takes it if so.
    bool take(char wanted) {
        skip_blanks();
        if (at_ == text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }
    void expect(char wanted) {
        if (!take(wanted)) fail_expected("'" + std::string(1, wanted) + "'");
    }
    void expect_end() {
        skip_blanks();
        if (at_ != text_.size()) fail_expected("nothing more");
    }

    /// Calls `member(key)` for each member of an object, which must read its value.
    template <class Member>
    void object(Member member) {
        expect('{');
        if (take('}')) return;
        do {
            const std::string key = string();
            expect(':');
            member(key);
        } while (take(','));
        expect('}');
    }

    /// Calls `element()` for each element of a list, which must read it.
    template <class Element>
    void list(Element element) {
        expect('[');
        if (take(']')) return;
        do element();
        while (take(','));
        expect(']');
    }

    /// A whole number below 2^64 without sign, fraction or leading zeros.
    std::uint64_t whole_number() {
        skip_blanks();
        const char* first = text_.data() + at_;
        const char* last = text_.data() + text_.size();
        std::uint64_t value = 0;
        const auto [end, error] = std::from_chars(first, last, value);
        if (error == std::errc::result_out_of_range) fail_expected("a number below 2^64");
        if (error != std::errc{} || (*first == '0' && end - first > 1)) fail_expected("a whole number");
        if (end != last && (*end == '.' || *end == 'e' || *end == 'E')) fail_expected("a whole number");
        at_ += static_cast<std::size_t>(end - first);
        return value;
    }

    std::string string() {
        skip_blanks();
        if (at_ == text_.size() || text_[at_] != '"') fail_expected("a string");
        ++at_;
        std::string out;
        while (at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '\\') {
                ++at_;
                escape(out);
                continue;
            }
            const auto [code, bytes] = utf8_at(text_, at_);
            if (bytes == 0) fail_expected("UTF-8");
            if (code < 0x20) fail_expected("no control character in a string");
            out += text_.substr(at_, bytes);
            at_ += bytes;
        }
        if (at_ == text_.size()) fail_expected("'\"'");
        ++at_;
        return out;
    }

  private:
    void skip_blanks() {
        while (at_ < text_.size() &&
               (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
            ++at_;
    }

    char32_t four_digits() {
        const char* first = text_.data() + at_;
        const char* last = text_.data() + (text_.size() - at_ < 4 ? text_.size() : at_ + 4);
        std::uint32_t code = 0;
        if (const auto [end, error] = std::from_chars(first, last, code, 16); error != std::errc{} || end != first + 4)
            fail_expected("four hexadecimal digits");
        at_ += 4;
        return code;
    }

    void escape(std::string& out) {
        constexpr std::string_view names = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
        if (at_ == text_.size()) fail_expected("an escape");
        if (const std::size_t found = names.find(text_[at_]); found != names.npos) {
            out += meanings[found];
            ++at_;
            return;
        }
        if (text_[at_] != 'u') fail_expected("an escape");
        ++at_;
        char32_t code = four_digits();
        if (code >= 0xd800 && code < 0xdc00 && text_.substr(at_, 2) == "\\u") {
            at_ += 2;
            const char32_t low = four_digits();
            if (low < 0xdc00 || low > 0xdfff) fail_expected("the second half of a surrogate pair");
            code = 0x10000 + ((code - 0xd800) << 10U) + (low - 0xdc00);
        }
        if (code >= 0xd800 && code < 0xe000) fail_expected("a surrogate pair");
        append_utf8(out, code);
    }

    std::string_view text_;
    std::string file_;
    std::size_t at_ = 0;
};

}  // namespace qvit::inline QVIT_ABI::detail
