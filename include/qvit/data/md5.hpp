// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <md5.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/input_file.hpp>

namespace qvit::inline QVIT_ABI {

/// The MD5 digest of bytes given piece by piece: what MedMNIST publishes to tell its files apart (no security).
///
/// Out: 32 lower-case hexadecimal digits. Cost: about 2 ns per byte, constant memory. Needs libmd (-lmd).
///
///     qvit::md5::of_file("retinamnist.npz");   // "bd4c0672f1bba3e3a89f0e4e876791e4"
class md5 {
  public:
    md5() { MD5Init(&context_); }

    void add(std::span<const std::byte> bytes) {
        MD5Update(&context_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
    }

    /// The digest of what was added so far; more can be added afterwards.
    [[nodiscard]] std::string hex() const {
        MD5_CTX copy = context_;
        std::uint8_t digest[MD5_DIGEST_LENGTH];
        MD5Final(digest, &copy);
        std::string text;
        for (const unsigned byte : digest) {
            text += "0123456789abcdef"[byte >> 4];
            text += "0123456789abcdef"[byte & 15];
        }
        return text;
    }

    /// The digest of a whole file, read in pieces of 1 MiB; bad_input where it cannot be read.
    [[nodiscard]] static std::string of_file(const std::filesystem::path& path) {
        input_file file(path);
        md5 digest;
        std::vector<std::byte> piece(static_cast<std::size_t>(std::min<std::uint64_t>(file.size(), 1U << 20)));
        for (std::uint64_t offset = 0; offset < file.size();) {
            const auto wanted = std::min<std::uint64_t>(piece.size(), file.size() - offset);
            const auto part = std::span(piece).first(static_cast<std::size_t>(wanted));
            file.read_at(offset, part);
            digest.add(part);
            offset += wanted;
        }
        return digest.hex();
    }

  private:
    MD5_CTX context_;
};

}  // namespace qvit::inline QVIT_ABI
