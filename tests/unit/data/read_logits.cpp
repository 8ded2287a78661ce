// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cmath>
#include <qvit/data/read_logits.hpp>
#include <string>
#include <vector>

#include "unit/data/message_of.hpp"
#include "unit/data/zip_writer.hpp"

using namespace test_files;

namespace {
qvit::dataset three_images_of_two_classes() {
    qvit::dataset data;
    data.name = "small";
    data.classes = 2;
    data.train.labels = {0, 1, 1};
    return data;
}
template <class Element>
std::filesystem::path write_logits(const folder& place, const std::string& dtype, const std::string& shape,
                                   const std::vector<Element>& values, const std::string& name = "logits.npy") {
    return place.write("teacher.npz",
                       zip({{.name = name, .content = npy(dtype, shape, bytes_of(values)), .deflate = true}}));
}
}  // namespace

TEST_CASE("a teacher's logits are read as float or double") {
    const folder place;
    const auto data = three_images_of_two_classes();
    const std::vector<float> singles{1, -2, 0.5f, 0.25f, 8, -0.125f};
    const std::vector<double> values(singles.begin(), singles.end());
    CHECK(qvit::read_logits(write_logits(place, "<f4", "(3, 2)", singles), data) == values);
    CHECK(qvit::read_logits(write_logits(place, "<f8", "(3, 2)", values), data) == values);
}

TEST_CASE("logits that do not fit are refused with what was expected and found") {
    const folder place;
    const auto data = three_images_of_two_classes();
    auto message = [&](const std::filesystem::path& path) {
        return message_of([&] { (void)qvit::read_logits(path, data); });
    };
    const std::vector<double> six{1, 2, 3, 4, 5, 6};
    CHECK_CONTAINS(message(write_logits(place, "<f8", "(2, 3)", six)), "has shape (2, 3), expected (3, 2)");
    CHECK_CONTAINS(message(write_logits(place, "<f8", "(6,)", six)), "has shape (6,), expected (3, 2)");
    CHECK_CONTAINS(message(write_logits(place, "<f8", "(3, 2)", six, "scores.npy")), "'scores'");
    CHECK_CONTAINS(message(write_logits(place, "|u1", "(3, 2)", std::vector<std::uint8_t>(6))),
                   "has dtype |u1, expected <f8");
    CHECK_CONTAINS(message(write_logits(place, "<f8", "(3, 2)", std::vector<double>{1, 2, 3, 4, NAN, 6})),
                   "a number that is not finite for image 2");
}
