// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/utf8.hpp>
#include <qvit/io/number_text.hpp>

namespace qvit::inline QVIT_ABI {

/// A string as JSON writes it, with its quotes. What is not UTF-8 becomes U+FFFD, so that the result always parses.
///
/// The layers below the tool write little JSON and must not cost their users the 3 seconds of a JSON library per file.
/// Source: RFC 8259, section 7.
///
///     qvit::json_text("a \"b\"");   // "a \"b\"" with quotes and backslashes
[[nodiscard]] inline std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, bytes] = detail::utf8_at(text, at);
        if (bytes == 0) {
            out += "\xef\xbf\xbd";
        } else if (code == '"' || code == '\\') {
            (out += '\\') += static_cast<char>(code);
        } else if (code < 0x20) {
            constexpr char digits[] = "0123456789abcdef";
            ((out += "\\u00") += digits[code >> 4U]) += digits[code & 15U];
        } else {
            out += text.substr(at, bytes);
        }
        at += bytes == 0 ? 1 : bytes;
    }
    return out += '"';
}

/// A number as JSON writes it; JSON has no infinity and no NaN: they become null.
[[nodiscard]] inline std::string json_number(double value) {
    return std::isfinite(value) ? number_text(value) : "null";
}

}  // namespace qvit::inline QVIT_ABI
