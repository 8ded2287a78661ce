// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Collects what decides a run as text, a line `name = value` each: two runs with the same text go the same way.
/// Numbers are written so that they read back to the same bits.
///
///     settings_text text;  for_each_option(options, text);  text("data", set.md5);
class settings_text {
  public:
    template <class T>
    void operator()(std::string_view name, const T& value) {
        ((text_ += name) += " = ") += written(value);
        text_ += '\n';
    }
    const std::string& text() const { return text_; }

    /// The first line of `expected` that `found` has otherwise, as "expected <line>, found <line>"; empty where none
    /// is.
    static std::string difference(std::string_view expected, std::string_view found) {
        while (!expected.empty() || !found.empty()) {
            const std::string_view ours = take_line(expected);
            const std::string_view theirs = take_line(found);
            if (ours != theirs)
                return "expected " + std::string(ours.empty() ? "no more settings" : ours) + ", found " +
                       std::string(theirs.empty() ? "no more settings" : theirs);
        }
        return {};
    }

  private:
    template <class T>
    static std::string written(const T& value) {
        if constexpr (std::is_enum_v<T>) {
            return std::to_string(static_cast<int>(value));
        } else if constexpr (std::is_floating_point_v<T>) {
            char digits[40];
            std::snprintf(digits, sizeof digits, "%.17g", static_cast<double>(value));
            return digits;
        } else if constexpr (std::is_arithmetic_v<T>) {
            return std::to_string(value);
        } else if constexpr (std::is_convertible_v<T, std::string_view>) {
            return std::string(value);
        } else {
            std::string list;
            for (const auto& entry : value) list += (list.empty() ? "" : " ") + written(entry);
            return list;
        }
    }
    static std::string_view take_line(std::string_view& text) {
        const std::string_view line = text.substr(0, text.find('\n'));
        text.remove_prefix(line.size() == text.size() ? line.size() : line.size() + 1);
        return line;
    }

    std::string text_;
};

}  // namespace qvit::inline QVIT_ABI
