// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include <qvit/io/detail/file_handle.hpp>

namespace qvit::tool {

/// Makes a folder and those above it; bad_input, with the reason, where that cannot be.
void make_folder(const std::filesystem::path& folder);

/// bad_input for a folder that has anything in it but hidden files: a run's files would be mixed with others.
void refuse_used_folder(const std::filesystem::path& folder);

/// As long as it lives no other program writes into a run's folder. What a program that was killed left half-written
/// there is removed. bad_input where another one has it.
class folder_lock {
  public:
    explicit folder_lock(const std::filesystem::path& folder);

  private:
    qvit::detail::file_handle file_;
};

}  // namespace qvit::tool
