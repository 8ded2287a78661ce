// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string_view>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A string literal as a template argument; `Size` counts the terminating zero. Zeros inside the text are kept.
///
/// Every character becomes part of the name of what is instantiated with it, so hand the result on, not the text.
///
///     template <fixed_string Text> constexpr std::size_t length = Text.size();   static_assert(length<"abc"> == 3);
template <std::size_t Size>
struct fixed_string {
    char characters[Size]{};

    constexpr fixed_string(const char (&literal)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) characters[i] = literal[i];
    }
    static constexpr std::size_t size() { return Size - 1; }
    constexpr std::string_view view() const { return {characters, Size - 1}; }
};

}  // namespace qvit::inline QVIT_ABI
