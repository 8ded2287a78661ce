// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>

#include <qvit/core/config.hpp>
#include <qvit/io/detail/file_handle.hpp>
#include <qvit/io/io_error.hpp>

namespace qvit::inline QVIT_ABI {

/// A file that appears whole or not at all: written to a temporary beside the target, flushed, renamed over it.
///
/// Until `commit` returns the old file is what it was; without a commit, or when anything fails, the temporary
/// `.<name>.<process>.<number>.tmp` is removed (a killed process leaves it behind). A symbolic link is followed, and an
/// old file's permissions are kept. Cost: one fsync of the file and one of its folder. Needs POSIX.
/// Fails: io_error with the path and the system's reason.
///
///     qvit::atomic_file file("run.json");
///     file.write(text);
///     file.commit();
class atomic_file {
  public:
    explicit atomic_file(const std::filesystem::path& target)
        : target_(resolved(target)), handle_(beside(target_), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW) {}
    atomic_file(const atomic_file&) = delete;
    atomic_file& operator=(const atomic_file&) = delete;
    ~atomic_file() {
        if (!committed_) ::unlink(handle_.path().c_str());
    }

    void write(std::string_view bytes) { handle_.write(bytes); }

    /// Once, after the last write.
    void commit() {
        struct stat old {};
        if (::stat(target_.c_str(), &old) == 0 && ::fchmod(handle_.descriptor(), old.st_mode & 07777) != 0)
            detail::throw_errno(target_, "cannot keep its permissions");
        handle_.flush();
        handle_.close();
        if (std::rename(handle_.path().c_str(), target_.c_str()) != 0)
            detail::throw_errno(target_, "cannot be replaced");
        committed_ = true;
        // The new name is in the folder; the file systems of a few machines cannot flush a folder, which is no failure.
        const int folder = ::open(handle_.path().parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (folder >= 0) {
            ::fsync(folder);
            ::close(folder);
        }
    }

  private:
    static std::filesystem::path resolved(const std::filesystem::path& target) {
        std::error_code error;
        if (!std::filesystem::is_symlink(target, error)) return std::filesystem::absolute(target);
        return std::filesystem::weakly_canonical(target);
    }
    static std::filesystem::path beside(const std::filesystem::path& target) {
        static std::atomic<unsigned> number{0};
        return target.parent_path() / ("." + target.filename().string() + "." + std::to_string(::getpid()) + "." +
                                       std::to_string(number++) + ".tmp");
    }

    std::filesystem::path target_;
    detail::file_handle handle_;
    bool committed_ = false;
};

/// The whole of a small file at once, as atomic_file does it.
///
///     qvit::write_file("config.json", text);
inline void write_file(const std::filesystem::path& target, std::string_view content) {
    atomic_file file(target);
    file.write(content);
    file.commit();
}

}  // namespace qvit::inline QVIT_ABI
