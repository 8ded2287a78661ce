// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <type_traits>
#include <vector>

#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/unroll.hpp>

using namespace qvit;

namespace {
template <std::size_t Bits>
std::vector<std::size_t> members(const bit_set<Bits>& set) {
    std::vector<std::size_t> result;
    set.for_each([&](std::size_t bit) { result.push_back(bit); });
    return result;
}

constexpr auto with_members = [](auto set, auto... bits) {
    (set.insert(static_cast<std::size_t>(bits)), ...);
    return set;
};
constexpr auto across_words = with_members(bit_set<130>{}, 0, 63, 64, 127, 128, 129);
static_assert(across_words.count() == 6);
static_assert(sizeof(bit_set<64>) == 8 && sizeof(bit_set<65>) == 16);
static_assert(bit_set<0>{}.empty() && bit_set<0>::word_count == 1);  // no array of size zero

template <std::size_t Count, std::size_t First = 0>
std::vector<std::size_t> unrolled() {
    std::vector<std::size_t> order;
    unroll<Count, First>([&](auto i) {
        static_assert(std::is_same_v<decltype(i), index_constant<i()>>);
        order.push_back(i);
    });
    return order;
}

std::vector<std::size_t> counted(std::size_t first, std::size_t count) {
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = first + i;
    return order;
}

constexpr std::size_t sum_of_first_300() {
    std::size_t sum = 0;
    unroll<300>([&](auto i) { sum += i; });
    return sum;
}
static_assert(sum_of_first_300() == 300 * 299 / 2);
}  // namespace

TEST_CASE("bit_set: insert, erase, assign, toggle at both ends of words") {
    bit_set<130> set;
    CHECK(set.empty());
    for (const std::size_t bit : {0U, 63U, 64U, 127U, 128U, 129U}) {
        CHECK_FALSE(set.contains(bit));
        set.insert(bit);
        CHECK(set.contains(bit));
    }
    CHECK(set == across_words);
    CHECK(members(set) == std::vector<std::size_t>{0, 63, 64, 127, 128, 129});
    set.insert(64);
    CHECK(set.count() == 6);
    set.erase(64);
    set.erase(65);
    CHECK(set.count() == 5);
    CHECK_FALSE(set.contains(64));
    set.assign(129, false);
    set.assign(1, true);
    set.assign(0, true);
    CHECK(members(set) == std::vector<std::size_t>{0, 1, 63, 127, 128});
    set.toggle_if(128, true);
    set.toggle_if(70, true);
    set.toggle_if(0, false);
    set.toggle_if(2, false);
    CHECK(members(set) == std::vector<std::size_t>{0, 1, 63, 70, 127});
}

TEST_CASE("bit_set: inclusion, difference and union look at every word") {
    const auto low = with_members(bit_set<130>{}, 0, 63);
    const auto high = with_members(bit_set<130>{}, 128);
    CHECK(across_words.includes(low));
    CHECK(across_words.includes(high));
    CHECK(across_words.includes(across_words));
    CHECK(low.includes(bit_set<130>{}));
    CHECK_FALSE(low.includes(across_words));
    CHECK_FALSE(low.includes(high));
    CHECK(members(across_words.without(low)) == std::vector<std::size_t>{64, 127, 128, 129});
    CHECK(across_words.without(across_words).empty());
    CHECK(members(low | high) == std::vector<std::size_t>{0, 63, 128});
    CHECK(low != high);
}

TEST_CASE("unroll: every index once, in order, across chunks") {
    CHECK(unrolled<0>().empty());
    CHECK(unrolled<1>() == counted(0, 1));
    CHECK(unrolled<detail::unroll_chunk>() == counted(0, detail::unroll_chunk));
    CHECK(unrolled<detail::unroll_chunk + 1>() == counted(0, detail::unroll_chunk + 1));
    CHECK(unrolled<129>() == counted(0, 129));
    CHECK(unrolled<300>() == counted(0, 300));
    CHECK(unrolled<5, 7>() == counted(7, 5));
    CHECK(unrolled<130, 3>() == counted(3, 130));
}

TEST_CASE("unroll: a body's result is ignored, even one with an odd comma operator") {
    struct awkward {
        int* calls;
        int operator,(awkward) const { return *calls = -1; }
    };
    int calls = 0;
    unroll<3>([&](auto) {
        ++calls;
        return awkward{&calls};
    });
    CHECK(calls == 3);
}
