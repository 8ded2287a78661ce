// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
inline constexpr std::array<std::uint32_t, 256> crc32c_table = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t rest = byte;
        for (int bit = 0; bit < 8; ++bit) rest = rest >> 1U ^ (rest & 1U ? 0x82f63b78U : 0U);
        table[byte] = rest;
    }
    return table;
}();
}  // namespace detail

/// The Castagnoli CRC of some bytes, which TensorFlow's record files use (zlib's crc32 is of another polynomial).
///
/// Cost: one table look-up per byte. Source: RFC 3720, section 12.1, with its test patterns in B.4.
///
///     qvit::crc32c("123456789");   // 0xe3069283
[[nodiscard]] constexpr std::uint32_t crc32c(std::string_view bytes) {
    std::uint32_t rest = ~std::uint32_t{0};
    for (const char byte : bytes)
        rest = rest >> 8U ^ detail::crc32c_table[(rest ^ static_cast<unsigned char>(byte)) & 0xffU];
    return ~rest;
}

}  // namespace qvit::inline QVIT_ABI
