// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>
#include <vector>

#include <qvit/autodiff/gradient_check.hpp>
#include <qvit/autodiff/pass_context.hpp>
#include <qvit/autodiff/plan.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/core/random_stream.hpp>
#include <qvit/core/stream.hpp>
#include <qvit/nn/dropout.hpp>
#include <qvit/tensor/add.hpp>

#include "reference/close.hpp"

using namespace qvit;

namespace {

constexpr std::uint32_t image_count = 48;  // a multiple of every lane count

/// Three sites: x + drop_path(dropout(x)), and dropout of that.
template <class Shape>
struct regularised {
    dropout elements{0.3};
    drop_path branch{0.4};
    constexpr auto operator()(auto& tape, auto x) const {
        const auto y = tape.apply(add_op{}, x, branch(tape, elements(tape, x)));
        return elements(tape, y);
    }
    constexpr auto pass() const {
        return [me = *this](auto& tape) { me(tape, tape.create(Shape{})); };
    }
};

/// Values and gradients of a module for images 0 ... image_count - 1 in some order on lanes of S; x is all ones, and so
/// is the gradient of y. Row per image: values, then gradients of x.
template <class S, class Shape>
std::vector<std::vector<double>> rows_of(const auto& module, Shape extents, std::uint64_t seed, std::uint32_t epoch,
                                         std::uint32_t stride = 1) {
    using R = real_of<S>;
    constexpr std::size_t width = lane_count<S>;
    std::vector<std::vector<double>> rows(image_count);
    arena memory(plan<S, true>([&](auto& tape) { module(tape, tape.create(extents)); }).bytes);
    for (std::uint32_t first = 0; first < image_count; first += width) {
        pass_context<S> context{.seed = seed, .epoch = epoch};
        for (std::uint32_t l = 0; l < width; ++l) context.images[l] = (first + l) * stride % image_count;
        training_tape<S> tape(memory, nullptr, nullptr, &context);
        const auto x = tape.create(extents);
        for (std::size_t i = 0; i < x.size(); ++i) x.value[i] = S(R(1));
        const auto y = module(tape, x);
        CHECK(memory.used() == memory.size());
        for (std::size_t i = 0; i < y.size(); ++i) y.gradient[i] = S(R(1));
        std::move(tape).backward();
        for (const S* part : {y.value, x.gradient})
            for (std::size_t i = 0; i < x.size(); ++i) {
                R lane[width];
                simd::store(lane, part[i]);
                for (std::size_t l = 0; l < width; ++l) rows[context.images[l]].push_back(lane[l]);
            }
    }
    return rows;
}

std::size_t zeros_of(const std::vector<double>& row, std::size_t count) {
    return static_cast<std::size_t>(std::count(row.begin(), row.begin() + static_cast<std::ptrdiff_t>(count), 0.0));
}

}  // namespace

static_assert(drop_probability(0).never() && drop_probability(0).scale == 1);
static_assert(drop_probability(0.25).below == 16384 && drop_probability(0.25).scale == 4.0 / 3);
static_assert(drop_probability(1).below == 65536 && drop_probability(1).scale == 0);
static_assert(plan<float, false>(regularised<shape<3, 4>>().pass()).operations == 1);
static_assert(plan<float, true>(regularised<shape<3, 4>>().pass()).operations == 4);

TEST_CASE("dropout and drop path: gradients") {
    CHECK(gradient_check(regularised<shape<4, 7>>{}, shape<4, 7>{}).largest_error < 1e-8);
    CHECK(gradient_check(dropout(0.5), shape<dynamic>(19)).largest_error < 1e-8);
    CHECK(gradient_check(drop_path(0.5), shape<5>{}).largest_error < 1e-8);
}

TEST_CASE("dropout: the same bits on any lanes and in any order of images") {
    const regularised<shape<3, 7>> module;
    const auto one_by_one = rows_of<double>(module, shape<3, 7>{}, 5, 2);
    CHECK(rows_of<lanes<double>>(module, shape<3, 7>{}, 5, 2) == one_by_one);
    CHECK(rows_of<lanes<double>>(module, shape<3, 7>{}, 5, 2, 5) == one_by_one);
    CHECK(rows_of<lanes<float>>(module, shape<3, 7>{}, 5, 2, 7) == rows_of<float>(module, shape<3, 7>{}, 5, 2));
}

TEST_CASE("dropout: element i of an image is decided by 16 bits of its own stream") {
    const auto rows = rows_of<lanes<double>>(dropout(0.3), shape<21>{}, 11, 3);
    for (const std::uint32_t image : {0u, 1u, 37u}) {
        random_stream random(11, static_cast<std::uint32_t>(stream::dropout), 3, image, 0);
        std::uint32_t word = 0;
        for (std::size_t i = 0; i < 21; ++i) {
            word = i % 2 == 0 ? random.next_u32() : word >> 16;
            const bool dropped = (word & 0xFFFF) < 19661;
            CHECK(rows[image][i] == (dropped ? 0 : 65536.0 / (65536 - 19661)));
            CHECK(rows[image][21 + i] == rows[image][i]);
        }
    }
}

TEST_CASE("dropout: how many are dropped, and what is kept is scaled") {
    constexpr std::size_t elements = 2000;
    const double p = 0.1;
    const auto rows = rows_of<lanes<float>>(dropout(p), shape<elements>{}, 1, 1);
    std::size_t zeros = 0;
    for (const auto& row : rows) {
        zeros += zeros_of(row, elements);
        for (std::size_t i = 0; i < elements; ++i) REQUIRE((row[i] == 0 || std::abs(row[i] - 1 / (1 - p)) < 1e-5));
    }
    const double n = static_cast<double>(elements) * image_count;
    CHECK(std::abs(static_cast<double>(zeros) - p * n) < 4 * std::sqrt(n * p * (1 - p)));
    // Neighbours are independent: both dropped p^2 of the time.
    std::size_t pairs = 0;
    for (const auto& row : rows)
        for (std::size_t i = 0; i + 1 < elements; ++i) pairs += row[i] == 0 && row[i + 1] == 0 ? 1 : 0;
    CHECK(std::abs(static_cast<double>(pairs) - p * p * n) < 5 * std::sqrt(n * p * p));

    const auto none = rows_of<double>(dropout(1), shape<5>{}, 1, 1);
    for (const auto& row : none) CHECK(row == std::vector<double>(10, 0.0));
}

TEST_CASE("drop path: an image is kept or dropped as a whole") {
    std::size_t dropped = 0;
    for (std::uint32_t epoch = 0; epoch < 50; ++epoch)
        for (const auto& row : rows_of<lanes<double>>(drop_path(0.25), shape<2, 3>{}, 9, epoch)) {
            REQUIRE(std::count(row.begin(), row.end(), row[0]) == 12);
            REQUIRE((row[0] == 0 || row[0] == 4.0 / 3));
            dropped += row[0] == 0 ? 1 : 0;
        }
    const double n = 50 * image_count;
    CHECK(std::abs(static_cast<double>(dropped) - 0.25 * n) < 4 * std::sqrt(n * 0.25 * 0.75));
}

TEST_CASE("dropout: seed, epoch, image and site each change the numbers") {
    const shape<64> extents;
    const auto rows = rows_of<lanes<double>>(dropout(0.5), extents, 1, 1);
    CHECK(rows_of<lanes<double>>(dropout(0.5), extents, 1, 1) == rows);
    CHECK(rows_of<lanes<double>>(dropout(0.5), extents, 2, 1)[0] != rows[0]);
    CHECK(rows_of<lanes<double>>(dropout(0.5), extents, 1, 2)[0] != rows[0]);
    CHECK(rows[0] != rows[1]);
    const auto second_site = [](auto& tape, auto x) { return dropout(0.5)(tape, dropout(0)(tape, x)); };
    CHECK(rows_of<lanes<double>>(second_site, extents, 1, 1)[0] != rows[0]);
}

TEST_CASE("dropout is x itself without training, without a context and for p = 0") {
    arena memory(1 << 14);
    const auto same = [&](auto& tape, const auto& layer) {
        const auto x = tape.create(shape<3>{});
        const std::size_t used = memory.used();
        return layer(tape, x).value == x.value && memory.used() == used;
    };
    inference_tape<float> inference(memory, nullptr);
    CHECK(same(inference, dropout(0.5)));
    CHECK(same(inference, drop_path(0.5)));
    training_tape<float> training(memory, nullptr, nullptr);
    CHECK(same(training, dropout(0.5)));
    CHECK(same(training, drop_path(0.5)));
    const pass_context<float> context;
    training_tape<float> drawing(memory, nullptr, nullptr, &context);
    CHECK(same(drawing, dropout(0)));
    CHECK(same(drawing, drop_path(0)));
    CHECK(!same(drawing, dropout(0.5)));
    CHECK(!same(drawing, drop_path(0.5)));
}
