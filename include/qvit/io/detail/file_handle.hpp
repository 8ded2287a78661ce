// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <filesystem>
#include <string_view>
#include <utility>

#include <qvit/core/config.hpp>
#include <qvit/io/io_error.hpp>

namespace qvit::inline QVIT_ABI::detail {

/// A POSIX file descriptor open for writing, closed by its destructor. Every failure is an io_error with the path.
class file_handle {
  public:
    file_handle(std::filesystem::path path, int flags) : path_(std::move(path)) {
        do descriptor_ = ::open(path_.c_str(), flags | O_CLOEXEC, 0666);
        while (descriptor_ < 0 && errno == EINTR);
        if (descriptor_ < 0) throw_errno(path_, "cannot be opened for writing");
    }
    file_handle(file_handle&& other) noexcept
        : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}
    file_handle& operator=(file_handle&&) = delete;
    ~file_handle() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] int descriptor() const { return descriptor_; }

    /// All of `bytes`; one call of write(2) where the system takes them at once, as it does unless the disk is full.
    void write(std::string_view bytes) {
        while (!bytes.empty()) {
            const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
            if (written < 0 && errno == EINTR) continue;
            if (written < 0) throw_errno(path_, "cannot be written");
            bytes.remove_prefix(static_cast<std::size_t>(written));
        }
    }

    void truncate(std::size_t bytes) {
        if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) throw_errno(path_, "cannot be shortened");
    }

    /// Waits until the disk has it.
    void flush() {
        if (::fsync(descriptor_) != 0) throw_errno(path_, "cannot be flushed to the disk");
    }

    void close() {
        if (::close(std::exchange(descriptor_, -1)) != 0) throw_errno(path_, "cannot be closed");
    }

  private:
    std::filesystem::path path_;
    int descriptor_ = -1;
};

}  // namespace qvit::inline QVIT_ABI::detail
