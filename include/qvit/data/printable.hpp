// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Text that came from outside (a path, a name in a file), made fit for a one-line message.
///
/// Control characters become '?'; text of more than `limit` bytes is cut and ends in "...". Cost: one copy.
/// Fails only where memory does.
///
///     qvit::printable("a\nb");   // "a?b"
[[nodiscard]] inline std::string printable(std::string_view text, std::size_t limit = 4096) {
    std::string line(text.substr(0, limit));
    for (char& character : line) {
        const auto code = static_cast<unsigned char>(character);
        if (code < 0x20 || code == 0x7f) character = '?';
    }
    if (text.size() > limit) line += "...";
    return line;
}

}  // namespace qvit::inline QVIT_ABI
