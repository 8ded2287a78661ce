// SPDX-License-Identifier: Apache-2.0
#include "folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <string>
#include <system_error>

#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::tool {

namespace fs = std::filesystem;

void make_folder(const fs::path& folder) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (!failed && !fs::is_directory(folder, failed)) failed = std::make_error_code(std::errc::not_a_directory);
    if (failed) throw bad_input(printable(folder.string()) + ": cannot be made: " + failed.message());
}

void refuse_used_folder(const fs::path& folder) {
    std::error_code failed;
    const std::string name = printable(folder.string());
    if (fs::exists(folder / "config.json", failed))
        throw bad_input(name + ": holds a run already; --resume continues it, or give another folder");
    for (const auto& entry : fs::directory_iterator(folder, failed))
        if (!entry.path().filename().string().starts_with('.'))
            throw bad_input(name + ": expected a new or an empty folder, found '" +
                            printable(entry.path().filename().string(), 80) + "' in it");
}

folder_lock::folder_lock(const fs::path& folder) : file_(folder / ".lock", O_RDWR | O_CREAT) {
    if (::flock(file_.descriptor(), LOCK_EX | LOCK_NB) != 0)
        throw bad_input(printable(folder.string()) + ": another program is writing a run there");
    std::error_code failed;
    for (const auto& entry : fs::directory_iterator(folder, failed)) {
        const std::string name = entry.path().filename().string();
        if (name.starts_with('.') && name.ends_with(".tmp")) fs::remove(entry.path(), failed);
    }
}

}  // namespace qvit::tool
