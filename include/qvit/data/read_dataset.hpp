// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <qvit/core/config.hpp>
#include <qvit/data/bad_input.hpp>
#include <qvit/data/dataset.hpp>
#include <qvit/data/md5.hpp>
#include <qvit/data/medmnist.hpp>
#include <qvit/data/npz.hpp>
#include <qvit/data/printable.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
struct named_split {
    std::string_view key;
    image_split dataset::*split;
};
inline constexpr named_split named_splits[] = {
    {"train", &dataset::train}, {"val", &dataset::validation}, {"test", &dataset::test}};

/// Checks the shape and type that <key>_images declares before any of it is read; returns the number of channels.
inline std::size_t checked_channels(const npz_file& file, const std::string& name) {
    const npy_header header = file.header(name);
    const std::string origin = file.origin(name) + " has shape " + shape_text(header.shape);
    if (header.shape.size() != 3 && header.shape.size() != 4)
        throw bad_input(origin + ", expected (N, 28, 28) or (N, 28, 28, 3)");
    const std::size_t channels = header.shape.size() == 3 ? 1 : header.shape[3];
    if (channels != 1 && channels != 3)
        throw bad_input(origin + ", expected (N, 28, 28), (N, 28, 28, 1) or (N, 28, 28, 3)");
    if (header.shape[1] != 28 || header.shape[2] != 28)
        throw bad_input(origin + ", not supported yet: images that are not 28 x 28");
    if (header.dtype != "|u1") throw bad_input(file.origin(name) + " has dtype " + header.dtype + ", expected |u1");
    if (header.shape[0] == 0) throw bad_input(origin + ", expected at least one image");
    return channels;
}

/// Reads one split's labels, `images` of them.
inline std::vector<std::uint8_t> read_labels(const npz_file& file, const std::string& name, std::size_t images) {
    const npy_header header = file.header(name);
    const std::string origin = file.origin(name) + " has shape " + shape_text(header.shape);
    if (header.shape.size() == 2 && header.shape[1] > 1)
        throw bad_input(origin + ", not supported yet: several labels per image");
    if (header.shape.empty() || header.shape.size() > 2 || (header.shape.size() == 2 && header.shape[1] != 1))
        throw bad_input(origin + ", expected (N, 1) or (N,)");
    if (header.shape[0] != images)
        throw bad_input(origin + ", expected " + std::to_string(images) + " labels, one per image");
    return file.read(name).as<std::uint8_t>();
}

/// Says which label is the first that does not fit.
inline void check_labels(const npz_file& file, const std::string& name, const image_split& split, std::size_t classes) {
    const auto wrong =
        std::find_if(split.labels.begin(), split.labels.end(), [&](std::uint8_t label) { return label >= classes; });
    if (wrong == split.labels.end()) return;
    throw bad_input(file.origin(name) + " has label " + std::to_string(*wrong) + " at index " +
                    std::to_string(wrong - split.labels.begin()) + ", expected 0 to " + std::to_string(classes - 1));
}

/// The AUC of a split that lacks a class is undefined: say so before hours of training.
inline void warn_of_absent_classes(dataset& set) {
    for (const auto& [key, split] : named_splits)
        for (std::size_t label = 0; label < set.classes; ++label) {
            const auto& labels = (set.*split).labels;
            if (std::find(labels.begin(), labels.end(), label) == labels.end())
                set.warnings.push_back(printable(set.name) + ": no " + std::string(key) + " image has label " +
                                       std::to_string(label) + " (" + set.label_names[label] + ")");
        }
}
}  // namespace detail

/// Reads an image set in MedMNIST's form: {train,val,test}_{images,labels}, bytes, images N x 28 x 28 (grey) or
/// N x 28 x 28 x 3 (RGB), labels N x 1 or N.
///
/// The task, classes and label names are those of the MedMNIST set whose MD5 the file has, else of the longest flag
/// that the file's name begins with (then with a warning that it is not the official file), else derived: classes
/// from the largest training label, at least 2, binary for 2. Warnings also name classes that a split has no image of.
/// Cost: the file is read twice, once for its MD5; memory is that of the pixels, and of one array more while it is
/// read. Every failure is a bad_input of one line that begins with the path: what npz_file refuses, a missing array,
/// another shape or type, a label out of range with its index, what is not supported yet.
///
///     const qvit::dataset retina = qvit::read_dataset("data/retinamnist.npz");
[[nodiscard]] inline dataset read_dataset(const std::filesystem::path& path) {
    const npz_file file(path);
    dataset set;
    set.name = path.stem().string();
    set.md5 = md5::of_file(path);
    const medmnist_set* official = medmnist_by_md5(set.md5);
    const medmnist_set* known = official ? official : medmnist_by_prefix(set.name);
    if (known) set.known_as = std::string(known->flag);
    const std::string shown = printable(path.string());
    if (known && known->kind == task::multi_label)
        throw bad_input(shown + ": not supported yet: several labels per image (" + std::string(known->flag) + ")");
    set.height = set.width = 28;
    set.channels = detail::checked_channels(file, "train_images");
    if (known && known->channels != set.channels)
        throw bad_input(file.origin("train_images") + " has " + std::to_string(set.channels) + " channel(s), " +
                        std::string(known->flag) + " has " + std::to_string(known->channels));

    for (const auto& [key, member] : detail::named_splits) {
        image_split& split = set.*member;
        const std::string images = std::string(key) + "_images", labels = std::string(key) + "_labels";
        if (const std::size_t channels = detail::checked_channels(file, images); channels != set.channels)
            throw bad_input(file.origin(images) + " has " + std::to_string(channels) +
                            " channel(s), train_images has " + std::to_string(set.channels));
        split.labels = detail::read_labels(file, labels, file.header(images).shape[0]);
    }

    if (known) {
        set.kind = known->kind;
        set.classes = known->classes();
        set.label_names.assign(known->label_names.begin(), known->label_names.end());
        if (!official)
            set.warnings.push_back(shown + ": MD5 " + set.md5 + " is not that of the official " +
                                   std::string(known->flag) + ".npz (" + std::string(known->md5) +
                                   "): figures are not comparable with published ones");
    } else {
        const std::uint8_t largest = *std::max_element(set.train.labels.begin(), set.train.labels.end());
        set.classes = std::max<std::size_t>(2, largest + std::size_t{1});
        set.kind = set.classes == 2 ? task::binary_class : task::multi_class;
        for (std::size_t label = 0; label < set.classes; ++label)
            set.label_names.push_back("class " + std::to_string(label));
    }
    for (const auto& [key, member] : detail::named_splits) {
        detail::check_labels(file, std::string(key) + "_labels", set.*member, set.classes);
        (set.*member).pixels = file.read(std::string(key) + "_images").as<std::uint8_t>();
    }
    detail::warn_of_absent_classes(set);
    return set;
}

}  // namespace qvit::inline QVIT_ABI
