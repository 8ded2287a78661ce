// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <stdexcept>
#include <string>
#include <vector>

#include <qvit/io/crc32c.hpp>
#include <qvit/io/medmnist_result.hpp>
#include <qvit/io/metrics_file.hpp>
#include <qvit/io/tensorboard_file.hpp>

#include "unit/io/full_disk.hpp"
#include "unit/io/scratch.hpp"

using namespace test_files;
using qvit::metrics_file;
using qvit::metrics_format;

namespace {

const std::vector<std::string> names{"loss", "auc"};
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

void write_epochs(const std::filesystem::path& path, metrics_format format, std::size_t last) {
    metrics_file log(path, format, names);
    for (std::size_t epoch = 1; epoch <= last; ++epoch)
        log.append(epoch, std::array{1.0 / static_cast<double>(epoch), 0.5});
}

}  // namespace

TEST_CASE("metrics_file: CSV and JSON lines, whole after every epoch") {
    const folder place;
    metrics_file csv(place.path() / "m.csv", metrics_format::csv, {"loss", "a,\"b\""});
    CHECK(content_of(place.path() / "m.csv") == "epoch,loss,\"a,\"\"b\"\"\"\n");
    csv.append(1, std::array{0.1, not_a_number});
    csv.append(2, std::array{1e-5, -3.0});
    CHECK(content_of(place.path() / "m.csv") == "epoch,loss,\"a,\"\"b\"\"\"\n1,0.1,\n2,1e-05,-3\n");
    metrics_file jsonl(place.path() / "m.jsonl", metrics_format::jsonl, {"loss", "a,\"b\""});
    CHECK(content_of(place.path() / "m.jsonl").empty());
    jsonl.append(1, std::array{0.1, not_a_number});
    CHECK(content_of(place.path() / "m.jsonl") == "{\"epoch\":1,\"loss\":0.1,\"a,\\\"b\\\"\":null}\n");
    CHECK_THROWS_AS(csv.append(3, std::array{1.0}), std::invalid_argument);
}

TEST_CASE("metrics_file: a run that is resumed keeps the rows up to its epoch and nothing after") {
    for (const metrics_format format : {metrics_format::csv, metrics_format::jsonl}) {
        const folder place;
        const auto path = place.path() / "m";
        write_epochs(path, format, 12);
        const std::string whole = content_of(path);
        write_epochs(place.path() / "nine", format, 9);
        const std::string nine = content_of(place.path() / "nine");
        for (std::size_t size = 0; size <= whole.size(); ++size) {  // killed at any byte
            place.write("m", whole.substr(0, size));
            metrics_file log(path, format, names, 9);
            const std::string kept = content_of(path);
            CHECK((kept.empty() || kept.back() == '\n'));
            CHECK(nine.starts_with(kept));
            CHECK(kept.size() >= std::min(nine.size(), whole.rfind('\n', size == 0 ? 0 : size - 1) + 1));
            log.append(10, std::array{1. / 10, 0.5});
            CHECK(content_of(path).starts_with(kept));
            CHECK(content_of(path).size() > kept.size());
        }
        place.write("m", whole + whole.substr(whole.find('\n', whole.size() / 2) + 1));  // two programs wrote it
        CHECK(metrics_file(path, format, names, 12).kept_epochs() == 12);
        CHECK(content_of(path) == whole);
        CHECK(metrics_file(path, format, names, 20).kept_epochs() == 12);
        { metrics_file anew(path, format, names); }
        CHECK(content_of(path) == (format == metrics_format::csv ? "epoch,loss,auc\n" : ""));
    }
}

TEST_CASE("metrics_file: a file with other columns is not touched when it is resumed") {
    const folder place;
    const auto path = place.write("m.csv", "epoch,loss\n1,2\n");
    CHECK(message_of([&] { metrics_file(path, metrics_format::csv, names, 1); }) ==
          path.string() + ": has other columns: expected 'epoch,loss,auc', found 'epoch,loss'");
    CHECK(content_of(path) == "epoch,loss\n1,2\n");
}

TEST_CASE("metrics_file: a full disk leaves whole lines") {
    const folder place;
    const auto path = place.path() / "m.csv";
    metrics_file log(path, metrics_format::csv, names);
    log.append(1, std::array{1., 2.});
    {
        const full_disk disk(content_of(path).size() + 3);
        CHECK_CONTAINS(message_of_error<qvit::io_error>([&] { log.append(2, std::array{3., 4.}); }), path.string());
    }
    CHECK(content_of(path) == "epoch,loss,auc\n1,1,2\n");
    log.append(2, std::array{3., 4.});
    CHECK(content_of(path) == "epoch,loss,auc\n1,1,2\n2,3,4\n");
}

TEST_CASE("crc32c: known answers") {
    // RFC 3720, B.4, and the check value of the CRC catalogue.
    CHECK(qvit::crc32c("123456789") == 0xe3069283U);
    CHECK(qvit::crc32c("") == 0U);
    CHECK(qvit::crc32c(std::string(32, '\0')) == 0x8a9136aaU);
    CHECK(qvit::crc32c(std::string(32, '\xff')) == 0x62a8ab43U);
    std::string rising, falling;
    for (int i = 0; i < 32; ++i) rising += static_cast<char>(i), falling += static_cast<char>(31 - i);
    CHECK(qvit::crc32c(rising) == 0x46dd794eU);
    CHECK(qvit::crc32c(falling) == 0x113fdb5cU);
}

TEST_CASE("tensorboard_file: records to the byte") {
    CHECK(qvit::detail::protobuf_varint(300) == "\xac\x02");
    CHECK(qvit::detail::protobuf_varint(~std::uint64_t{0}).size() == 10);
    // The length 0 has the CRC of eight zero bytes; masked as TensorFlow does: rotated right by 15, plus 0xa282ead8.
    const std::string empty = qvit::detail::tf_record("");
    CHECK(empty.size() == 16);
    CHECK(empty.substr(8, 4) == little_endian(((0x8c28b28aU >> 15U) | (0x8c28b28aU << 17U)) + 0xa282ead8U));
    CHECK(empty.substr(12) == little_endian(0xa282ead8U));

    const folder place;
    qvit::tensorboard_file events(place.path());
    events.scalar("a", 0.5, 3);
    const std::string content = content_of(events.path());
    // version event: 9 bytes of time, 2 of step, 15 of text
    CHECK(content.substr(0, 8) == little_endian(std::uint64_t{26}));
    CHECK_CONTAINS(content, std::string("\x10\x00\x1a\x0d", 4) + "brain.Event:2");
    CHECK(content.substr(12 + 26 + 4, 8) == little_endian(std::uint64_t{9 + 2 + 2 + 2 + 3 + 5}));
    CHECK_CONTAINS(content, std::string("\x10\x03\x2a\x0a\x0a\x08\x0a\x01"
                                        "a\x15\x00\x00\x00\x3f",
                                        14));
    CHECK(content.size() == 12 + 26 + 4 + 12 + 23 + 4);
    qvit::tensorboard_file other(place.path(), 7);
    CHECK(other.path() != events.path());
    CHECK_CONTAINS(content_of(other.path()), std::string("\x10\x07\x3a\x02\x08\x01", 6));
    CHECK_THROWS_AS(qvit::tensorboard_file(place.path() / "none"), qvit::io_error);
}

TEST_CASE("medmnist_result: name and rows as the official evaluator writes them") {
    CHECK(qvit::medmnist_result_name("retinamnist", "val", 0.7496, 0.5655, "3") ==
          "retinamnist_val_[AUC]0.750_[ACC]0.566@3.csv");
    const folder place;
    const std::vector<double> scores{0.25, 0.75, 1, 0, 0.1, 0.9};
    const auto path = qvit::write_medmnist_result(place.path(), "breastmnist", "test", scores, 2, 1, 0.5, "run");
    CHECK(path.filename() == "breastmnist_test_[AUC]1.000_[ACC]0.500@run.csv");
    CHECK(content_of(path) == "0,0.25,0.75\n1,1,0\n2,0.1,0.9\n");
    CHECK_THROWS_AS((void)qvit::write_medmnist_result(place.path(), "a", "b", scores, 4, 1, 1, "r"),
                    std::invalid_argument);
}
