// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstdint>
#include <set>

#include <qvit/core/inverse_normal_cdf.hpp>
#include <qvit/core/philox.hpp>
#include <qvit/core/random_stream.hpp>

using qvit::philox;
using qvit::random_stream;

// The three lines "philox4x32 10" of Random123's kat_vectors.
static_assert(philox::block({0, 0, 0, 0}, {0, 0}) ==
              philox::counter_type{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
static_assert(philox::block({0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff}, {0xffffffff, 0xffffffff}) ==
              philox::counter_type{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
static_assert(philox::block({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
              philox::counter_type{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});

TEST_CASE("philox: the known answers at run time") {
    volatile std::uint32_t zero = 0;
    CHECK(philox::block({zero, 0, 0, 0}, {zero, 0}) ==
          philox::counter_type{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
}

TEST_CASE("random_stream: named by all five coordinates, repeatable, usable in a constant") {
    constexpr auto first = random_stream(7, 1, 2, 3, 4).next_u64();
    random_stream again(7, 1, 2, 3, 4);
    CHECK(again.next_u64() == first);
    std::set<std::uint64_t> different = {first};
    different.insert(random_stream(8, 1, 2, 3, 4).next_u64());
    different.insert(random_stream(7 + (std::uint64_t{1} << 40), 1, 2, 3, 4).next_u64());
    different.insert(random_stream(7, 2, 2, 3, 4).next_u64());
    different.insert(random_stream(7, 1, 3, 3, 4).next_u64());
    different.insert(random_stream(7, 1, 2, 4, 4).next_u64());
    different.insert(random_stream(7, 1, 2, 3, 5).next_u64());
    CHECK(different.size() == 7);
    // Two words per number: the sequence goes on over block ends without a repeat.
    random_stream draw(7);
    std::set<std::uint64_t> words;
    for (int i = 0; i < 1000; ++i) words.insert(draw.next_u64());
    CHECK(words.size() == 1000);
}

TEST_CASE("random_stream: uniform and bounded numbers") {
    random_stream draw(3, 1);
    double sum = 0, sum_of_squares = 0;
    constexpr int count = 100'000;
    for (int i = 0; i < count; ++i) {
        const double x = draw.uniform();
        REQUIRE(x >= 0);
        REQUIRE(x < 1);
        sum += x;
        sum_of_squares += x * x;
    }
    CHECK(std::abs(sum / count - 0.5) < 5 * std::sqrt(1. / 12 / count));
    CHECK(std::abs(sum_of_squares / count - 1. / 3) < 5 * std::sqrt(4. / 45 / count));

    std::array<int, 7> hits{};
    for (int i = 0; i < 70'000; ++i) ++hits.at(draw.below(7));
    double chi_squared = 0;
    for (const int hit : hits) chi_squared += (hit - 10'000.) * (hit - 10'000.) / 10'000;
    CHECK(chi_squared < 22.5);  // 6 degrees of freedom, one in a thousand
    CHECK(draw.below(0) == 0);
    CHECK(draw.below(1) == 0);
    // A bound just above 2^31 refuses almost every second word: without it low numbers would come twice as often.
    int low = 0;
    for (int i = 0; i < 40'000; ++i) low += draw.below(0xc0000000) < 0x60000000;
    CHECK(std::abs(low - 20'000) < 500);
    for (int i = 0; i < 1000; ++i) {
        const double x = draw.uniform(-2, 3);
        CHECK((x >= -2 && x <= 3));
    }
}

TEST_CASE("inverse_normal_cdf: scipy.special.ndtri") {
    const std::array<std::array<double, 2>, 12> known = {{{1e-300, -37.0470962993612},
                                                          {1e-20, -9.262340089798409},
                                                          {1e-5, -4.264890793922825},
                                                          {.01, -2.3263478740408408},
                                                          {.074, -1.4466320671589785},
                                                          {.076, -1.4325027208258116},
                                                          {.3, -0.5244005127080409},
                                                          {.5, 0.0},
                                                          {.8, 0.8416212335729143},
                                                          {.95, 1.6448536269514722},
                                                          {.975, 1.959963984540054},
                                                          {.9999, 3.719016485455709}}};
    for (const auto& pair : known) {
        const double probability = pair[0], x = pair[1];
        CAPTURE(probability);
        CHECK(std::abs(qvit::inverse_normal_cdf(probability) - x) <= 4e-15 * std::abs(x));
    }
}

TEST_CASE("random_stream: normal and truncated normal numbers") {
    random_stream draw(5);
    constexpr int count = 100'000;
    double sum = 0, squares = 0, fourth = 0, cut_squares = 0;
    for (int i = 0; i < count; ++i) {
        const double x = draw.normal(), y = draw.truncated_normal();
        sum += x;
        squares += x * x;
        fourth += x * x * x * x;
        REQUIRE(std::abs(y) <= 2);
        cut_squares += y * y;
    }
    CHECK(std::abs(sum / count) < 5 / std::sqrt(count));
    CHECK(std::abs(squares / count - 1) < 5 * std::sqrt(2. / count));
    CHECK(std::abs(fourth / count - 3) < 5 * std::sqrt(96. / count));
    CHECK(std::abs(cut_squares / count - 0.7737413) < 0.02);  // 1 - 4 phi(2) / (2 Phi(2) - 1)
}
