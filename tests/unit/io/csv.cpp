// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include <qvit/data/csv_text.hpp>
#include <qvit/io/csv_file.hpp>
#include <qvit/io/medmnist_result.hpp>
#include <qvit/io/read_medmnist_result.hpp>

#include "unit/io/full_disk.hpp"
#include "unit/io/scratch.hpp"

using namespace test_files;
using row = std::vector<std::string>;
using table = std::vector<row>;

TEST_CASE("parse_csv: quotes, line ends, a row that was cut") {
    const auto some = qvit::parse_csv("a,\"b, \"\"c\"\"\nd\",\r\n\n1,2,3");
    CHECK(some.rows == table{{"a", "b, \"c\"\nd", ""}, {""}, {"1", "2", "3"}});
    CHECK(some.whole_bytes == 18);
    CHECK(some.cut);
    const auto open = qvit::parse_csv("x\n\"y\n");
    CHECK(open.rows == table{{"x"}, {"y\n"}});
    CHECK(open.whole_bytes == 2);
    CHECK(open.cut);
    CHECK(qvit::parse_csv("").rows.empty());
    CHECK_FALSE(qvit::parse_csv("x\n").cut);
    const row cells{"plain", "a,b", "say \"x\"", "two\nlines", "", "end\r"};
    const auto back = qvit::parse_csv(qvit::csv_line(cells));
    CHECK(back.rows == table{cells});
    CHECK_FALSE(back.cut);
    CHECK(qvit::csv_line(row{"a", "b"}) == "a,b\n");
}

TEST_CASE("read_csv: a byte order mark is passed over") {
    const folder place;
    place.write("marked.csv", std::string("\xEF\xBB\xBF") + "a,b\n1,2\n3");
    const auto found = qvit::read_csv(place.path() / "marked.csv");
    CHECK(found.rows == table{{"a", "b"}, {"1", "2"}, {"3"}});
    CHECK(found.whole_bytes == 3 + 8);
}

TEST_CASE("csv_file: rows are kept, half a row is dropped, the next goes in its place") {
    const folder place;
    const auto path = place.path() / "r.csv";
    { qvit::csv_file(path, {"a", "b"}).append({"1", "x,y"}); }
    CHECK(content_of(path) == "a,b\n1,\"x,y\"\n");
    place.write("r.csv", content_of(path) + "2,\"hal");
    {
        qvit::csv_file file(path, {"a", "b"});
        CHECK(file.rows() == table{{"1", "x,y"}});
        CHECK_CONTAINS(message_of([&] { qvit::csv_file(path, {"a", "b"}); }), "r.csv: another program is writing it");
        file.append({"2", "z"});
        CHECK(file.rows().size() == 2);
        CHECK_THROWS_AS(file.append({"3"}), std::invalid_argument);
    }
    CHECK(content_of(path) == "a,b\n1,\"x,y\"\n2,z\n");
    place.write("r.csv", "a,");
    { const qvit::csv_file file(path, {"a", "b"}); }
    CHECK(content_of(path) == "a,b\n");
    CHECK_CONTAINS(message_of([&] {
                       qvit::csv_file(path, {"a", "c"});
                   }),
                   "r.csv: has other columns: expected 'a,c', found 'a,b'");
    place.write("r.csv", "a,b\n1\n");
    CHECK_CONTAINS(message_of([&] { qvit::csv_file(path, {"a", "b"}); }), "row 2 has 1 cells, expected 2");
}

TEST_CASE("csv_file: a row that does not fit on the disk is taken back whole") {
    const folder place;
    const auto path = place.path() / "r.csv";
    qvit::csv_file file(path, {"a"});
    {
        const full_disk disk(100);
        CHECK_CONTAINS(message_of_error<qvit::io_error>([&] { file.append({std::string(200, 'x')}); }), "r.csv");
    }
    CHECK(content_of(path) == "a\n");
    CHECK(file.rows().empty());
    file.append({"y"});
    CHECK(content_of(path) == "a\ny\n");
}

TEST_CASE("read_medmnist_result: what was written comes back, other files are refused") {
    const folder place;
    const std::array scores{.1, .9, 1 / 3.0, 2 / 3.0, 1e-300, 1.};
    const auto path = qvit::write_medmnist_result(place.path(), "x", "test", scores, 2, .5, .5, "1");
    CHECK(qvit::read_medmnist_result(path, 3, 2) == std::vector<double>(scores.begin(), scores.end()));
    const auto refused = [&](const std::string& text, std::size_t images, std::size_t classes) {
        const auto other = place.write("y.csv", text);
        return message_of([&] { (void)qvit::read_medmnist_result(other, images, classes); });
    };
    CHECK_CONTAINS(refused("0,.5\n", 2, 1), "y.csv: expected scores of 2 images, found 1 rows");
    CHECK_CONTAINS(refused("0,.5\n1,.5,.5\n", 2, 1), "line 2: expected an index and 1 scores, found 3 cells");
    CHECK_CONTAINS(refused("0,.5\n2,.5\n", 2, 1), "line 2: expected the index 1, found '2'");
    for (const char* bad : {"nan", "inf", "x", "", "1 ", "1e999"})
        CHECK_CONTAINS(refused(std::string("0,") + bad + "\n", 1, 1), "line 1: expected a score, found '");
    CHECK_CONTAINS(message_of([&] { (void)qvit::read_medmnist_result(place.path() / "none.csv", 1, 1); }),
                   "no such file");
}
