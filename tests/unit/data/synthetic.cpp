// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include <qvit/data/load_dataset.hpp>
#include <qvit/data/synthetic.hpp>

TEST_CASE("synthetic: shape, labels, and no image twice") {
    const qvit::dataset set = qvit::load_dataset("synthetic");
    CHECK(set.name == "synthetic-lesions");
    CHECK(set.synthetic);
    CHECK(set.warnings.empty());
    CHECK(set.kind == qvit::task::multi_class);
    CHECK(set.channels == 3);
    CHECK(set.label_names.size() == set.classes);
    CHECK(set.train.count() == 1080);
    CHECK(set.validation.count() == 120);
    CHECK(set.test.count() == 400);
    std::set<std::vector<std::uint8_t>> images;
    for (const auto* split : {&set.train, &set.validation, &set.test}) {
        REQUIRE(split->pixels.size() == split->count() * set.image_bytes());
        for (std::size_t label = 0; label < set.classes; ++label)
            CHECK(std::count(split->labels.begin(), split->labels.end(), label) ==
                  static_cast<std::ptrdiff_t>(split->count() / set.classes));
        for (std::size_t i = 0; i < split->count(); ++i) {
            const auto* begin = split->pixels.data() + i * set.image_bytes();
            images.emplace(begin, begin + set.image_bytes());
        }
    }
    CHECK(images.size() == 1600);
}

TEST_CASE("synthetic: the same bytes everywhere, other bytes for another seed") {
    const qvit::dataset set = qvit::synthetic_dataset();
    CHECK(set.md5 == "2b0571a1ea2d0ff37f4536866bebaa84");
    CHECK(qvit::synthetic_dataset(1).md5 != set.md5);
}
