// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// A regular file opened for reading at any offset, whose size is known before anything is trusted.
///
/// Every failure is a bad_input that begins with the path: no such file, not a regular file, not readable, a read
/// beyond the end. Cost: one seek and one read per call; nothing is kept in memory. Not for two threads at once.
///
///     qvit::input_file file("retinamnist.npz");
///     std::array<std::byte, 4> magic;
///     file.read_at(0, magic);
class input_file {
  public:
    explicit input_file(const std::filesystem::path& path) : name_(printable(path.string())) {
        std::error_code error;
        const auto status = std::filesystem::status(path, error);
        if (!std::filesystem::exists(status))
            fail(error && error != std::errc::no_such_file_or_directory ? error.message() : "no such file");
        if (!std::filesystem::is_regular_file(status))
            fail(std::filesystem::is_directory(status) ? "is a directory, expected a file" : "is not a regular file");
        size_ = std::filesystem::file_size(path, error);
        if (error) fail(error.message());
        stream_.open(path, std::ios::binary);
        if (!stream_) fail("cannot be opened for reading");
    }

    /// Bytes in the file when it was opened.
    [[nodiscard]] std::uint64_t size() const { return size_; }

    /// Fills `out` with the bytes that begin at `offset`.
    void read_at(std::uint64_t offset, std::span<std::byte> out) {
        if (offset > size_ || out.size() > size_ - offset)
            fail("is cut off: " + std::to_string(out.size()) + " bytes expected at offset " + std::to_string(offset) +
                 ", the file ends at " + std::to_string(size_));
        stream_.seekg(static_cast<std::streamoff>(offset));
        // char may alias std::byte
        stream_.read(reinterpret_cast<char*>(out.data()), static_cast<std::streamsize>(out.size()));
        if (!stream_) fail("cannot be read at offset " + std::to_string(offset));
    }

    /// Throws bad_input("<path>: <message>").
    [[noreturn]] void fail(std::string_view message) const { throw bad_input(name_ + ": " + std::string(message)); }

  private:
    std::string name_;
    std::uint64_t size_ = 0;
    std::ifstream stream_;
};

}  // namespace qvit::inline QVIT_ABI
