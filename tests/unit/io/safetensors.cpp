// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qvit/io/checkpoint.hpp>
#include <qvit/io/flat_tensors.hpp>

#include "unit/io/scratch.hpp"

using namespace test_files;
using qvit::named_shape;
using qvit::named_tensor;

namespace {

template <class E>
named_tensor tensor(std::string name, std::vector<std::size_t> extents, const std::vector<E>& elements) {
    return named_tensor::of<E>(std::move(name), std::move(extents), elements);
}

std::string file_with(const std::string& header, const std::string& data = "") {
    return little_endian(std::uint64_t{header.size()}) + header + data;
}

/// What reading a file of these bytes says; the message has to begin with the path.
std::string read_message(const std::string& bytes) {
    const folder place;
    const auto path = place.write("a.safetensors", bytes);
    const std::string message = message_of([&] { (void)qvit::read_safetensors(path); });
    CHECK_MESSAGE(message.starts_with(path.string() + ": "), message);
    return message;
}

std::string entry_text(const std::string& name, const std::string& dtype, const std::string& shape,
                       const std::string& offsets) {
    return '"' + name + R"(":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" + offsets + '}';
}

}  // namespace

TEST_CASE("safetensors: what is written is read back, to the bit and in order") {
    const folder place;
    const auto path = place.path() / "a.safetensors";
    const qvit::safetensors content{
        .tensors = {tensor<std::uint8_t>("bytes \"\\\n \xc3\xa9", {3}, {1, 2, 255}),
                    tensor<float>("f", {1, 3}, {1.5F, -0.F, 3e38F}), tensor<double>("d", {2}, {0.1, -1e300}),
                    tensor<std::int64_t>("i", {}, {-5}), tensor<float>("empty", {0, 4}, {})},
        .metadata = {{"epoch", "7"}, {"note", "a\tb \xe2\x82\xac"}}};
    qvit::write_safetensors(path, content);
    const qvit::safetensors back = qvit::read_safetensors(path);
    CHECK(back.tensors == content.tensors);
    CHECK(back.metadata == content.metadata);
    CHECK(back.tensors[1].values<float>() == std::vector<float>{1.5F, -0.F, 3e38F});
    CHECK(back.tensors[3].values<std::int64_t>() == std::vector<std::int64_t>{-5});
    CHECK_CONTAINS(message_of([&] { (void)back.tensors[1].values<double>(); }), "'f' holds F32, expected F64");
}

TEST_CASE("safetensors: the layout is the published one") {
    const folder place;
    const auto path = place.path() / "a.safetensors";
    qvit::write_safetensors(
        path, {.tensors = {tensor<float>("a", {1}, {1.F}), tensor<double>("b", {1}, {2.})}, .metadata = {{"k", "v"}}});
    const std::string header = R"({"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},)"
                               R"("b":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})";
    const std::string padded = header + std::string(7 - (header.size() + 7) % 8, ' ');
    CHECK(padded.size() % 8 == 0);
    CHECK(content_of(path) == file_with(padded, bytes_of(std::vector<double>{2.}) + bytes_of(std::vector<float>{1.F})));
    qvit::write_safetensors(path, {});
    CHECK(content_of(path) == file_with("{}      "));
    CHECK(qvit::read_safetensors(path).tensors.empty());
}

TEST_CASE("safetensors: names that cannot be written are refused and leave the old file") {
    const folder place;
    const auto path = place.write("a.safetensors", "old");
    const auto write = [&](std::vector<named_tensor> tensors) {
        return message_of_error<std::invalid_argument>([&] {
            qvit::write_safetensors(path, {std::move(tensors), {}});
        });
    };
    const auto a = tensor<float>("a", {1}, {1.F});
    CHECK_CONTAINS(write({a, a}), "tensor name 'a': expected a name of its own");
    CHECK_CONTAINS(write({tensor<float>("", {1}, {1.F})}), "''");
    CHECK_CONTAINS(write({tensor<float>("__metadata__", {1}, {1.F})}), "__metadata__");
    CHECK_CONTAINS(write({tensor<float>("\xff", {1}, {1.F})}), "tensor name");
    CHECK(content_of(path) == "old");
    CHECK_CONTAINS(message_of_error<std::invalid_argument>([] {
                       (void)tensor<float>("a", {2, 2}, {1.F});
                   }),
                   "a (2, 2): 1 elements");
}

TEST_CASE("safetensors: files of the wrong size") {
    CHECK_CONTAINS(read_message(""), "no safetensors file: it has 0 bytes");
    CHECK_CONTAINS(read_message("1234567"), "it has 7 bytes");
    CHECK_CONTAINS(read_message(little_endian(~std::uint64_t{0}) + "{}"), "would have 18446744073709551615 bytes");
    CHECK_CONTAINS(read_message(little_endian(std::uint64_t{3}) + "{}"), "would have 3 bytes, expected at most 2");
    const std::string header = '{' + entry_text("a", "F32", "[2]", "[0,8]") + '}';
    CHECK_CONTAINS(read_message(file_with(header, "1234567")),
                   "is cut off: tensor 'a' ends at byte 8 of the data, the file has 7");
    CHECK_CONTAINS(read_message(file_with(header, "123456789")), "the tensors have 8 bytes, the file has 9");
    CHECK_CONTAINS(read_message(file_with("{}", "1")), "the tensors have 0 bytes, the file has 1");
}

TEST_CASE("safetensors: every byte that is cut off is noticed") {
    const folder place;
    const auto path = place.path() / "a.safetensors";
    qvit::write_safetensors(path, {.tensors = {tensor<float>("a", {2}, {1.F, 2.F})}, .metadata = {{"k", "v"}}});
    const std::string whole = content_of(path);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        place.write("cut.safetensors", whole.substr(0, size));
        CHECK_THROWS_AS((void)qvit::read_safetensors(place.path() / "cut.safetensors"), qvit::bad_input);
    }
}

TEST_CASE("safetensors: a header longer than the reference allows is refused before it is read") {
    const folder place;
    const auto path = place.write("a.safetensors", little_endian(std::uint64_t{100'000'001}));
    std::filesystem::resize_file(path, 200'000'000);  // sparse
    CHECK_CONTAINS(message_of([&] { (void)qvit::read_safetensors(path); }),
                   "would have 100000001 bytes, expected at most 100000000");
}

TEST_CASE("safetensors: tensors that do not fit the data") {
    const auto two = [](const std::string& a, const std::string& b, std::size_t bytes) {
        return read_message(
            file_with('{' + entry_text("a", "F32", "[1]", a) + ',' + entry_text("b", "F32", "[1]", b) + '}',
                      std::string(bytes, 'x')));
    };
    CHECK_CONTAINS(two("[0,4]", "[2,6]", 6),
                   "tensor 'b' overlaps another: it begins at byte 2 of the data, the one before it ends at 4");
    CHECK_CONTAINS(two("[0,4]", "[0,4]", 4), "overlaps");
    CHECK_CONTAINS(two("[6,10]", "[0,4]", 10), "the bytes 4 to 6 before tensor 'a' belong to no tensor");
    const auto one = [](const std::string& dtype, const std::string& shape, const std::string& offsets) {
        return read_message(file_with('{' + entry_text("a", dtype, shape, offsets) + '}', "12345678"));
    };
    CHECK_CONTAINS(one("F32", "[3]", "[0,8]"), "shape (3) and dtype F32 needs 12 bytes, the header gives it 8");
    CHECK_CONTAINS(one("F32", "[4294967296,4294967296]", "[0,8]"), "needs more than 2^64 bytes");
    CHECK_CONTAINS(one("F32", "[0,18446744073709551615,2]", "[0,8]"), "needs 0 bytes");
    CHECK_CONTAINS(one("F32", "[2]", "[8,0]"), "expected data_offsets [begin, end]");
    CHECK_CONTAINS(one("F32", "[2]", "[0,8,8]"), "expected data_offsets [begin, end]");
    CHECK_CONTAINS(one("F16", "[4]", "[0,8]"), "has dtype 'F16', expected F32, F64, I64 or U8");
    CHECK_CONTAINS(one("f32", "[2]", "[0,8]"), "has dtype 'f32'");
}

TEST_CASE("safetensors: headers that are not what they have to be") {
    const auto header = [](const std::string& text) { return read_message(file_with(text, "12345678")); };
    const std::string a = entry_text("a", "F64", "[1]", "[0,8]");
    CHECK_CONTAINS(header(""), "bad JSON at byte 0 of the header: expected '{', found its end");
    CHECK_CONTAINS(header("[]"), "expected '{', found '['");
    CHECK_CONTAINS(header('{' + a), "expected '}', found its end");
    CHECK_CONTAINS(header('{' + a + ",}"), "expected a string, found '}'");
    CHECK_CONTAINS(header('{' + a + "} x"), "expected nothing more, found 'x'");
    CHECK_CONTAINS(header('{' + a + ',' + a + '}'), "the name 'a' stands twice");
    CHECK_CONTAINS(header(R"({"__metadata__":{"k":"1","k":"2"}})"), "the metadata 'k' stand twice");
    CHECK_CONTAINS(header(R"({"__metadata__":{"k":1}})"), "expected a string, found '1'");
    CHECK_CONTAINS(header(R"({"a":{"dtype":"F64","shape":[1]}})"), "lacks one of dtype, shape and data_offsets");
    CHECK_CONTAINS(header(R"({"a":{"dtype":"F64","dtype":"F32"}})"), "has 'dtype' twice");
    CHECK_CONTAINS(header(R"({"a":{"type":"F64"}})"), "expected dtype, shape and data_offsets, found 'type'");
    CHECK_CONTAINS(header(R"({"a":{"shape":[-1]}})"), "expected a whole number, found '-'");
    CHECK_CONTAINS(header(R"({"a":{"shape":[1.5]}})"), "expected a whole number");
    CHECK_CONTAINS(header(R"({"a":{"shape":[01]}})"), "expected a whole number");
    CHECK_CONTAINS(header(R"({"a":{"shape":[18446744073709551616]}})"), "expected a number below 2^64");
    CHECK_CONTAINS(header(R"({"a)"), "expected '\"', found its end");
    CHECK_CONTAINS(header("{\"a\nb\""), "expected no control character in a string");
    CHECK_CONTAINS(header("{\"\xff\""), "expected UTF-8");
    CHECK_CONTAINS(header("{\"\xed\xa0\x80\""), "expected UTF-8");
    CHECK_CONTAINS(header(R"({"\x")"), "expected an escape");
    CHECK_CONTAINS(header(R"({"\u12)"), "four hexadecimal digits");
    CHECK_CONTAINS(header(R"({"\ud800")"), "expected a surrogate pair");
    CHECK_CONTAINS(header(R"({"\ud800\u0041")"), "second half of a surrogate pair");
}

TEST_CASE("safetensors: escapes, blanks and order of other writers are read") {
    const folder place;
    const auto path = place.write(
        "a.safetensors",
        file_with(
            "{ \"\\u0061\\/\\ud83d\\ude00\" : {\n\"data_offsets\" : [0, 8] , \"shape\":[ ],\t\"dtype\":\"I64\"} }  ",
            little_endian(std::uint64_t{5})));
    const auto back = qvit::read_safetensors(path);
    REQUIRE(back.tensors.size() == 1);
    CHECK(back.tensors[0] == tensor<std::int64_t>("a/\xf0\x9f\x98\x80", {}, {5}));
}

TEST_CASE("checkpoint: tensors and metadata go to a file and back, with the format version") {
    const folder place;
    const auto path = place.path() / "last.safetensors";
    qvit::save_checkpoint(path, {.tensors = {tensor<double>("w", {2}, {1, 2})}, .metadata = {{"epoch", "3"}}});
    const qvit::checkpoint back = qvit::load_checkpoint(path);
    CHECK(back.at("w").values<double>() == std::vector<double>{1, 2});
    CHECK(back.text("epoch") == "3");
    CHECK(back.text("format_version") == "1");
    CHECK(back.text("qvit_version") == qvit::version);
    CHECK(message_of([&] { (void)back.at("v"); }) == path.string() + ": has no tensor 'v'");
    CHECK(message_of([&] { (void)back.text("v"); }) == path.string() + ": has no metadata 'v'");

    qvit::write_safetensors(path, {.tensors = {}, .metadata = {{"format_version", "2"}}});
    CHECK(message_of([&] { (void)qvit::load_checkpoint(path); }) ==
          path.string() + ": has checkpoint format 2, expected 1");
    qvit::write_safetensors(path, {});
    CHECK(qvit::load_checkpoint(path).metadata.empty());
}

TEST_CASE("check_same_model: the first difference is named with both shapes") {
    const std::vector<named_shape> model{{"a.weight", {4, 8}}, {"a.bias", {4}}, {"scale", {}}};
    const auto message = [&](std::vector<named_shape> found) {
        return message_of([&] { qvit::check_same_model("x.safetensors", model, found); });
    };
    CHECK_NOTHROW(qvit::check_same_model("x", model, model));
    CHECK_NOTHROW(qvit::check_same_model("x", model, std::vector<named_shape>{model[2], model[0], model[1]}));
    CHECK(message({{"a.weight", {8, 4}}, {"a.bias", {8}}, {"scale", {}}}) ==
          "x.safetensors: holds another model: 'a.weight' is (8, 4), expected (4, 8)");
    CHECK(message({model[0], model[2]}) == "x.safetensors: holds another model: it has no 'a.bias' (4)");
    CHECK(message({model[0], {"b.bias", {5}}, model[2]}) ==
          "x.safetensors: holds another model: it has no 'a.bias' (4), but 'b.bias' (5) that the model has not");
    CHECK(message({model[0], model[1], model[2], {"more", {1}}}) ==
          "x.safetensors: holds another model: it has 'more' (1), which the model has not");
}

TEST_CASE("flat vectors: weights and optimiser state go through a checkpoint, whatever its order") {
    const folder place;
    const auto path = place.path() / "a.safetensors";
    const std::vector<named_shape> shapes{{"a.weight", {2, 2}}, {"scale", {}}, {"a.bias", {2}}};
    const std::vector<float> weights{1, 2, 3, 4, 5, 6, 7}, moments{-1, -2, -3, -4, -5, -6, -7};
    qvit::checkpoint state;
    qvit::add_flat<float>(state, shapes, weights);
    qvit::add_flat<float>(state, shapes, moments, "state.adam.m.");
    CHECK(state.at("a.bias").values<float>() == std::vector<float>{6, 7});
    std::swap(state.tensors[0], state.tensors[2]);
    qvit::save_checkpoint(path, state);
    const qvit::checkpoint back = qvit::load_checkpoint(path);
    CHECK(qvit::read_flat<float>(back, shapes) == weights);
    CHECK(qvit::read_flat<float>(back, shapes, "state.adam.m.") == moments);
    CHECK_CONTAINS(message_of([&] { (void)qvit::read_flat<double>(back, shapes); }), "holds F32, expected F64");
    CHECK_CONTAINS(message_of([&] { (void)qvit::read_flat<float>(back, shapes, "state.adam.v."); }),
                   path.string() + ": holds another model: it has no 'a.weight' (2, 2)");
    auto other = shapes;
    other[2].extents = {3};
    CHECK_CONTAINS(message_of([&] { (void)qvit::read_flat<float>(back, other); }), "'a.bias' is (2), expected (3)");
    CHECK_THROWS_AS(qvit::add_flat<float>(state, shapes, std::vector<float>(6)), std::invalid_argument);
    CHECK_THROWS_AS(qvit::add_flat<float>(state, shapes, std::vector<float>(8)), std::invalid_argument);
}

TEST_CASE("checkpoint: killed at any moment, the file is the last whole one") {
    const folder place;
    const auto path = place.path() / "last.safetensors";
    std::size_t seen_tensors = 0;
    for (int round = 0; round < 8; ++round) {
        qvit::save_checkpoint(path, {});
        const pid_t child = fork();
        if (child == 0) {
            for (std::size_t i = 1;; ++i) {
                const std::vector<double> values(1000 + i % 7 * 9000, static_cast<double>(i));
                qvit::save_checkpoint(path, {.tensors = {tensor<double>("w", {values.size()}, values)}});
            }
        }
        REQUIRE(child > 0);
        usleep(static_cast<useconds_t>(20'000 + 1'700 * round));
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        const qvit::checkpoint state = qvit::load_checkpoint(path);
        seen_tensors += state.tensors.size();
        for (const named_tensor& t : state.tensors) {
            const auto values = t.values<double>();
            CHECK(values.size() == 1000 + static_cast<std::size_t>(values[0]) % 7 * 9000);
            CHECK(values.front() == values.back());
        }
    }
    CHECK(seen_tensors > 0);  // some child came so far
}
