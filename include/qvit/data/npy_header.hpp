// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// What the header of an .npy array says, checked: the byte count has not overflowed and the order is C's.
struct npy_header {
    std::string dtype;               ///< "|u1", "|i1", "|b1", "<i2", "<u2", ..., "<f4", "<f8"
    std::vector<std::size_t> shape;  ///< outermost first; empty for a scalar
    std::size_t bytes = 0;           ///< of the elements
};

namespace detail {
/// Reads the Python dictionary literal of an .npy header and nothing more general.
class npy_header_parser {
  public:
    npy_header_parser(std::string_view text, std::string_view origin) : text_(text), origin_(origin) {}

    npy_header parse() {
        expect('{');
        while (!accept('}')) {
            const std::string key = string();
            expect(':');
            if (key == "descr" && !descr_)
                descr_ = descr();
            else if (key == "fortran_order" && !fortran_)
                fortran_ = boolean();
            else if (key == "shape" && !shape_)
                shape_ = shape();
            else
                fail("has an unexpected key '" + printable(key, 40) + "' in its .npy header");
            if (!accept(',') && peek() != '}') fail_syntax();
        }
        if (peek() != '\0' || at_ != text_.size()) fail_syntax();
        if (!descr_ || !fortran_ || !shape_) fail("lacks 'descr', 'fortran_order' or 'shape' in its .npy header");
        return checked();
    }

  private:
    npy_header checked() const {
        npy_header header;
        std::size_t element = 0;
        if (descr_->size() == 3) {
            const char order = (*descr_)[0], kind = (*descr_)[1], digit = (*descr_)[2];
            const bool number = kind == 'u' || kind == 'i';
            if ((number || kind == 'b') && digit == '1' && (order == '|' || order == '<' || order == '>')) element = 1;
            if (order == '<' && number && (digit == '2' || digit == '4' || digit == '8'))
                element = std::size_t(digit - '0');
            if (order == '<' && kind == 'f' && (digit == '4' || digit == '8')) element = std::size_t(digit - '0');
            header.dtype = element == 1 ? std::string{'|', kind, '1'} : *descr_;
        }
        if (element == 0)
            fail("has dtype '" + printable(*descr_, 40) +
                 "', expected |b1, |u1, |i1 or little-endian <u2, <u4, <u8, <i2, <i4, <i8, <f4, <f8");
        header.shape = *shape_;
        header.bytes = element;
        std::size_t long_extents = 0;
        for (const std::size_t extent : header.shape) {
            long_extents += extent > 1;
            if (extent != 0 && header.bytes > static_cast<std::size_t>(PTRDIFF_MAX) / extent)
                fail("declares a shape of more bytes than memory can have");
            header.bytes *= extent;
        }
        // With one extent the two orders are the same.
        if (*fortran_ && long_extents > 1)
            fail("is in Fortran order, expected C order: save numpy.ascontiguousarray of it");
        return header;
    }

    char peek() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
        return at_ < text_.size() ? text_[at_] : '\0';
    }
    bool accept(char wanted) {
        const bool found = peek() == wanted && at_ < text_.size();
        at_ += found;
        return found;
    }
    void expect(char wanted) {
        if (!accept(wanted)) fail_syntax();
    }
    std::string string() {
        const char quote = peek();
        if (quote != '\'' && quote != '"') fail_syntax();
        const std::size_t end = text_.find(quote, at_ + 1);
        if (end == std::string_view::npos) fail_syntax();
        const std::string_view content = text_.substr(at_ + 1, end - at_ - 1);
        at_ = end + 1;
        return std::string(content);
    }
    std::string descr() {
        if (peek() == '[') fail("is a structured array, expected one of plain numbers");
        return string();
    }
    bool boolean() {
        peek();
        for (const bool value : {false, true}) {
            const std::string_view word = value ? "True" : "False";
            if (text_.substr(at_, word.size()) != word) continue;
            at_ += word.size();
            return value;
        }
        fail_syntax();
    }
    std::vector<std::size_t> shape() {
        std::vector<std::size_t> extents;
        expect('(');
        while (!accept(')')) {
            peek();
            std::size_t extent = 0;
            const auto [end, error] = std::from_chars(text_.data() + at_, text_.data() + text_.size(), extent);
            if (error == std::errc::result_out_of_range) fail("declares a shape of more bytes than memory can have");
            if (error != std::errc{}) fail_syntax();
            at_ = static_cast<std::size_t>(end - text_.data());
            accept('L');  // written by Python 2
            extents.push_back(extent);
            if (extents.size() > 32) fail("has more than 32 dimensions");
            if (!accept(',') && peek() != ')') fail_syntax();
        }
        return extents;
    }

    [[noreturn]] void fail_syntax() const {
        fail("has a damaged .npy header at byte " + std::to_string(at_) + ": " + printable(text_, 80));
    }
    [[noreturn]] void fail(const std::string& message) const { throw bad_input(std::string(origin_) + " " + message); }

    std::string_view text_, origin_;
    std::size_t at_ = 0;
    std::optional<std::string> descr_;
    std::optional<bool> fortran_;
    std::optional<std::vector<std::size_t>> shape_;
};
}  // namespace detail

/// Reads the text of an .npy header: "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }".
///
/// `origin` begins every message ("a.npz: entry 'x.npy'"). Cost: linear in the text. Fails with bad_input on anything
/// else than such a dictionary, a dtype not listed above, a byte count that overflows, or Fortran order of more than
/// one extent. Source: numpy.lib.format.
[[nodiscard]] inline npy_header parse_npy_header(std::string_view text, std::string_view origin) {
    return detail::npy_header_parser(text, origin).parse();
}

}  // namespace qvit::inline QVIT_ABI
