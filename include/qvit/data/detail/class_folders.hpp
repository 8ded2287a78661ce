// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Image files of each class, sorted by name.
using class_files = std::map<std::string, std::vector<std::filesystem::path>>;

/// Is it named as a PNG or JPEG file? Capitals count as small letters.
inline bool named_as_image(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    for (char& c : extension)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return extension == ".png" || extension == ".jpg" || extension == ".jpeg";
}

/// What a folder holds that is not hidden, sorted by name; bad_input where it cannot be listed.
inline std::vector<std::filesystem::path> sorted_entries(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> entries;
    std::error_code error;
    for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
        if (!at->path().filename().string().starts_with('.')) entries.push_back(at->path());
    if (error) throw bad_input(printable(folder.string()) + ": cannot be listed: " + error.message());
    std::sort(entries.begin(), entries.end());
    return entries;
}

/// The images in each folder of a folder; one without images is no class. Counts other files in `left_out`.
inline class_files list_classes(const std::filesystem::path& folder, std::size_t& left_out) {
    class_files classes;
    std::error_code ignored;
    for (const auto& inner : sorted_entries(folder)) {
        if (!std::filesystem::is_directory(inner, ignored)) {
            ++left_out;
            continue;
        }
        std::vector<std::filesystem::path> images;
        for (const auto& path : sorted_entries(inner)) {
            if (named_as_image(path))
                images.push_back(path);
            else
                ++left_out;
        }
        if (!images.empty()) classes[inner.filename().string()] = std::move(images);
    }
    return classes;
}
}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
