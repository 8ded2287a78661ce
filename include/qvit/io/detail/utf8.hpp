// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI::detail {

/// One character of UTF-8: its code point and how many bytes it takes; no bytes where the text is not UTF-8.
struct utf8_character {
    char32_t code = 0;
    std::size_t bytes = 0;
};

/// The character that begins at `at`; longer forms than needed, surrogates and codes above 10FFFF are refused.
inline utf8_character utf8_at(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
    const unsigned first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || bytes > text.size() - at) return {};
    char32_t code = first & (0x7fU >> bytes);
    for (std::size_t i = 1; i < bytes; ++i) {
        if ((byte(i) & 0xc0U) != 0x80U) return {};
        code = code << 6U | (byte(i) & 0x3fU);
    }
    constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[bytes] || (code >= 0xd800 && code < 0xe000) || code > 0x10ffff) return {};
    return {code, bytes};
}

inline bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t bytes = utf8_at(text, at).bytes;
        if (bytes == 0) return false;
        at += bytes;
    }
    return true;
}

/// Writes a code point up to 10FFFF that is no surrogate.
inline void append_utf8(std::string& text, char32_t code) {
    const auto tail = [&](unsigned shift) { text += static_cast<char>(0x80U | (code >> shift & 0x3fU)); };
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += static_cast<char>(0xc0U | code >> 6U), tail(0);
    } else if (code < 0x10000) {
        text += static_cast<char>(0xe0U | code >> 12U), tail(6), tail(0);
    } else {
        text += static_cast<char>(0xf0U | code >> 18U), tail(12), tail(6), tail(0);
    }
}

}  // namespace qvit::inline QVIT_ABI::detail
