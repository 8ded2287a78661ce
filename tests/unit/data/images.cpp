// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <qvit/data/byte_image.hpp>
#include <qvit/data/image_folder.hpp>
#include <qvit/data/load_dataset.hpp>
#include <qvit/data/read_image.hpp>
#include <qvit/data/resize_dataset.hpp>
#include <qvit/data/resize_image.hpp>

#include "unit/data/image_writer.hpp"
#include "unit/data/message_of.hpp"
#include "unit/data/zip_writer.hpp"

using namespace qvit;
using namespace test_files;
using bytes = std::vector<std::uint8_t>;

namespace {

bytes resized(std::size_t height, std::size_t width, const bytes& pixels, std::size_t to_height, std::size_t to_width,
              std::size_t channels = 1) {
    const byte_image result = resize_image({height, width, channels, pixels}, to_height, to_width);
    CHECK(result.height == to_height);
    CHECK(result.width == to_width);
    CHECK(result.channels == channels);
    return result.pixels;
}

/// What reading a file of these bytes says.
std::string refusal(const folder& place, const std::string& name, const std::string& content) {
    const auto path = place.write(name, content);
    const std::string message = message_of([&] { (void)read_image(path, 3); });
    CHECK_MESSAGE(message.starts_with(path.string() + ": "), message);
    return message;
}

/// A one-coloured image file for each name.
void fill(const std::filesystem::path& place, const std::string& prefix, std::size_t count, std::uint8_t first) {
    std::filesystem::create_directories(place);
    for (std::size_t i = 0; i < count; ++i)
        std::ofstream(place / (prefix + std::to_string(i) + ".png"), std::ios::binary)
            << png(4, 4, 1, bytes(16, static_cast<std::uint8_t>(first + i)));
}

std::string folder_refusal(const std::filesystem::path& place, const folder_options& options = {}) {
    return message_of([&] { (void)read_image_folder(place, options); });
}

}  // namespace

TEST_CASE("resize_image: means over areas where it shrinks") {
    CHECK(resized(2, 2, {10, 20, 30, 40}, 1, 1) == bytes{25});
    CHECK(resized(2, 4, {0, 8, 100, 104, 4, 12, 102, 102}, 1, 2) == bytes{6, 102});
    // 3 -> 2: the middle pixel belongs to both, a third of each.
    CHECK(resized(1, 3, {0, 90, 240}, 1, 2) == bytes{30, 190});
    CHECK(resized(3, 1, {0, 90, 240}, 2, 1) == bytes{30, 190});
    // 5 -> 2 of RGB, each channel for itself.
    CHECK(resized(1, 5, {10, 0, 1, 20, 0, 1, 30, 0, 1, 40, 0, 1, 50, 100, 1}, 1, 2, 3) == bytes{18, 0, 1, 42, 40, 1});
    CHECK(resized(1, 2, {0, 1}, 1, 1) == bytes{1});  // a half goes up
    CHECK(resized(100, 100, bytes(10000, 255), 7, 7) == bytes(49, 255));
}

TEST_CASE("resize_image: lines between the pixels' middles where it grows, nothing where it stays") {
    CHECK(resized(1, 2, {0, 100}, 1, 4) == bytes{0, 25, 75, 100});
    CHECK(resized(2, 1, {0, 100}, 4, 1) == bytes{0, 25, 75, 100});
    CHECK(resized(1, 2, {0, 120}, 1, 3) == bytes{0, 60, 120});
    CHECK(resized(1, 1, {77}, 3, 3) == bytes(9, 77));
    // One axis grows, the other shrinks.
    CHECK(resized(2, 2, {0, 100, 20, 120}, 1, 4) == bytes{10, 35, 85, 110});
    const bytes pixels = some_pixels(5, 6, 3);
    CHECK(resized(5, 6, pixels, 5, 6, 3) == pixels);
    CHECK(resized(5, 6, pixels, 10, 6, 3).size() == 180);
}

TEST_CASE("centre_square: the middle of the longer edge") {
    const byte_image wide{2, 5, 1, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}};
    CHECK(centre_square(wide).pixels == bytes{1, 2, 6, 7});
    const byte_image high{3, 1, 3, {0, 1, 2, 3, 4, 5, 6, 7, 8}};
    CHECK(centre_square(high).pixels == bytes{3, 4, 5});
    CHECK(centre_square(high).height == 1);
}

TEST_CASE("read_image: PNG gives the bytes, JPEG nearly, grey and RGB as asked for") {
    const folder place;
    for (const std::size_t channels : {1u, 3u}) {
        const bytes pixels = some_pixels(5, 7, channels);
        const byte_image image = read_image(place.write("a.png", png(5, 7, channels, pixels)), channels);
        CHECK(image.height == 5);
        CHECK(image.width == 7);
        CHECK(image.channels == channels);
        CHECK(image.pixels == pixels);
    }
    const bytes grey{0, 100, 200, 255};
    CHECK(read_image(place.write("a.png", png(2, 2, 1, grey)), 3).pixels ==
          bytes{0, 0, 0, 100, 100, 100, 200, 200, 200, 255, 255, 255});
    CHECK(read_image(place.write("a.png", png(1, 1, 4, {10, 20, 30, 0})), 3).pixels == bytes{10, 20, 30});
    const bytes luma = read_image(place.write("a.png", png(1, 2, 3, {100, 100, 100, 255, 0, 0})), 1).pixels;
    CHECK(luma[0] == 100);
    CHECK(std::abs(luma[1] - 76) <= 1);  // .299 of 255

    // A slope survives compression; what the file is named does not matter.
    bytes slope(16 * 16 * 3);
    for (std::size_t i = 0; i < 256; ++i)
        for (std::size_t k = 0; k < 3; ++k) slope[3 * i + k] = static_cast<std::uint8_t>(i / 16 * 10 + i % 16 * 5 + k);
    const byte_image image = read_image(place.write("b.png", jpeg(16, 16, 3, slope)), 3);
    REQUIRE(image.pixels.size() == slope.size());
    int worst = 0;
    for (std::size_t i = 0; i < slope.size(); ++i) worst = std::max(worst, std::abs(image.pixels[i] - slope[i]));
    CHECK(worst <= 8);
    CHECK(read_image(place.write("b.jpg", jpeg(9, 9, 1, bytes(81, 90))), 1).pixels == bytes(81, 90));

    // Interlaced, 16 bits, a palette, made by hand: 2 x 1 pixels.
    const auto odd = [&](const std::string& header, const std::string& extra, const std::string& lines) {
        std::vector<std::pair<std::string, std::string>> chunks{{"IHDR", header}};
        if (!extra.empty()) chunks.push_back({"PLTE", extra});
        const std::string stream = zlib_stream(lines);  // in two parts
        chunks.push_back({"IDAT", stream.substr(0, 3)});
        chunks.push_back({"IDAT", stream.substr(3)});
        chunks.push_back({"IEND", ""});
        return read_image(place.write("odd.png", png_of(chunks)), 3).pixels;
    };
    const std::string size = big_endian(2) + big_endian(1);
    CHECK(odd(size + std::string{8, 0, 0, 0, 1}, "", std::string("\0\7\0\11", 4)) == bytes{7, 7, 7, 9, 9, 9});
    CHECK(odd(size + std::string{16, 0, 0, 0, 0}, "", std::string("\0\7\1\11\2", 5)) == bytes{7, 7, 7, 9, 9, 9});
    CHECK(odd(size + std::string{8, 3, 0, 0, 0}, "abcxyz", std::string("\0\1\0", 3)) ==
          bytes{'x', 'y', 'z', 'a', 'b', 'c'});
}

TEST_CASE("read_image: for a model, cut to a square or squeezed") {
    const folder place;
    // 2 x 4: black edges, white middle.
    const auto path = place.write("a.png", png(2, 4, 1, {0, 255, 255, 0, 0, 255, 255, 0}));
    CHECK(read_image(path, 2, 1) == bytes{255, 255, 255, 255});
    CHECK(read_image(path, 2, 1, framing::stretch) == bytes{128, 128, 128, 128});
    CHECK(read_image(path, 1, 3) == bytes{255, 255, 255});
    CHECK(read_image(path, 28, 3).size() == 28 * 28 * 3);
}

TEST_CASE("read_image: what is no image, or too large, is refused by name") {
    const folder place;
    CHECK_CONTAINS(message_of([&] { (void)read_image(place.path() / "none.png", 3); }), "none.png: no such file");
    CHECK_CONTAINS(message_of([&] { (void)read_image(place.path(), 3); }), "is a directory");
    CHECK_CONTAINS(refusal(place, "a.png", ""), "is neither a PNG nor a JPEG image");
    CHECK_CONTAINS(refusal(place, "a.png", "GIF89a........"), "is neither a PNG nor a JPEG image");
    CHECK_CONTAINS(refusal(place, "a.png", "\x89PNG\r\n\x1a\n"), "is cut off");
    CHECK_CONTAINS(refusal(place, "a.jpg", "\xff\xd8\xff"), "is cut off");

    const auto of_size = [&](std::uint32_t width, std::uint32_t height, const std::string& lines = "") {
        return refusal(place, "a.png",
                       png_of({{"IHDR", png_header(width, height)}, {"IDAT", zlib_stream(lines)}, {"IEND", ""}}));
    };
    CHECK_CONTAINS(of_size(16385, 1), "has an image of 16385 x 1 pixels, expected 1 x 1 to 16384 x 16384");
    CHECK_CONTAINS(of_size(1, 0x7fffffff), "has an image of 1 x 2147483647 pixels");
    CHECK_CONTAINS(of_size(0, 5), "has an image of 0 x 5 pixels");
    CHECK_CONTAINS(of_size(16384, 16384, "x"), "inflates to less than its size says");
    CHECK_CONTAINS(of_size(1, 1, std::string(std::size_t{1} << 20, '\0')), "inflates to more than its size says");

    std::string large = jpeg(8, 8, 1, bytes(64, 9));
    const std::size_t frame = large.find("\xff\xc0");
    REQUIRE(frame != std::string::npos);
    large.replace(frame + 5, 4, "\xff\xff\xff\xff");
    CHECK_CONTAINS(refusal(place, "a.jpg", large), "has an image of 65535 x 65535 pixels");
    large.replace(frame + 5, 4, "\x40\x01\x40\x01");
    CHECK_CONTAINS(refusal(place, "a.jpg", large), "has an image of 16385 x 16385 pixels");
    large.replace(frame + 5, 4, std::string("\x40\0\x40\0", 4));
    CHECK_CONTAINS(refusal(place, "a.jpg", large), "a JPEG image of 16384 x 16384 pixels takes more than its");

    const auto sparse = place.write("huge.png", "\x89PNG\r\n\x1a\n");
    std::filesystem::resize_file(sparse, (std::uint64_t{256} << 20) + 1);
    CHECK_CONTAINS(message_of([&] { (void)read_image(sparse, 3); }), "expected an image of at most 256 MiB");

    // The decoder's own reasons come through.
    CHECK_CONTAINS(refusal(place, "a.png",
                           png_of({{"IHDR", big_endian(1) + big_endian(1) + std::string{8, 7, 0, 0, 0}},
                                   {"IDAT", zlib_stream(std::string(2, '\0'))},
                                   {"IEND", ""}})),
                   "is damaged: ");
    CHECK_CONTAINS(refusal(place, "a.png", png_of({{"IDAT", ""}, {"IEND", ""}})), "begins with one IHDR chunk");
    CHECK_CONTAINS(refusal(place, "a.png", png_of({{"IHDR", "short"}, {"IEND", ""}})), "is not 13 bytes long");
    CHECK_CONTAINS(refusal(place, "a.png", png_of({{"IHDR", png_header(1, 1)}, {"IEND", ""}})), "do not end");
    CHECK_CONTAINS(
        refusal(place, "a.png", png_of({{"IHDR", png_header(1, 1)}, {"IDAT", "not zlib at all"}, {"IEND", ""}})),
        "cannot be inflated: incorrect header check");
}

TEST_CASE("read_image: a cut file is refused at every length") {
    const folder place;
    const std::vector<std::pair<std::string, std::string>> files{
        {"a.png", png(9, 11, 3, some_pixels(9, 11, 3))}, {"a.jpg", jpeg(17, 19, 3, some_pixels(17, 19, 3), 70)}};
    for (const auto& [name, whole] : files) {
        CHECK(read_image(place.write(name, whole), 3).channels == 3);
        for (std::size_t length = 0; length < whole.size(); ++length)
            (void)refusal(place, name, whole.substr(0, length));
    }
}

TEST_CASE("read_image: a changed byte is refused in a PNG and harmless in a JPEG") {
    const folder place;
    const std::string whole = png(9, 11, 3, some_pixels(9, 11, 3));
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const int change : {1, 64, 255}) {
            std::string damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ change);
            (void)refusal(place, "a.png", damaged);
        }
    // A JPEG has no checksums: either one clear message, or an image that is not too large.
    const std::string photograph = jpeg(17, 19, 3, some_pixels(17, 19, 3), 70);
    random_stream draw(5);
    std::size_t refused = 0;
    for (int trial = 0; trial < 1500; ++trial) {
        std::string damaged = photograph;
        for (std::uint32_t changes = 1 + draw.below(4); changes > 0; --changes) {
            std::size_t at = draw.below(static_cast<std::uint32_t>(damaged.size()));
            if (trial % 2 == 0) at %= 640;  // its headers and tables
            damaged[at] = static_cast<char>(draw.next_u32());
        }
        const auto path = place.write("a.jpg", damaged);
        try {
            (void)read_image(path, 3);
        } catch (const bad_input& error) {
            ++refused;
            CHECK(std::string(error.what()).starts_with(path.string() + ": "));
        }
    }
    CHECK(refused > 100);
}

TEST_CASE("read_image_folder: splits that are there") {
    const folder place;
    fill(place.path() / "set/train/dog", "", 2, 10);
    fill(place.path() / "set/train/cat", "", 3, 20);
    fill(place.path() / "set/val/cat", "v", 1, 30);
    fill(place.path() / "set/val/dog", "v", 1, 31);
    fill(place.path() / "set/test/dog", "t", 2, 40);
    std::filesystem::create_directories(place.path() / "set/train/empty");
    place.write("set/train/readme.txt", "text");
    place.write("set/train/cat/notes", "text");
    place.write("set/train/cat/.hidden", "text");
    place.write("set/train/cat/PHOTO.JPG", jpeg(4, 4, 1, bytes(16, 90)));
    const dataset set = load_dataset((place.path() / "set/").string(), {.side = 2, .channels = 1});
    CHECK(set.name == "set");
    CHECK(set.known_as.empty());
    CHECK(set.kind == task::binary_class);
    CHECK(set.label_names == std::vector<std::string>{"cat", "dog"});
    CHECK(set.classes == 2);
    CHECK(set.height == 2);
    CHECK(set.width == 2);
    CHECK(set.channels == 1);
    CHECK_FALSE(set.synthetic);
    CHECK(set.train.labels == bytes{0, 0, 0, 0, 1, 1});
    CHECK(set.train.pixels ==
          bytes{20, 20, 20, 20, 21, 21, 21, 21, 22, 22, 22, 22, 90, 90, 90, 90, 10, 10, 10, 10, 11, 11, 11, 11});
    CHECK(set.validation.labels == bytes{0, 1});
    CHECK(set.test.labels == bytes{1, 1});
    CHECK(set.test.pixels == bytes{40, 40, 40, 40, 41, 41, 41, 41});
    CHECK(set.md5.size() == 32);
    REQUIRE(set.warnings.size() == 2);
    CHECK_CONTAINS(set.warnings[0], "set/: 2 file(s) left out that are not named .png, .jpg or .jpeg");
    CHECK(set.warnings[1] == "set: no test image has label 0 (cat)");
    CHECK(read_image_folder(place.path() / "set").channels == 3);
    CHECK(read_image_folder(place.path() / "set").height == 28);
}

TEST_CASE("read_image_folder: a stratified split, drawn by the seed") {
    const folder place;
    const std::map<std::string, std::size_t> sizes{{"a", 10}, {"b", 20}, {"c", 3}};
    for (const auto& [name, count] : sizes) fill(place.path() / name, "", count, static_cast<std::uint8_t>(name[0]));
    folder_options options{.side = 1, .channels = 1};
    const auto read = [&] { return load_dataset(place.path().string(), options); };
    const dataset set = read();
    CHECK(set.kind == task::multi_class);
    const auto counts = [](const image_split& split) { return class_counts(split, 3); };
    using sizes_of = std::vector<std::size_t>;
    CHECK(counts(set.test) == sizes_of{2, 4, 1});
    CHECK(counts(set.validation) == sizes_of{1, 2, 1});
    CHECK(counts(set.train) == sizes_of{7, 14, 1});
    // Every image once, under its label.
    std::multiset<std::pair<int, int>> found, expected;
    for (const image_split* split : {&set.train, &set.validation, &set.test})
        for (std::size_t i = 0; i < split->count(); ++i) found.insert({split->labels[i], split->pixels[i]});
    for (const auto& [name, count] : sizes)
        for (std::size_t i = 0; i < count; ++i) expected.insert({name[0] - 'a', name[0] + static_cast<int>(i)});
    CHECK(found == expected);
    CHECK(set.warnings.empty());

    CHECK(read().md5 == set.md5);
    options.seed = 1;
    const dataset other = read();
    CHECK(other.md5 != set.md5);
    CHECK(counts(other.train) == counts(set.train));
    options.test = 0.9;  // what stays is one image for each of train and val
    options.validation = 0.05;
    CHECK(counts(read().test) == sizes_of{8, 18, 1});
    CHECK(counts(read().validation) == sizes_of{1, 1, 1});
    CHECK(counts(read().train) == sizes_of{1, 1, 1});
}

TEST_CASE("read_image_folder: a file more or less reshuffles nothing") {
    const folder place;
    fill(place.path() / "a", "", 60, 0);
    fill(place.path() / "b", "", 60, 100);
    const auto test_images = [&] {
        const dataset set = read_image_folder(place.path(), {.side = 1, .channels = 1});
        return std::set<int>(set.test.pixels.begin(), set.test.pixels.end());
    };
    const std::set<int> before = test_images();
    CHECK(before.size() == 24);
    std::filesystem::remove(*std::filesystem::directory_iterator(place.path() / "a"));
    const std::set<int> after = test_images();
    std::vector<int> changed;
    std::set_symmetric_difference(before.begin(), before.end(), after.begin(), after.end(),
                                  std::back_inserter(changed));
    CHECK(changed.size() <= 2);  // the file itself, and one that takes its place
}

TEST_CASE("read_image_folder: val/ or test/ alone") {
    const folder place;
    fill(place.path() / "train/a", "", 10, 0);
    fill(place.path() / "train/b", "", 10, 100);
    fill(place.path() / "test/a", "", 1, 50);
    fill(place.path() / "test/b", "", 1, 150);
    const dataset set = read_image_folder(place.path(), {.side = 1, .channels = 1});
    CHECK(set.train.count() == 18);
    CHECK(set.validation.count() == 2);
    CHECK(set.test.pixels == bytes{50, 150});
    std::filesystem::rename(place.path() / "test", place.path() / "val");
    const dataset other = read_image_folder(place.path(), {.side = 1, .channels = 1});
    CHECK(other.train.count() == 16);
    CHECK(other.validation.pixels == bytes{50, 150});
    CHECK(other.test.count() == 4);
}

TEST_CASE("read_image_folder: what is refused") {
    const folder place;
    const auto root = place.path();
    CHECK_CONTAINS(folder_refusal(root / "none"), "none: expected a folder of images, one folder per class");
    CHECK_CONTAINS(folder_refusal(root), "expected 2 to 256 folders with images, one per class, found 0");
    fill(root / "a", "", 3, 0);
    CHECK_CONTAINS(folder_refusal(root), "found 1");
    fill(root / "b", "", 2, 0);
    CHECK_CONTAINS(folder_refusal(root), "class 'b' has 2 image(s), expected at least 3 to split");
    fill(root / "b", "", 3, 0);
    CHECK(read_image_folder(root).train.count() == 2);
    CHECK_CONTAINS(folder_refusal(root, {.channels = 2}), "1 or 3 channels, found 28 and 2");
    CHECK_CONTAINS(folder_refusal(root, {.side = 0}), "expected a side of 1 to 16384");
    CHECK_CONTAINS(folder_refusal(root, {.validation = 0}), "expected shares above 0");
    CHECK_CONTAINS(folder_refusal(root, {.validation = 0.5, .test = 0.5}), "less than 1 together");
    place.write("b/2.png", "no image");
    const std::string message = folder_refusal(root);
    CHECK(message == (root / "b/2.png").string() + ": is neither a PNG nor a JPEG image");

    std::filesystem::create_directories(root / "set");
    for (const char* split : {"a", "b"}) fill(root / "set/train" / split, "", 2, 0);
    std::filesystem::create_directories(root / "set/val");
    CHECK_CONTAINS(folder_refusal(root / "set"), "set: expected at least one image in val");
    fill(root / "set/val/c", "", 1, 0);
    CHECK_CONTAINS(folder_refusal(root / "set"), "class 'c' has no training image");
}

TEST_CASE("resize_dataset: every image for itself") {
    dataset set;
    set.height = set.width = 2;
    set.channels = 1;
    set.train = {{0, 4, 8, 12, 100, 100, 100, 104}, {0, 1}};
    set.validation = {{1, 1, 1, 1}, {0}};
    set.test = {{9, 9, 9, 9}, {0}};
    const auto before = set.train.pixels;
    resize_dataset(set, 2);
    CHECK(set.train.pixels == before);
    resize_dataset(set, 1);
    CHECK(set.train.pixels == bytes{6, 101});
    CHECK(set.validation.pixels == bytes{1});
    CHECK(set.test.pixels == bytes{9});
    CHECK(set.image_bytes() == 1);
    CHECK(set.width == 1);
}
