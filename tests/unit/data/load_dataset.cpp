// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <qvit/data/load_dataset.hpp>

#include "unit/data/message_of.hpp"
#include "unit/data/zip_writer.hpp"

using namespace test_files;
using qvit::load_dataset;
using qvit::task;

namespace {

/// Sets an environment variable (or removes it) for as long as it lives.
class environment {
  public:
    environment(const char* name, std::optional<std::string> value) : name_(name) {
        if (const char* old = std::getenv(name)) old_ = old;
        set(value);
    }
    ~environment() { set(old_); }
    environment(const environment&) = delete;
    environment& operator=(const environment&) = delete;

  private:
    void set(const std::optional<std::string>& value) const {
        if (value)
            setenv(name_, value->c_str(), 1);
        else
            unsetenv(name_);
    }
    const char* name_;
    std::optional<std::string> old_;
};

/// The arrays of a right file, each to be replaced by a wrong one.
std::map<std::string, std::string> arrays(std::size_t channels, const std::string& train_labels) {
    const auto images = [&](std::size_t count) {
        const std::string shape = "(" + std::to_string(count) + ", 28, 28" + (channels == 1 ? ")" : ", 3)");
        std::string pixels(count * 28 * 28 * channels, '\0');
        for (std::size_t i = 0; i < pixels.size(); ++i) pixels[i] = static_cast<char>(i % 251);
        return npy("|u1", shape, pixels);
    };
    return {{"train_images", images(3)}, {"train_labels", npy("|u1", "(3, 1)", train_labels)},
            {"val_images", images(2)},   {"val_labels", npy("|u1", "(2,)", std::string("\1\0", 2))},
            {"test_images", images(1)},  {"test_labels", npy("|u1", "(1, 1)", std::string("\0", 1))}};
}

const std::string three_labels("\0\1\2", 3);
const std::string two_labels("\0\1\0", 3);

std::string npz(const std::map<std::string, std::string>& content) {
    std::vector<entry> entries;
    for (const auto& [name, bytes] : content)
        entries.push_back({.name = name + ".npy", .content = bytes, .deflate = true});
    return zip(entries);
}

std::string message_with(const std::string& file, const std::string& name, const std::string& array) {
    const folder place;
    auto content = arrays(1, three_labels);
    content[name] = array;
    const auto path = place.write(file, npz(content));
    const std::string message = message_of([&] { (void)load_dataset(path.string()); });
    CHECK_MESSAGE(message.starts_with(path.string() + ": "), message);
    return message;
}

std::string wrong(const std::string& name, const std::string& array) { return message_with("own.npz", name, array); }

std::filesystem::path real_data(const std::string& name) {
    for (auto place : {std::getenv("QVIT_DATA_DIR") ? std::filesystem::path(std::getenv("QVIT_DATA_DIR")) : "",
                       std::filesystem::path(QVIT_SOURCE_DIR) / ".." / "shared" / "data"})
        if (!place.empty() && std::filesystem::exists(place / name)) return place / name;
    MESSAGE("SKIPPED: ", name, " is neither in QVIT_DATA_DIR nor in ../shared/data");
    return {};
}

}  // namespace

TEST_CASE("load_dataset: a file of one's own") {
    const folder place;
    const auto grey = load_dataset(place.write("own.npz", npz(arrays(1, three_labels))).string());
    CHECK(grey.name == "own");
    CHECK(grey.kind == task::multi_class);
    CHECK(grey.classes == 3);
    CHECK(grey.label_names == std::vector<std::string>{"class 0", "class 1", "class 2"});
    CHECK(grey.channels == 1);
    CHECK(grey.image_bytes() == 784);
    CHECK(grey.train.count() == 3);
    CHECK(grey.validation.count() == 2);
    CHECK(grey.test.count() == 1);
    CHECK(grey.train.labels == std::vector<std::uint8_t>{0, 1, 2});
    CHECK(grey.validation.labels == std::vector<std::uint8_t>{1, 0});
    REQUIRE(grey.train.pixels.size() == 3 * 784);
    CHECK(grey.train.pixels[1000] == 1000 % 251);
    CHECK_FALSE(grey.synthetic);
    // Not the name, not the MD5: what is missing from val and test is all there is to warn of.
    REQUIRE(grey.warnings.size() == 3);
    CHECK(grey.warnings[0] == "own: no val image has label 2 (class 2)");

    const auto colour = load_dataset(place.write("own.npz", npz(arrays(3, two_labels))).string());
    CHECK(colour.channels == 3);
    CHECK(colour.kind == task::binary_class);
    CHECK(colour.classes == 2);
    CHECK(colour.test.pixels.size() == 2352);

    auto trailing = arrays(1, two_labels);
    trailing["val_images"] = npy("|u1", "(2, 28, 28, 1)", std::string(2 * 784, 'x'));
    CHECK(load_dataset(place.write("own.npz", npz(trailing)).string()).channels == 1);
    // One class in train still makes a binary task.
    CHECK(load_dataset(place.write("own.npz", npz(arrays(1, std::string(3, '\0')))).string()).classes == 2);
}

TEST_CASE("load_dataset: the name says what an altered file is") {
    const folder place;
    const auto set = load_dataset(place.write("pneumoniamnist_mine.npz", npz(arrays(1, two_labels))).string());
    CHECK(set.name == "pneumoniamnist_mine");
    CHECK(set.kind == task::binary_class);
    CHECK(set.label_names == std::vector<std::string>{"normal", "pneumonia"});
    REQUIRE(!set.warnings.empty());
    CHECK_CONTAINS(set.warnings[0],
                   "is not that of the official pneumoniamnist.npz (28209eda62fecd6e6a2d98b1501bb15f)");
    CHECK_CONTAINS(set.warnings[0], set.md5);

    const auto ordinal = load_dataset(place.write("retinamnist.npz", npz(arrays(3, three_labels))).string());
    CHECK(ordinal.kind == task::ordinal_regression);
    CHECK(ordinal.classes == 5);

    CHECK_CONTAINS(
        message_of([&] { (void)load_dataset(place.write("retinamnist.npz", npz(arrays(1, three_labels))).string()); }),
        "has 1 channel(s), retinamnist has 3");
    CHECK_CONTAINS(
        message_of([&] { (void)load_dataset(place.write("chestmnist_2.npz", npz(arrays(1, three_labels))).string()); }),
        "entry 'train_labels.npy' has shape (3, 1), expected (N, 14)");
    CHECK_CONTAINS(
        message_of([&] { (void)load_dataset(place.write("breastmnist.npz", npz(arrays(1, three_labels))).string()); }),
        "entry 'train_labels.npy' has label 2 at index 2, expected 0 to 1");
}

TEST_CASE("load_dataset: several labels per image") {
    const folder place;
    const auto labels = [](std::size_t images, std::size_t columns, const std::string& text) {
        return npy("|u1", "(" + std::to_string(images) + ", " + std::to_string(columns) + ")", text);
    };
    auto content = arrays(1, three_labels);
    content["train_labels"] = labels(3, 2, std::string("\0\1\1\1\0\0", 6));
    content["val_labels"] = labels(2, 2, std::string("\1\0\0\1", 4));
    content["test_labels"] = labels(1, 2, std::string("\0\1", 2));
    const auto set = load_dataset(place.write("own.npz", npz(content)).string());
    CHECK(set.kind == task::multi_label);
    CHECK(set.classes == 2);
    CHECK(set.label_names == std::vector<std::string>{"label 0", "label 1"});
    CHECK(set.train.count() == 3);
    CHECK(set.train.pixels.size() == 3 * 784);
    CHECK(set.train.labels_per_image == 2);
    CHECK(set.train.has_label(1, 0));
    CHECK_FALSE(set.train.has_label(0, 0));
    CHECK(set.train.has_label(0, 1));
    CHECK(set.warnings == std::vector<std::string>{"own: no test image has label 0 (label 0)"});

    content["val_labels"] = labels(2, 2, std::string("\1\0\0\2", 4));
    CHECK_CONTAINS(message_of([&] { (void)load_dataset(place.write("own.npz", npz(content)).string()); }),
                   "entry 'val_labels.npy' has label 2 at index (1, 1), expected 0 to 1");
    content["val_labels"] = labels(1, 2, std::string("\1\0", 2));
    CHECK_CONTAINS(message_of([&] { (void)load_dataset(place.write("own.npz", npz(content)).string()); }),
                   "has shape (1, 2), expected 2 rows of labels, one per image");

    for (const auto& [name, rows] : {std::pair("train", 3), std::pair("val", 2), std::pair("test", 1)})
        content[std::string(name) + "_labels"] =
            labels(static_cast<std::size_t>(rows), 14, std::string(static_cast<std::size_t>(14 * rows), '\1'));
    const auto chest = load_dataset(place.write("chestmnist.npz", npz(content)).string());
    CHECK(chest.kind == task::multi_label);
    CHECK(chest.classes == 14);
    CHECK(chest.label_names[13] == "hernia");
    CHECK(chest.train.count() == 3);
}

TEST_CASE("load_dataset: images of any side") {
    const folder place;
    auto content = arrays(3, two_labels);
    for (const auto& [name, count] : {std::pair("train", 3), std::pair("val", 2), std::pair("test", 1)})
        content[std::string(name) + "_images"] = npy("|u1", "(" + std::to_string(count) + ", 64, 64, 3)",
                                                     std::string(static_cast<std::size_t>(count) * 12288, 'x'));
    const auto own = load_dataset(place.write("own.npz", npz(content)).string());
    CHECK(own.height == 64);
    CHECK(own.width == 64);
    CHECK(own.channels == 3);
    CHECK(own.image_bytes() == 12288);
    const auto known = load_dataset(place.write("retinamnist_64.npz", npz(content)).string());
    CHECK(known.known_as == "retinamnist");
    CHECK(known.classes == 5);
    REQUIRE(!known.warnings.empty());
    CHECK_CONTAINS(known.warnings[0], "only the MD5 of the 28 x 28 file of retinamnist is known");
}

TEST_CASE("load_dataset: what does not fit is refused with found and expected") {
    const auto images = [](const std::string& shape, std::size_t bytes) {
        return npy("|u1", shape, std::string(bytes, 'x'));
    };
    CHECK_CONTAINS(wrong("val_images", images("(2, 784)", 1568)),
                   "has shape (2, 784), expected (N, side, side) or (N, side, side, 3)");
    CHECK_CONTAINS(wrong("train_images", images("(3, 28, 28, 2)", 3 * 1568)), "has shape (3, 28, 28, 2), expected");
    CHECK_CONTAINS(wrong("train_images", images("(3, 64, 64)", 3 * 4096)),
                   "val_images.npy' has images of side 28, train_images of side 64");
    CHECK_CONTAINS(wrong("train_images", images("(3, 28, 14)", 3 * 392)), "expected square images");
    CHECK_CONTAINS(wrong("train_images", images("(3, 0, 0)", 0)), "expected square images");
    CHECK_CONTAINS(wrong("test_images", images("(0, 28, 28)", 0)), "expected at least one image");
    CHECK_CONTAINS(wrong("test_images", images("(1, 28, 28, 3)", 2352)), "has 3 channel(s), train_images has 1");
    CHECK_CONTAINS(wrong("train_images", npy("<f4", "(1, 28, 28)", std::string(3136, '\0'))),
                   "has dtype <f4, expected |u1");
    CHECK_CONTAINS(wrong("val_labels", npy("<i8", "(2,)", std::string(16, '\0'))), "has dtype <i8, expected |u1");
    CHECK_CONTAINS(wrong("val_labels", npy("|u1", "(3,)", "\1\1\1")),
                   "has shape (3,), expected 2 labels, one per image");
    CHECK_CONTAINS(wrong("val_labels", npy("|u1", "()", "\1")), "has shape (), expected (N, 1) or (N,)");
    CHECK_CONTAINS(wrong("val_labels", npy("|u1", "(2, 1, 1)", "\1\1")), "expected (N, 1) or (N,)");
    CHECK_CONTAINS(wrong("train_labels", npy("|u1", "(3, 2)", std::string(6, '\0'))),
                   "entry 'val_labels.npy' has shape (2,), expected (N, 2)");
    CHECK_CONTAINS(wrong("train_labels", npy("|u1", "(3, 0)", "")), "expected 1 to 256 labels per image");
    CHECK_CONTAINS(wrong("train_labels", npy("|u1", "(3, 257)", std::string(771, '\0'))),
                   "expected 1 to 256 labels per image");
    CHECK_CONTAINS(wrong("val_labels", npy("|u1", "(2, 2)", std::string(4, '\0'))),
                   "has shape (2, 2), expected (N, 1) or (N,)");
    CHECK_CONTAINS(wrong("val_labels", npy("|u1", "(2,)", "\1\3")),
                   "entry 'val_labels.npy' has label 3 at index 1, expected 0 to 2");

    const folder place;
    auto incomplete = arrays(1, two_labels);
    incomplete.erase("val_images");
    CHECK_CONTAINS(message_of([&] { (void)load_dataset(place.write("own.npz", npz(incomplete)).string()); }),
                   "own.npz: has no array 'val_images', it has 'test_images', 'test_labels', 'train_images'");
}

TEST_CASE("load_dataset: names are looked for in QVIT_DATA_DIR, then ~/.medmnist") {
    const folder first, home;
    const environment data("QVIT_DATA_DIR", first.path().string());
    const environment user("HOME", home.path().string());
    const std::string missing = message_of([] { (void)load_dataset("retinamnist"); });
    CHECK_CONTAINS(missing, "retinamnist: retinamnist.npz is not in " + first.path().string() + " and " +
                                home.path().string() + "/.medmnist");
    CHECK_CONTAINS(missing, "download https://zenodo.org/records/10519652/files/retinamnist.npz");
    CHECK_CONTAINS(missing, "MD5 bd4c0672f1bba3e3a89f0e4e876791e4");
    CHECK_CONTAINS(missing, "to " + home.path().string() + "/.medmnist/retinamnist.npz");
    CHECK_CONTAINS(message_of([] { (void)load_dataset("chestmnist_224"); }),
                   "download https://zenodo.org/records/10519652/files/chestmnist_224.npz to ");
    CHECK_CONTAINS(message_of([] { (void)load_dataset("./bloodmnist_64.npz"); }),
                   "no such file; download https://zenodo.org/records/10519652/files/bloodmnist_64.npz");
    CHECK_CONTAINS(message_of([] { (void)load_dataset("retinmanist"); }),
                   "'retinmanist' is neither a file nor a known data set");
    CHECK_CONTAINS(message_of([] { (void)load_dataset("retinmanist"); }), "did you mean 'retinamnist'?");
    CHECK_CONTAINS(message_of([] { (void)load_dataset("sintetic"); }), "did you mean 'synthetic'?");
    CHECK_CONTAINS(message_of([] { (void)load_dataset(""); }), "is neither a file nor a known data set");
    CHECK_CONTAINS(message_of([] { (void)load_dataset("./retinamnist"); }), "./retinamnist: no such file");
    CHECK_CONTAINS(message_of([] { (void)load_dataset("retinamnist.npz"); }), "retinamnist.npz: no such file");

    std::filesystem::create_directory(home.path() / ".medmnist");
    home.write(".medmnist/breastmnist.npz", npz(arrays(1, two_labels)));
    CHECK(load_dataset("breastmnist").train.count() == 3);
    auto other = arrays(1, two_labels);
    other["train_images"] = npy("|u1", "(4, 28, 28)", std::string(4 * 784, 'x'));
    other["train_labels"] = npy("|u1", "(4,)", std::string(4, '\0'));
    first.write("breastmnist.npz", npz(other));
    first.write("mine.npz", npz(other));
    CHECK(load_dataset("breastmnist").train.count() == 4);
    CHECK(load_dataset("mine").train.count() == 4);

    const environment no_data("QVIT_DATA_DIR", std::nullopt);
    const environment no_user("HOME", std::nullopt);
    CHECK_CONTAINS(message_of([] { (void)load_dataset("breastmnist"); }), "QVIT_DATA_DIR and HOME are not set");
}

TEST_CASE("load_dataset: a cut file is refused at every length") {
    const folder place;
    const std::string whole = npz(arrays(1, two_labels));
    for (std::size_t length = 0; length < whole.size(); length += 37) {
        const auto path = place.write("own.npz", whole.substr(0, length));
        CHECK(message_of([&] { (void)load_dataset(path.string()); }).starts_with(path.string() + ": "));
    }
}

TEST_CASE("load_dataset: real files") {
    if (const auto path = real_data("retinamnist.npz"); !path.empty()) {
        const auto set = load_dataset(path.string());
        CHECK(set.md5 == "bd4c0672f1bba3e3a89f0e4e876791e4");
        CHECK(set.warnings.empty());
        CHECK(set.kind == task::ordinal_regression);
        CHECK(set.channels == 3);
        CHECK(set.classes == 5);
        CHECK(set.train.count() == 1080);
        CHECK(set.validation.count() == 120);
        CHECK(set.test.count() == 400);
        CHECK(std::count(set.test.labels.begin(), set.test.labels.end(), 0) == 174);  // .435 of 400
        // The same file under a name that says nothing is known by its MD5.
        const folder place;
        std::filesystem::copy_file(path, place.path() / "data.npz");
        const auto renamed = load_dataset((place.path() / "data.npz").string());
        CHECK(renamed.kind == task::ordinal_regression);
        CHECK(renamed.warnings.empty());
    }
    if (const auto path = real_data("breastmnist.npz"); !path.empty()) {
        const auto set = load_dataset(path.string());
        CHECK(set.warnings.empty());
        CHECK(set.channels == 1);
        CHECK(set.train.count() == 546);
        CHECK(set.validation.count() == 78);
        CHECK(set.test.count() == 156);
        CHECK(set.label_names == std::vector<std::string>{"malignant", "normal, benign"});
    }
    if (const auto path = real_data("pneumoniamnist_rebuilt.npz"); !path.empty()) {
        const auto set = load_dataset(path.string());
        CHECK(set.md5 == "53e7b7196a6240ea4a902dbe618dc2ba");
        CHECK(set.warnings.size() == 1);
        CHECK(set.kind == task::binary_class);
        CHECK(set.train.count() == 4708);
    }
    if (const auto path = real_data("bloodmnist_like.npz"); !path.empty()) {
        const auto set = load_dataset(path.string());
        CHECK(set.classes == 8);
        CHECK(set.warnings.size() == 1);
        CHECK(set.test.pixels.size() == 3415 * 2352);
    }
}
