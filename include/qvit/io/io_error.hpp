// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>

#include <qvit/core/config.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// A file could not be written: a full disk, a missing right, a folder that is not there.
/// `what()` is one line that begins with the path. A failure at run time (a program exits with status 1); a file that
/// is read and is not what it has to be is a bad_input (status 2).
class io_error : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

namespace detail {
/// Throws io_error("<path>: <what>: <reason of errno>").
[[noreturn]] inline void throw_errno(const std::filesystem::path& path, std::string_view what) {
    const int code = errno;
    throw io_error(printable(path.string()) + ": " + std::string(what) + ": " + std::generic_category().message(code));
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
