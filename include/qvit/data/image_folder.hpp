// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <map>
#include <span>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/core/philox.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/class_balance.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/detail/class_folders.hpp>
#include <qvit/data/md5.hpp>
#include <qvit/data/printable.hpp>
#include <qvit/data/read_image.hpp>

namespace qvit::inline QVIT_ABI {

/// How a folder of images becomes a data set.
struct folder_options {
    std::size_t side = 28;          ///< images are made side x side pixels
    std::size_t channels = 3;       ///< 1: grey, 3: RGB
    framing frame = framing::crop;  ///< of images that are not square
    double validation = 0.1;        ///< share of each class where there is no val/
    double test = 0.2;              ///< share of each class where there is no test/
    std::uint64_t seed = 0;         ///< of the split
};

namespace detail {
/// Where a file stands in its class's order: a number drawn by seed, part and name, so that other files that come or go
/// move it little, and never reshuffle a split.
inline std::uint64_t split_rank(const std::filesystem::path& file, std::uint64_t seed, std::uint32_t part) {
    constexpr std::uint32_t stream = 0x666f6c64;  // "fold"
    std::uint64_t name = 0xcbf29ce484222325;      // FNV-1a
    for (const char c : file.filename().string()) name = (name ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    const auto low = [](std::uint64_t word) { return static_cast<std::uint32_t>(word); };
    const auto drawn = philox::block({low(name), low(name >> 32U), stream, part}, {low(seed), low(seed >> 32U)});
    return std::uint64_t{drawn[0]} << 32U | drawn[1];
}
/// Moves `share` of each class's files (of what `whole` images of it there were) to `to`: at least one, and `stay` do
/// not.
inline void split_off(class_files& from, class_files& to, const class_files& whole, double share, std::size_t stay,
                      std::uint64_t seed, std::uint32_t part) {
    for (auto& [name, files] : from) {
        const auto wanted = static_cast<std::size_t>(std::lround(share * static_cast<double>(whole.at(name).size())));
        const std::size_t count = std::min(std::max<std::size_t>(wanted, 1), files.size() - stay);
        const auto by_rank = [&](const auto& a, const auto& b) {
            return split_rank(a, seed, part) < split_rank(b, seed, part);
        };
        std::stable_sort(files.begin(), files.end(), by_rank);
        const auto end = files.begin() + static_cast<std::ptrdiff_t>(count);
        auto& moved = to[name];
        moved.assign(files.begin(), end);
        files.erase(files.begin(), end);
        std::sort(moved.begin(), moved.end());
        std::sort(files.begin(), files.end());
    }
}
}  // namespace detail

/// Reads a data set of PNG and JPEG files in one folder per class: <folder>/train/<class>/*.png with val/ and test/
/// beside train/ or not, or <folder>/<class>/*.png.
///
/// Classes are the names of train's folders in the order of their bytes; two make a binary task with the second as the
/// positive. A split that has no folder is taken from the training images: a share of each class, at least one image,
/// drawn by the seed and each file's name, so that the same folder gives the same split everywhere, and a file more or
/// less changes each of the drawn splits by one file at most, besides itself. Files named
/// otherwise than .png, .jpg and .jpeg are left out with a warning, hidden ones silently.
/// Cost: every file is decoded once; memory is that of the resized images. `md5` is over the three splits' pixels, then
/// labels. Every failure is a bad_input: no folder, fewer than two classes or more than 256, a class with too few
/// images to be split, a class in val/ or test/ that train/ lacks, an empty split, a file that read_image refuses.
///
///     const dataset set = read_image_folder("skin", {.side = 28, .channels = 3});
[[nodiscard]] inline dataset read_image_folder(const std::filesystem::path& folder,
                                               const folder_options& options = {}) {
    namespace fs = std::filesystem;
    const std::string shown = printable(folder.string());
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored))
        throw bad_input(shown + ": expected a folder of images, one folder per class");
    if (options.side == 0 || options.side > detail::largest_image_side ||
        (options.channels != 1 && options.channels != 3))
        throw bad_input("[qvit::read_image_folder] expected a side of 1 to 16384 and 1 or 3 channels, found " +
                        std::to_string(options.side) + " and " + std::to_string(options.channels));
    if (!(options.validation > 0 && options.test > 0 && options.validation + options.test < 1))
        throw bad_input(
            "[qvit::read_image_folder] expected shares above 0 of validation and test images, less than 1 together");

    dataset set;
    set.name = fs::path(folder / "").parent_path().filename().string();
    set.height = set.width = options.side;
    set.channels = options.channels;
    const bool in_splits = fs::is_directory(folder / "train", ignored);
    std::size_t left_out = 0;
    detail::class_files train = detail::list_classes(in_splits ? folder / "train" : folder, left_out);
    if (train.size() < 2 || train.size() > 256)
        throw bad_input(shown + ": expected 2 to 256 folders with images, one per class, found " +
                        std::to_string(train.size()));
    detail::class_files validation, test;
    const bool has_validation = in_splits && fs::is_directory(folder / "val", ignored);
    const bool has_test = in_splits && fs::is_directory(folder / "test", ignored);
    if (has_validation) validation = detail::list_classes(folder / "val", left_out);
    if (has_test) test = detail::list_classes(folder / "test", left_out);
    for (const auto* split : {&validation, &test})
        for (const auto& [name, files] : *split)
            if (!train.contains(name))
                throw bad_input(shown + ": class '" + printable(name, 80) + "' has no training image");
    const std::size_t needed = 1 + !has_validation + !has_test;
    for (const auto& [name, files] : train)
        if (files.size() < needed)
            throw bad_input(shown + ": class '" + printable(name, 80) + "' has " + std::to_string(files.size()) +
                            " image(s), expected at least " + std::to_string(needed) + " to split");
    const detail::class_files whole = train;
    if (!has_test) detail::split_off(train, test, whole, options.test, has_validation ? 1 : 2, options.seed, 1);
    if (!has_validation) detail::split_off(train, validation, whole, options.validation, 1, options.seed, 0);

    for (const auto& [name, files] : train) set.label_names.push_back(printable(name, 80));
    set.classes = set.label_names.size();
    set.kind = set.classes == 2 ? task::binary_class : task::multi_class;
    md5 digest;
    for (const auto& [split, files] :
         {std::pair(&set.train, &train), std::pair(&set.validation, &validation), std::pair(&set.test, &test)}) {
        for (const auto& [name, paths] : *files)
            for (const fs::path& path : paths) {
                const auto pixels = read_image(path, options.side, options.channels, options.frame);
                split->pixels.insert(split->pixels.end(), pixels.begin(), pixels.end());
                split->labels.push_back(static_cast<std::uint8_t>(std::distance(train.begin(), train.find(name))));
            }
        if (split->labels.empty())
            throw bad_input(shown + ": expected at least one image in " + (split == &set.test ? "test" : "val"));
        digest.add(std::as_bytes(std::span(split->pixels)));
        digest.add(std::as_bytes(std::span(split->labels)));
    }
    set.md5 = digest.hex();
    if (left_out > 0)
        set.warnings.push_back(shown + ": " + std::to_string(left_out) +
                               " file(s) left out that are not named .png, .jpg or .jpeg");
    warn_of_absent_classes(set);
    return set;
}

}  // namespace qvit::inline QVIT_ABI
