// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/utf8.hpp>

namespace qvit::inline QVIT_ABI {

/// Text as HTML and SVG write it, between tags and in attributes: no character of it can begin markup.
///
/// What is not UTF-8, and control characters that XML forbids, become U+FFFD. Cost: one copy.
///
///     qvit::markup_text("a < \"b\"");   // "a &lt; &quot;b&quot;"
[[nodiscard]] inline std::string markup_text(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto [code, bytes] = detail::utf8_at(text, at);
        if (code == '&') {
            out += "&amp;";
        } else if (code == '<') {
            out += "&lt;";
        } else if (code == '>') {
            out += "&gt;";
        } else if (code == '"') {
            out += "&quot;";
        } else if (code == '\'') {
            out += "&#39;";
        } else if (bytes == 0 || code == 0x7f || (code < 0x20 && code != '\t' && code != '\n') || code == 0xfffe ||
                   code == 0xffff) {
            out += "\xef\xbf\xbd";
        } else {
            out += text.substr(at, bytes);
        }
        at += bytes == 0 ? 1 : bytes;
    }
    return out;
}

}  // namespace qvit::inline QVIT_ABI
