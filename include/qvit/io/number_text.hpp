// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <string>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// The shortest decimal text that reads back as the same number: "0.1", "1e-05", "nan", "-inf".
///
/// Independent of the locale. Cost: one std::to_chars. `number_text(x, 3)` has three places behind the point instead.
///
///     qvit::number_text(0.1);        // "0.1"
///     qvit::number_text(2.0 / 3, 3)  // "0.667"
template <std::floating_point R>
[[nodiscard]] std::string number_text(R value) {
    std::array<char, 64> text;
    return std::string(text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr);
}
template <std::floating_point R>
[[nodiscard]] std::string number_text(R value, int places) {
    std::array<char, 512> text;  // 1.8e308 has 309 digits
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed, places);
    return std::string(text.data(), end.ptr);
}

}  // namespace qvit::inline QVIT_ABI
