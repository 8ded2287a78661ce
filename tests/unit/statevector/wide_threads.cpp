// SPDX-License-Identifier: Apache-2.0
// The pool behind for_each_share: every part once, whoever calls, and a pool that is at work is no obstacle.
#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <set>
#include <thread>
#include <vector>

#include <qvit/statevector/wide_memory.hpp>
#include <qvit/statevector/wide_threads.hpp>

using qvit::for_each_share;

namespace {
/// How often each of `count` things was in a share.
std::vector<int> visits(std::size_t count, std::size_t workers) {
    std::vector<std::atomic<int>> seen(count);
    for_each_share(count, workers, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i) ++seen[i];
    });
    return {seen.begin(), seen.end()};
}
}  // namespace

TEST_CASE("wide threads: every part is done once, for any number of workers, round after round") {
    for (const std::size_t count : {1U, 2U, 7U, 64U, 1000U})
        for (const std::size_t workers : {1U, 2U, 3U, 8U, 5U, 2U})
            CHECK(visits(count, workers) == std::vector<int>(count, 1));
    for (int round = 0; round < 2000; ++round) {
        const std::vector<int> seen = visits(3, 3);
        REQUIRE(seen == std::vector<int>(3, 1));
    }
}

TEST_CASE("wide threads: a worker has a number and a thread of its own") {
    std::vector<std::thread::id> thread_of(4);
    for_each_share(4, 4, [&](std::size_t worker, std::size_t first, std::size_t last) {
        CHECK(last == first + 1);
        thread_of[worker] = std::this_thread::get_id();
    });
    CHECK(std::set<std::thread::id>(thread_of.begin(), thread_of.end()).size() == 4);
    CHECK(thread_of[3] == std::this_thread::get_id());
    const std::vector<std::thread::id> before = thread_of;
    for_each_share(
        4, 4, [&](std::size_t worker, std::size_t, std::size_t) { thread_of[worker] = std::this_thread::get_id(); });
    CHECK(thread_of == before);  // the same threads: none is started for a pass
}

TEST_CASE("wide threads: a share may share, and several threads may ask at once") {
    std::atomic<int> inner{0};
    for_each_share(2, 2, [&](std::size_t, std::size_t first, std::size_t last) {
        for (std::size_t i = first; i < last; ++i)
            for_each_share(
                10, 2, [&](std::size_t, std::size_t from, std::size_t to) { inner += static_cast<int>(to - from); });
    });
    CHECK(inner == 20);
    std::atomic<int> total{0};
    std::vector<std::thread> callers;
    for (int caller = 0; caller < 4; ++caller)
        callers.emplace_back([&] {
            for (int round = 0; round < 200; ++round)
                for_each_share(16, 3, [&](std::size_t, std::size_t first, std::size_t last) {
                    total += static_cast<int>(last - first);
                });
        });
    for (std::thread& caller : callers) caller.join();
    CHECK(total == 4 * 200 * 16);
}

TEST_CASE("wide memory: what is available is something, and less than what is refused") {
    const std::size_t available = qvit::available_memory();
    CHECK(available > (std::size_t{1} << 20));
    CHECK(qvit::why_not_wide(10, 8).empty());
    CHECK(qvit::why_not_wide(48, 8).find("MiB are free") != std::string::npos);
}
