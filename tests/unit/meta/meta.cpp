// SPDX-License-Identifier: Apache-2.0
#include <doctest/doctest.h>

#include <cstddef>
#include <type_traits>
#include <vector>

#include <qvit/meta/bit_set.hpp>
#include <qvit/meta/fixed_array.hpp>
#include <qvit/meta/static_vector.hpp>
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

// The same while compiling.
static_assert(across_words.meets(with_members(bit_set<130>{}, 5, 129)));
static_assert(!across_words.meets(with_members(bit_set<130>{}, 5, 65, 126)) && !across_words.meets(bit_set<130>{}));

// ---- fixed_array ----
constexpr fixed_array<int, 3> some{4, 5};
static_assert(some.size() == 3 && some[1] == 5 && some.elements[2] == 0 && some.end() - some.begin() == 3);
static_assert(some == fixed_array<int, 3>{4, 5, 0} && some != fixed_array<int, 3>{4, 5, 6});
static_assert([] {
    fixed_array<int, 3> doubled = some;
    for (int& entry : doubled) entry *= 2;
    doubled[2] = 1;
    return doubled == fixed_array<int, 3>{8, 10, 1} && some[0] == 4;
}());

// ---- static_vector ----
constexpr auto three = [] {
    static_vector<int, 4> list;
    for (const int entry : {7, 8, 9}) list.push_back(entry);
    return list;
}();
static_assert(three.size() == 3 && !three.empty() && three.back() == 9 && three[1] == 8 && three.capacity() == 4);
static_assert(three.end() - three.begin() == 3 && *three.begin() == 7);
static_assert(static_vector<int, 0>{}.empty() && static_vector<int, 0>::capacity() == 0);  // no array of size zero

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

template <std::size_t Count>
std::vector<std::size_t> unrolled_short() {
    std::vector<std::size_t> order;
    unroll_short<Count>([&](std::size_t i) { order.push_back(i); });
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

TEST_CASE("bit_set: meets where any word has a member in common") {
    for (const std::size_t bit : {0U, 63U, 64U, 127U, 128U, 129U}) {
        const auto one = with_members(bit_set<130>{}, bit);
        CHECK(across_words.meets(one));
        CHECK(one.meets(across_words));
        CHECK_FALSE(across_words.without(one).meets(one));
    }
    CHECK_FALSE(bit_set<130>{}.meets(across_words));
    CHECK_FALSE(bit_set<0>{}.meets(bit_set<0>{}));
}

TEST_CASE("static_vector: grows, shrinks and iterates like a vector") {
    static_vector<std::size_t, 5> list;
    CHECK(list.empty());
    CHECK(list.begin() == list.end());
    for (std::size_t i = 0; i < 5; ++i) {
        list.push_back(10 * i);
        CHECK(list.size() == i + 1);
        CHECK(list.back() == 10 * i);
    }
    for (std::size_t& entry : list) ++entry;
    CHECK(std::vector<std::size_t>(list.begin(), list.end()) == std::vector<std::size_t>{1, 11, 21, 31, 41});
    list.back() = 99;
    list[0] = 5;
    CHECK(list[4] == 99);
    list.resize(2);
    CHECK(std::vector<std::size_t>(list.begin(), list.end()) == std::vector<std::size_t>{5, 11});
    list.push_back(3);
    CHECK(list.back() == 3);
    CHECK(list.size() == 3);
}

TEST_CASE("unroll_short: every index once, in order, unrolled or not") {
    CHECK(unrolled_short<0>().empty());
    CHECK(unrolled_short<1>() == counted(0, 1));
    CHECK(unrolled_short<64>() == counted(0, 64));
    CHECK(unrolled_short<65>() == counted(0, 65));
    CHECK(unrolled_short<300>() == counted(0, 300));
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
