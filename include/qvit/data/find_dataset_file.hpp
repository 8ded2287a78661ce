// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/medmnist.hpp>
#include <qvit/data/nearest_name.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

/// The folders in which a set given by name is looked for, in order: $QVIT_DATA_DIR, then ~/.medmnist.
[[nodiscard]] inline std::vector<std::filesystem::path> dataset_folders() {
    std::vector<std::filesystem::path> folders;
    if (const char* folder = std::getenv("QVIT_DATA_DIR"); folder && *folder) folders.emplace_back(folder);
    if (const char* home = std::getenv("HOME"); home && *home)
        folders.push_back(std::filesystem::path(home) / ".medmnist");
    return folders;
}

namespace detail {
/// "download <url> (MD5 ...)": only the MD5s of the 28 x 28 files are known.
inline std::string download_advice(const medmnist_set& set, const std::string& stem) {
    return "download " + set.url(stem) + (stem == set.flag ? " (MD5 " + std::string(set.md5) + ")" : "");
}
}  // namespace detail

/// The file that `path_or_name` means.
///
/// What ends in ".npz", contains a '/' or names an existing file is a path and is returned as it is (the reader says
/// what is wrong with it). Anything else is a name: the first <name>.npz in dataset_folders().
/// Fails with bad_input: for a known set that is missing, with its URL, MD5 and where to put it; for an unknown name,
/// with the nearest known one.
///
///     qvit::find_dataset_file("retinamnist");   // e.g. "/home/me/.medmnist/retinamnist.npz"
[[nodiscard]] inline std::filesystem::path find_dataset_file(std::string_view path_or_name) {
    std::error_code ignored;
    std::filesystem::path path(path_or_name);
    if (path_or_name.ends_with(".npz") || path_or_name.find('/') != std::string_view::npos ||
        std::filesystem::is_regular_file(path, ignored)) {
        const medmnist_set* set = medmnist_by_stem(path.stem().string());
        if (set != nullptr && !std::filesystem::exists(path, ignored))
            throw bad_input(printable(path.string()) + ": no such file; " +
                            detail::download_advice(*set, path.stem().string()));
        return path;
    }

    const std::string shown = printable(path_or_name, 80);
    const auto folders = dataset_folders();
    std::string searched;
    for (const auto& folder : folders) {
        path = folder / (std::string(path_or_name) + ".npz");
        if (std::filesystem::exists(path, ignored)) return path;
        searched += (searched.empty() ? "" : " and ") + printable(folder.string());
    }
    if (searched.empty()) searched = "a folder to look in: QVIT_DATA_DIR and HOME are not set";

    if (const medmnist_set* set = medmnist_by_stem(path_or_name)) {
        std::string message =
            shown + ": " + shown + ".npz is not in " + searched + "; " + detail::download_advice(*set, shown);
        if (!folders.empty()) message += " to " + printable((folders.back() / (shown + ".npz")).string());
        throw bad_input(message);
    }
    const std::array<std::string_view, 2> known{nearest_medmnist(path_or_name).flag, "synthetic"};
    throw bad_input("'" + shown + "' is neither a file nor a known data set (searched " + searched +
                    "); did you mean '" + std::string(nearest_name(path_or_name, known)) + "'?");
}

}  // namespace qvit::inline QVIT_ABI
