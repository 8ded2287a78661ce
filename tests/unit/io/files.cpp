// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <filesystem>
#include <limits>
#include <string>

#include <qvit/io/atomic_file.hpp>
#include <qvit/io/json_text.hpp>
#include <qvit/io/number_text.hpp>

#include "unit/io/full_disk.hpp"
#include "unit/io/scratch.hpp"

using namespace test_files;
namespace fs = std::filesystem;

TEST_CASE("atomic_file: the old file stands until the commit, and nothing else is left") {
    const folder place;
    const auto path = place.write("a.txt", "old");
    {
        qvit::atomic_file file(path);
        file.write("ne");
        CHECK(content_of(path) == "old");
        CHECK(files_in(place.path()) == 2);
        file.write("w");
        file.commit();
        CHECK(content_of(path) == "new");
    }
    CHECK(files_in(place.path()) == 1);
    { qvit::atomic_file(path).write("forgotten"); }
    CHECK(content_of(path) == "new");
    CHECK(files_in(place.path()) == 1);
}

TEST_CASE("atomic_file: a full disk leaves the old file and no temporary") {
    const folder place;
    const auto path = place.write("a.txt", "old");
    const std::string long_text(10'000, 'x');
    {
        const full_disk disk(4096);
        const std::string message = message_of_error<qvit::io_error>([&] { qvit::write_file(path, long_text); });
        CHECK_CONTAINS(message, place.path().string());
        CHECK_CONTAINS(message, "cannot be written: File too large");
    }
    CHECK(content_of(path) == "old");
    CHECK(files_in(place.path()) == 1);
    qvit::write_file(path, long_text);
    CHECK(content_of(path) == long_text);
}

TEST_CASE("atomic_file: a target that cannot be") {
    const folder place;
    const auto missing = place.path() / "none" / "a.txt";
    const std::string opened = message_of_error<qvit::io_error>([&] { qvit::write_file(missing, "x"); });
    CHECK_CONTAINS(opened, (place.path() / "none").string());
    CHECK_CONTAINS(opened, "cannot be opened for writing: No such file or directory");
    fs::create_directory(place.path() / "folder");
    CHECK(message_of_error<qvit::io_error>([&] { qvit::write_file(place.path() / "folder", "x"); }) ==
          (place.path() / "folder").string() + ": cannot be replaced: Is a directory");
    CHECK(files_in(place.path()) == 1);
}

TEST_CASE("atomic_file: permissions are kept and links followed") {
    const folder place;
    const auto path = place.write("a.txt", "old");
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("a.txt", place.path() / "link.txt");
    qvit::write_file(place.path() / "link.txt", "new");
    CHECK(content_of(path) == "new");
    CHECK(fs::is_symlink(place.path() / "link.txt"));
    CHECK(fs::status(path).permissions() == (fs::perms::owner_read | fs::perms::owner_write));
    CHECK(files_in(place.path()) == 2);
}

TEST_CASE("number_text: shortest text that reads back, or a given number of places") {
    CHECK(qvit::number_text(0.1) == "0.1");
    CHECK(qvit::number_text(0.1F) == "0.1");
    CHECK(qvit::number_text(1e-5) == "1e-05");
    CHECK(qvit::number_text(-0.0) == "-0");
    CHECK(qvit::number_text(100.0) == "100");
    CHECK(qvit::number_text(std::numeric_limits<double>::infinity()) == "inf");
    CHECK(qvit::number_text(2.0 / 3, 3) == "0.667");
    CHECK(qvit::number_text(std::numeric_limits<double>::max(), 2).size() == 312);
}

TEST_CASE("json_text: always parses") {
    CHECK(qvit::json_text("a\"b\\c\n\x01\x7f") == "\"a\\\"b\\\\c\\u000a\\u0001\x7f\"");
    CHECK(qvit::json_text("\xc3\xa9\xf0\x9f\x98\x80") == "\"\xc3\xa9\xf0\x9f\x98\x80\"");
    CHECK(qvit::json_text("a\xff\xc3") == "\"a\xef\xbf\xbd\xef\xbf\xbd\"");
    CHECK(qvit::json_text("\xc0\x80\xed\xa0\x80") ==
          "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
    CHECK(qvit::json_number(0.5) == "0.5");
    CHECK(qvit::json_number(std::numeric_limits<double>::quiet_NaN()) == "null");
}
