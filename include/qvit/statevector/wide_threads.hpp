// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <thread>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Calls share(worker, first, last) for `workers` parts of [0, count), each on a thread of its own, the last one on
/// the caller's. With one worker no thread is started. Starting one costs some 20 us, a pass of 24 wires 10 ms.
///
///     for_each_share(tiles, 4, [&](std::size_t worker, std::size_t first, std::size_t last) { ... });
void for_each_share(std::size_t count, std::size_t workers, auto&& share) {
    if (workers <= 1) {
        share(std::size_t{0}, std::size_t{0}, count);
        return;
    }
    const auto bound = [&](std::size_t worker) {
        return count / workers * worker + count % workers * worker / workers;
    };
    std::vector<std::thread> threads;
    threads.reserve(workers - 1);
    for (std::size_t w = 0; w + 1 < workers; ++w) threads.emplace_back([&, w] { share(w, bound(w), bound(w + 1)); });
    share(workers - 1, bound(workers - 1), count);
    for (std::thread& thread : threads) thread.join();
}

}  // namespace qvit::inline QVIT_ABI
