// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace qvit::tool {

/// This program once more with other arguments, or another one, stdout and stderr in files, stdin empty; ends when this
/// one is killed. A program that is not there has exit status 127.
///
/// It has a process group of its own, so Ctrl-C on a terminal reaches only the parent, which passes it on.
class child_process {
  public:
    child_process(const std::vector<std::string>& arguments, const std::filesystem::path& out,
                  const std::filesystem::path& err, const std::string& program = "/proc/self/exe");

    /// The exit status once it has ended, 128 + n where signal n ended it.
    std::optional<int> poll();
    void signal(int number) const;

  private:
    pid_t process_;
};

}  // namespace qvit::tool
