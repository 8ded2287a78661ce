// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <set>
#include <string>

#include <qvit/data/md5.hpp>
#include <qvit/data/medmnist.hpp>
#include <qvit/data/nearest_name.hpp>
#include <qvit/data/printable.hpp>

#include "unit/data/message_of.hpp"
#include "unit/data/zip_writer.hpp"

using namespace qvit;

static_assert(medmnist_by_flag("retinamnist")->classes() == 5);
static_assert(medmnist_by_flag("retinamnist")->kind == task::ordinal_regression);
static_assert(medmnist_by_flag("tissuemnist")->train == 165466);
static_assert(medmnist_by_flag("chestmnist")->classes() == 14);
static_assert(medmnist_by_flag("mnist") == nullptr);
static_assert(medmnist_by_md5("750601b1f35ba3300ea97c75c52ff8f6") == medmnist_by_flag("breastmnist"));
static_assert(medmnist_by_md5("") == nullptr);
static_assert(medmnist_by_prefix("bloodmnist_like") == medmnist_by_flag("bloodmnist"));
static_assert(medmnist_by_prefix("blood") == nullptr);
static_assert(task_name(task::multi_label) == "multi-label, binary-class");

TEST_CASE("medmnist: twelve consistent sets") {
    std::set<std::string> flags, digests;
    std::size_t images = 0;
    for (const medmnist_set& set : medmnist_sets) {
        CAPTURE(set.flag);
        flags.emplace(set.flag);
        digests.emplace(set.md5);
        CHECK(set.md5.size() == 32);
        CHECK(set.md5.find_first_not_of("0123456789abcdef") == std::string_view::npos);
        CHECK((set.channels == 1 || set.channels == 3));
        CHECK((set.kind == task::binary_class) == (set.classes() == 2));
        for (const auto label : set.label_names) CHECK(!label.empty());
        CHECK(set.url() == "https://zenodo.org/records/10519652/files/" + std::string(set.flag) + ".npz");
        CHECK(set.licence == (set.flag == "dermamnist" ? "CC BY-NC 4.0" : "CC BY 4.0"));
        images += set.train + set.validation + set.test;
    }
    CHECK(flags.size() == 12);
    CHECK(digests.size() == 12);
    // The 708,069 of MedMNIST v2's abstract less the 107 blank images that 3.0 took out of the organ sets.
    CHECK(images == 708069 - 107);
}

TEST_CASE("medmnist: the nearest flag") {
    CHECK(nearest_medmnist("retnamnist").flag == "retinamnist");
    CHECK(nearest_medmnist("RetinaMNIST").flag.size() > 0);
    CHECK(nearest_medmnist("breast").flag == "breastmnist");
    const std::array<std::string, 3> words{"mean", "cls", "clsx"};
    CHECK(nearest_name("clz", words) == "cls");
    CHECK(nearest_name("", words, [](const std::string& word) { return word.substr(3); }) == "cls");
    CHECK(edit_distance("", "abc") == 3);
    CHECK(edit_distance("kitten", "sitting") == 3);
    CHECK(edit_distance("same", "same") == 0);
}

TEST_CASE("md5: RFC 1321's test suite, and a file of several pieces") {
    const auto of = [](std::string_view text) {
        md5 digest;
        digest.add(std::as_bytes(std::span(text)));
        return digest.hex();
    };
    CHECK(of("") == "d41d8cd98f00b204e9800998ecf8427e");
    CHECK(of("abc") == "900150983cd24fb0d6963f7d28e17f72");
    CHECK(of("message digest") == "f96b697d7cb7938d525a2f31aaf161d0");
    const test_files::folder place;
    const std::string large(3'000'000, 'x');
    CHECK(md5::of_file(place.write("large", large)) == of(large));
    CHECK(md5::of_file(place.write("empty", "")) == of(""));
    CHECK_CONTAINS(message_of([&] { (void)md5::of_file(place.path() / "none"); }), "/none: no such file");
}

TEST_CASE("printable: one line whatever comes") {
    CHECK(printable("a\nb\tc\x7f") == "a?b?c?");
    CHECK(printable("abcdef", 3) == "abc...");
    CHECK(printable("\xc3\xa9") == "\xc3\xa9");
}
