// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Bytes as base64 text, as data: addresses hold them. Source: RFC 4648, section 4. Cost: one pass.
///
///     "data:image/png;base64," + qvit::base64(qvit::png_bytes(image))
[[nodiscard]] inline std::string base64(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string text;
    text.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const auto byte = [&](std::size_t k) {
            return i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : std::uint32_t{0};
        };
        const std::uint32_t word = byte(0) << 16U | byte(1) << 8U | byte(2);
        for (std::size_t k = 0; k < 4; ++k) text += i + k > bytes.size() ? '=' : digits[word >> (18U - 6U * k) & 63U];
    }
    return text;
}

}  // namespace qvit::inline QVIT_ABI
