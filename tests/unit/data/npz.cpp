// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <qvit/core/random_stream.hpp>
#include <qvit/data/npz.hpp>

#include "unit/data/message_of.hpp"
#include "unit/data/zip_writer.hpp"

using namespace test_files;
using qvit::npz_file;

namespace {

std::string read_message(const folder& place, const entry& e, const std::string& name = "x") {
    const auto path = place.write("a.npz", zip({e}));
    const std::string message = message_of([&] { (void)npz_file(path).read(name); });
    CHECK_MESSAGE(message.starts_with(path.string() + ": "), message);
    return message;
}

std::string header_message(const folder& place, const std::string& header, const std::string& elements = "") {
    return read_message(place, {.name = "x.npy", .content = npy_with_header(header, elements)});
}

template <class Element>
void check_round_trip(const std::string& dtype, const std::vector<Element>& values) {
    const folder place;
    const std::string shape = "(" + std::to_string(values.size()) + ",)";
    const std::string content = npy(dtype, shape, bytes_of(values));
    const npz_file file(place.write("a.npz", zip({{.name = "x.npy", .content = content, .deflate = true}})));
    const qvit::npy_array array = file.read("x");
    CHECK(array.dtype == dtype);
    CHECK(array.shape == std::vector<std::size_t>{values.size()});
    CHECK(array.as<Element>() == values);
}

}  // namespace

TEST_CASE("npz: stored, deflated and zip64 entries of every .npy format") {
    const folder place;
    const std::vector<float> values = {1.5F, -2.F, 3.F, 0.F, 5.F, 6.25F};
    for (const bool deflate : {false, true})
        for (const bool wide : {false, true})
            for (const bool wide_end : {false, true})
                for (const int version : {1, 2, 3}) {
                    const auto path = place.write(
                        "a.npz", zip({{.name = "first.npy", .content = npy("|u1", "(3,)", "abc"), .deflate = !deflate},
                                      {.name = "x.npy",
                                       .content = npy("<f4", "(2, 3)", bytes_of(values), version),
                                       .deflate = deflate,
                                       .wide = wide}},
                                     wide_end, wide ? "a comment" : ""));
                    const npz_file file(path);
                    CHECK(file.names() == std::vector<std::string>{"first", "x"});
                    CHECK(file.contains("x"));
                    CHECK_FALSE(file.contains("y"));
                    CHECK(file.header("x").bytes == 24);
                    CHECK(file.header("x").shape == std::vector<std::size_t>{2, 3});
                    const qvit::npy_array array = file.read("x");
                    CHECK(array.dtype == "<f4");
                    CHECK(array.shape == std::vector<std::size_t>{2, 3});
                    CHECK(array.as<float>() == values);
                    CHECK(file.read("first").as<std::uint8_t>() == std::vector<std::uint8_t>{'a', 'b', 'c'});
                }
}

TEST_CASE("npz: every element type") {
    check_round_trip<std::uint8_t>("|u1", {0, 255});
    check_round_trip<std::int8_t>("|i1", {-128, 127});
    check_round_trip<std::uint16_t>("<u2", {0, 65535});
    check_round_trip<std::int16_t>("<i2", {-32768, 5});
    check_round_trip<std::uint32_t>("<u4", {0, 0xffffffff});
    check_round_trip<std::int32_t>("<i4", {-7, 8});
    check_round_trip<std::uint64_t>("<u8", {0, std::numeric_limits<std::uint64_t>::max()});
    check_round_trip<std::int64_t>("<i8", {std::numeric_limits<std::int64_t>::min(), 1});
    check_round_trip<float>("<f4", {1.25F, -0.F});
    check_round_trip<double>("<f8", {1.1, -1e300});

    const folder place;
    const std::string content = npy("|b1", "(3,)", std::string("\0\1\1", 3));
    const npz_file file(place.write("a.npz", zip({{.name = "x.npy", .content = content}})));
    CHECK(file.read("x").as<bool>() == std::vector<bool>{false, true, true});
    CHECK_CONTAINS(message_of([&] { (void)file.read("x").as<std::uint8_t>(); }), "has dtype |b1, expected |u1");
    CHECK_CONTAINS(message_of([&] { (void)file.read("x").as<double>(); }),
                   "a.npz: entry 'x.npy' has dtype |b1, expected <f8");
}

TEST_CASE("npz: scalars, empty arrays, Fortran order, large arrays") {
    const folder place;
    const std::vector<double> one = {2.5};
    std::string large;
    for (int i = 0; i < 40'000'000; ++i) large += static_cast<char>(i / 1000);  // more than two of read's pieces
    const npz_file file(
        place.write("a.npz", zip({{.name = "scalar.npy", .content = npy("<f8", "()", bytes_of(one))},
                                  {.name = "empty.npy", .content = npy("<f8", "(0, 7)", ""), .deflate = true},
                                  {.name = "line.npy", .content = npy("|u1", "(3,)", "abc", 1, true)},
                                  {.name = "column.npy", .content = npy("|u1", "(3, 1)", "abc", 1, true)},
                                  {.name = "square.npy", .content = npy("|u1", "(2, 2)", "abcd", 1, true)},
                                  {.name = "python2.npy", .content = npy("|u1", "(4L,)", "abcd")},
                                  {.name = "large.npy", .content = npy("|u1", "(40000000,)", large), .deflate = true},
                                  {.name = "plain", .content = npy("|u1", "(1,)", "z")}})));
    CHECK(file.read("scalar").shape.empty());
    CHECK(file.read("scalar").as<double>() == one);
    CHECK(file.read("empty").as<double>().empty());
    CHECK(file.read("line").as<std::uint8_t>() == std::vector<std::uint8_t>{'a', 'b', 'c'});
    CHECK(file.read("column").as<std::uint8_t>() == std::vector<std::uint8_t>{'a', 'b', 'c'});
    CHECK(file.read("python2").as<std::uint8_t>().size() == 4);
    CHECK(file.read("plain").as<std::uint8_t>() == std::vector<std::uint8_t>{'z'});
    CHECK_CONTAINS(message_of([&] { (void)file.read("square"); }), "is in Fortran order, expected C order");
    const qvit::npy_array array = file.read("large");
    REQUIRE(array.bytes.size() == large.size());
    CHECK(bytes_of(array.bytes) == large);
}

TEST_CASE("npz: what is not there") {
    const folder place;
    CHECK_CONTAINS(message_of([&] { npz_file(place.path() / "none.npz"); }), "/none.npz: no such file");
    CHECK_CONTAINS(message_of([&] { npz_file(place.path() / "none/none.npz"); }), "none.npz: no such file");
    CHECK_CONTAINS(message_of([&] { npz_file{place.path()}; }), ": is a directory, expected a file");
    CHECK_CONTAINS(message_of([&] { npz_file("/dev/null"); }), "/dev/null: is not a regular file");
    CHECK_CONTAINS(message_of([&] { npz_file(place.write("empty.npz", "")); }), "empty.npz: is not a zip archive");
    CHECK_CONTAINS(message_of([&] { npz_file(place.write("text.npz", std::string(99999, 'x'))); }),
                   "text.npz: is not a zip archive or is cut off");
    const std::string content = npy("|u1", "(1,)", "z");
    CHECK_CONTAINS(read_message(place, {.name = "a\nb.npy", .content = content}), "has no array 'x', it has 'a?b'");
    CHECK_CONTAINS(message_of([&] { (void)npz_file(place.write("none.npz", zip({}))).read("x"); }), "it has none");
    std::vector<entry> many;
    for (int i = 0; i < 15; ++i) many.push_back({.name = "n" + std::to_string(i) + ".npy", .content = content});
    CHECK_CONTAINS(message_of([&] { (void)npz_file(place.write("many.npz", zip(many))).read("x"); }),
                   "'n11' and 3 more");
}

TEST_CASE("npz: archives that lie") {
    const folder place;
    const std::string good = npy("|u1", "(200,)", std::string(200, 'a'));
    const std::uint64_t huge = std::uint64_t{1} << 60;
    for (const bool wide : {true, false}) {
        const std::uint64_t claim = wide ? huge : 0xfffffffe;
        const std::string shape = "(" + std::to_string(claim - 128) + ",)";
        const std::string content = npy("|u1", shape, "abc");
        CHECK_CONTAINS(
            read_message(place,
                         {.name = "x.npy", .content = content, .deflate = true, .wide = wide, .claimed_bytes = claim}),
            "deflated bytes can hold");
        CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = content, .wide = wide, .claimed_bytes = claim}),
                       "is stored, but declares");
        CHECK_CONTAINS(read_message(place, {.name = "x.npy",
                                            .content = content,
                                            .wide = wide,
                                            .claimed_bytes = claim,
                                            .claimed_compressed = claim}),
                       "more than the file holds");
    }
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = good, .claimed_crc = 1}), "CRC-32 does not match");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = good, .deflate = true, .claimed_crc = 1}),
                   "CRC-32 does not match");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = good, .claimed_method = 14}),
                   "has zip compression method 14, expected 0 (stored) or 8 (deflated)");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = good, .flags = 1}), "is encrypted");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = good, .local_name = "y.npy"}),
                   "has another name in its local header: 'y.npy'");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = good, .deflate = true, .trailer = "more"}),
                   "has bytes after its deflated data");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = "\x07nonsense", .claimed_method = 8}),
                   "has damaged deflated data: invalid block type");

    // The header and the zip directory agree on a size that the deflated data does not have.
    const auto claims = [&](int elements) {
        const std::string content = npy("|u1", "(200,)", std::string(static_cast<std::size_t>(elements), 'a'));
        return entry{.name = "x.npy", .content = content, .deflate = true, .claimed_bytes = good.size()};
    };
    CHECK_CONTAINS(read_message(place, claims(100)), "inflates to fewer bytes than it declares");
    CHECK_CONTAINS(read_message(place, claims(300)), "inflates to more bytes than it declares");
    entry cut = claims(200);
    cut.claimed_compressed = deflated(cut.content).size() - 3;
    CHECK_CONTAINS(read_message(place, cut), "is cut off");

    CHECK_CONTAINS(message_of([&] {
                       const entry e{.name = "x.npy", .content = good};
                       npz_file(place.write("twice.npz", zip({e, e})));
                   }),
                   "twice.npz: has two entries named 'x.npy'");
}

TEST_CASE("npz: damaged zip directories") {
    const folder place;
    const std::string file = zip({{.name = "x.npy", .content = npy("|u1", "(1,)", "z")}});
    const auto changed = [&](std::size_t from_end, const std::string& bytes) {
        std::string copy = file;
        copy.replace(copy.size() - from_end, bytes.size(), bytes);
        return message_of([&] { npz_file(place.write("a.npz", copy)); });
    };
    CHECK_CONTAINS(changed(12, little_endian<std::uint16_t>(2)), "cannot list 2 entries");
    CHECK_CONTAINS(changed(12, little_endian<std::uint16_t>(0)), "has bytes after the last entry");
    CHECK_CONTAINS(changed(12, little_endian<std::uint16_t>(0xffff)), "its zip64 end locator is missing");
    CHECK_CONTAINS(changed(10, little_endian<std::uint32_t>(0x7fffffff)), "does not fit into the file");
    CHECK_CONTAINS(changed(6, little_endian<std::uint32_t>(0x7fffffff)), "does not fit into the file");
    CHECK_CONTAINS(changed(6, little_endian<std::uint32_t>(0)), "is damaged at entry 0");
    CHECK_CONTAINS(changed(18, little_endian<std::uint16_t>(3)), "is one volume of several");
    CHECK_CONTAINS(changed(22, "X"), "is not a zip archive");
}

TEST_CASE("npz: .npy headers that are not") {
    const folder place;
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = "hello, world"}), "is not an .npy array");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = "hi"}), "is cut off: 8 bytes expected, it has 2");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = npy("|u1", "(1,)", "z", 4)}),
                   "has .npy format 4.0, expected 1.0, 2.0 or 3.0");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = std::string("\x93NUMPY\2\0\xff\xff\xff\xff", 12)}),
                   "header of 4294967295 bytes");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = npy("|u1", "(2,)", "abc")}),
                   "has 3 bytes of data, its shape (2,) of |u1 needs 2");
    CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = npy("<f8", "(2, 1)", "abc"), .deflate = true}),
                   "has 3 bytes of data, its shape (2, 1) of <f8 needs 16");
    for (const std::string dtype : {">f4", "<f2", "<c8", "|S3", "|O", "=u1", "<u3", "<b2", "", "<M8[ns]"})
        CHECK_CONTAINS(read_message(place, {.name = "x.npy", .content = npy(dtype, "(1,)", "z")}),
                       "has dtype '" + dtype + "', expected |b1, |u1");
    for (const std::string shape : {"(4294967296, 4294967296)", "(9223372036854775808,)", "(18446744073709551616,)",
                                    "(0, 3037000500, 3037000500, 9)", "(99999999999999999999999999,)"}) {
        const std::string message = read_message(place, {.name = "x.npy", .content = npy("|u1", shape, "z")});
        CHECK_MESSAGE((contains(message, "more bytes than memory can have") || contains(message, "needs 0")), message);
    }
    CHECK_CONTAINS(header_message(place, "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,)}"),
                   "is a structured array");
    CHECK_CONTAINS(header_message(place, "{'descr': '|u1', 'shape': (1,)}"), "lacks 'descr'");
    CHECK_CONTAINS(header_message(place, "{'descr': '|u1', 'descr': '|u1'}"), "unexpected key 'descr'");
    CHECK_CONTAINS(header_message(place, "{'oops': '|u1'}"), "unexpected key 'oops'");
    std::string deep = "(";
    for (int i = 0; i < 40; ++i) deep += "1,";
    CHECK_CONTAINS(header_message(place, "{'shape': " + deep + ")}"), "more than 32 dimensions");
    for (const std::string header :
         {"", "{", "{'descr'", "{'descr':", "{'descr' '|u1'}", "['descr']", "{'descr': '|u1}", "{'fortran_order': 1}",
          "{'shape': 3}", "{'shape': (3", "{'shape': (-3,)}", "{'shape': (3 3)}", "{'shape': (3,) 'descr': '|u1'}",
          "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} x", "{,}"})
        CHECK_CONTAINS(header_message(place, header), "has a damaged .npy header");
}

TEST_CASE("npz: a file cut anywhere is refused") {
    const folder place;
    for (const bool wide : {false, true}) {
        const std::string whole =
            zip({{.name = "x.npy", .content = npy("|u1", "(5,)", "abcde"), .wide = wide},
                 {.name = "y.npy", .content = npy("<f4", "(2,)", "abcdefgh"), .deflate = true, .wide = wide}},
                wide);
        for (std::size_t length = 0; length < whole.size(); ++length) {
            const auto path = place.write("a.npz", whole.substr(0, length));
            CAPTURE(length);
            CHECK(message_of([&] {
                      const npz_file file(path);
                      (void)file.read("x");
                      (void)file.read("y");
                  }).starts_with(path.string() + ": "));
        }
    }
}

TEST_CASE("npz: flipped bytes give the right arrays or bad_input") {
    const folder place;
    const std::string whole = zip({{.name = "x.npy", .content = npy("|u1", "(5,)", "abcde")},
                                   {.name = "y.npy", .content = npy("<f4", "(2,)", "abcdefgh"), .deflate = true},
                                   {.name = "z.npy", .content = npy("|u1", "(1,)", "z"), .wide = true}},
                                  true);
    std::size_t refused = 0, unharmed = 0;
    const auto try_file = [&](const std::string& bytes) {
        const auto path = place.write("a.npz", bytes);
        try {
            const npz_file file(path);
            const auto x = file.read("x"), y = file.read("y"), z = file.read("z");
            CHECK(bytes_of(x.bytes) == "abcde");
            CHECK(bytes_of(y.bytes) == "abcdefgh");
            CHECK(bytes_of(z.bytes) == "z");
            ++unharmed;  // a byte that no reader looks at, such as the time of day
        } catch (const qvit::bad_input& error) {
            ++refused;
            const std::string message = error.what();
            CHECK_MESSAGE(message.starts_with(path.string() + ": "), message);
            CHECK_MESSAGE(message.find('\n') == std::string::npos, message);
        }
    };
    for (std::size_t at = 0; at < whole.size(); ++at)
        for (const int mask : {0x01, 0x80, 0xff}) {
            std::string bytes = whole;
            bytes[at] = static_cast<char>(bytes[at] ^ mask);
            try_file(bytes);
        }
    CHECK(refused > unharmed);
    qvit::random_stream draw(1, 2);
    for (int trial = 0; trial < 1000; ++trial) {
        std::string bytes = whole;
        for (int i = 0; i < 6; ++i)
            bytes[draw.below(static_cast<std::uint32_t>(bytes.size()))] = static_cast<char>(draw.next_u32());
        try_file(bytes);
    }
}
