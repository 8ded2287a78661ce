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
#include <qvit/data/class_balance.hpp>
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

struct image_shape {
    std::size_t side, channels;
};

/// Checks the shape and type that <key>_images declares before any of it is read.
inline image_shape checked_shape(const npz_file& file, const std::string& name) {
    const npy_header header = file.header(name);
    const std::string origin = file.origin(name) + " has shape " + shape_text(header.shape);
    if (header.shape.size() != 3 && header.shape.size() != 4)
        throw bad_input(origin + ", expected (N, side, side) or (N, side, side, 3)");
    const std::size_t channels = header.shape.size() == 3 ? 1 : header.shape[3];
    if (channels != 1 && channels != 3)
        throw bad_input(origin + ", expected (N, side, side), (N, side, side, 1) or (N, side, side, 3)");
    if (header.shape[1] != header.shape[2] || header.shape[1] == 0)
        throw bad_input(origin + ", expected square images");
    if (header.dtype != "|u1") throw bad_input(file.origin(name) + " has dtype " + header.dtype + ", expected |u1");
    if (header.shape[0] == 0) throw bad_input(origin + ", expected at least one image");
    return {header.shape[1], channels};
}

/// How many labels each image has: 1, or the columns of train_labels where the set is, or may be, multi-label.
inline std::size_t labels_per_image(const npz_file& file, const medmnist_set* known) {
    if (known) return known->kind == task::multi_label ? known->classes() : 1;
    const npy_header header = file.header("train_labels");
    const std::size_t columns = header.shape.size() == 2 ? header.shape[1] : 1;
    if (columns == 0 || columns > 256)
        throw bad_input(file.origin("train_labels") + " has shape " + shape_text(header.shape) +
                        ", expected 1 to 256 labels per image");
    return columns;
}

/// Reads one split's labels, `columns` for each of `images`.
inline std::vector<std::uint8_t> read_labels(const npz_file& file, const std::string& name, std::size_t images,
                                             std::size_t columns) {
    const npy_header header = file.header(name);
    const std::string origin = file.origin(name) + " has shape " + shape_text(header.shape);
    const bool flat = header.shape.size() == 1 && columns == 1;
    if (!flat && (header.shape.size() != 2 || header.shape[1] != columns))
        throw bad_input(origin + ", expected " +
                        (columns == 1 ? "(N, 1) or (N,)" : "(N, " + std::to_string(columns) + ")"));
    if (header.shape[0] != images)
        throw bad_input(origin + ", expected " + std::to_string(images) +
                        (columns == 1 ? " labels, one per image" : " rows of labels, one per image"));
    return file.read(name).as<std::uint8_t>();
}

/// Says which label is the first that is not below `limit`.
inline void check_labels(const npz_file& file, const std::string& name, const image_split& split, std::size_t limit) {
    const auto wrong =
        std::find_if(split.labels.begin(), split.labels.end(), [&](std::uint8_t label) { return label >= limit; });
    if (wrong == split.labels.end()) return;
    const auto at = static_cast<std::size_t>(wrong - split.labels.begin()), columns = split.labels_per_image;
    throw bad_input(file.origin(name) + " has label " + std::to_string(*wrong) + " at index " +
                    (columns == 1 ? std::to_string(at)
                                  : "(" + std::to_string(at / columns) + ", " + std::to_string(at % columns) + ")") +
                    ", expected 0 to " + std::to_string(limit - 1));
}

}  // namespace detail

/// Reads an image set in MedMNIST's form: {train,val,test}_{images,labels}, bytes, images N x side x side (grey) or
/// N x side x side x 3 (RGB), labels N x 1 or N, or N x classes of 0 and 1 where an image has several.
///
/// The task, classes and label names are those of the MedMNIST set whose MD5 the file has, else of the longest flag
/// that the file's name begins with (then with a warning that it is not the official file), else derived: several
/// columns of labels make a multi-label set; otherwise classes come from the largest training label, at least 2, binary
/// for 2. Warnings also name classes that a split has no image of.
/// Cost: the file is read twice, once for its MD5; memory is that of the pixels, and of one array more while it is
/// read. Every failure is a bad_input of one line that begins with the path: what npz_file refuses, a missing array,
/// another shape or type, a label out of range with its index.
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
    const auto [side, channels] = detail::checked_shape(file, "train_images");
    set.height = set.width = side;
    set.channels = channels;
    if (known && known->channels != channels)
        throw bad_input(file.origin("train_images") + " has " + std::to_string(channels) + " channel(s), " +
                        std::string(known->flag) + " has " + std::to_string(known->channels));

    const std::size_t columns = detail::labels_per_image(file, known);
    for (const auto& [key, member] : detail::named_splits) {
        image_split& split = set.*member;
        const std::string images = std::string(key) + "_images", labels = std::string(key) + "_labels";
        const auto found = detail::checked_shape(file, images);
        if (found.channels != channels)
            throw bad_input(file.origin(images) + " has " + std::to_string(found.channels) +
                            " channel(s), train_images has " + std::to_string(channels));
        if (found.side != side)
            throw bad_input(file.origin(images) + " has images of side " + std::to_string(found.side) +
                            ", train_images of side " + std::to_string(side));
        split.labels_per_image = columns;
        split.labels = detail::read_labels(file, labels, file.header(images).shape[0], columns);
    }

    if (known) {
        set.kind = known->kind;
        set.classes = known->classes();
        set.label_names.assign(known->label_names.begin(), known->label_names.end());
        if (!official && side == 28)
            set.warnings.push_back(shown + ": MD5 " + set.md5 + " is not that of the official " +
                                   std::string(known->flag) + ".npz (" + std::string(known->md5) +
                                   "): figures are not comparable with published ones");
        if (!official && side != 28)
            set.warnings.push_back(shown +
                                   ": cannot tell whether it is official, only the MD5 of the 28 x 28 file of " +
                                   std::string(known->flag) + " is known");
    } else if (columns > 1) {
        set.kind = task::multi_label;
        set.classes = columns;
        for (std::size_t label = 0; label < set.classes; ++label)
            set.label_names.push_back("label " + std::to_string(label));
    } else {
        const std::uint8_t largest = *std::max_element(set.train.labels.begin(), set.train.labels.end());
        set.classes = std::max<std::size_t>(2, largest + std::size_t{1});
        set.kind = set.classes == 2 ? task::binary_class : task::multi_class;
        for (std::size_t label = 0; label < set.classes; ++label)
            set.label_names.push_back("class " + std::to_string(label));
    }
    for (const auto& [key, member] : detail::named_splits) {
        detail::check_labels(file, std::string(key) + "_labels", set.*member, columns > 1 ? 2 : set.classes);
        (set.*member).pixels = file.read(std::string(key) + "_images").as<std::uint8_t>();
    }
    warn_of_absent_classes(set);
    return set;
}

}  // namespace qvit::inline QVIT_ABI
