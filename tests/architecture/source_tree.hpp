// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

namespace architecture {

/// Text of every header by its path below include/, e.g. "qvit/core/config.hpp". The rules are functions of such a
/// map, so that they are tested on small trees that break them.
using source_tree = std::map<std::string, std::string>;

inline source_tree read_tree(const std::filesystem::path& include_dir) {
    source_tree tree;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(include_dir)) {
        if (!entry.is_regular_file()) continue;
        std::ifstream file(entry.path(), std::ios::binary);
        tree[entry.path().lexically_relative(include_dir).generic_string()] =
            std::string(std::istreambuf_iterator<char>(file), {});
    }
    return tree;
}

}  // namespace architecture
