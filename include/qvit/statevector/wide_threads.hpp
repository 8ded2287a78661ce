// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// The first of `count` things that are worker `worker`'s.
constexpr std::size_t share_bound(std::size_t count, std::size_t workers, std::size_t worker) {
    return count / workers * worker + count % workers * worker / workers;
}

/// Threads that wait for work between passes: starting one takes some 20 us, and a circuit has many passes.
class share_pool {
  public:
    share_pool() = default;
    share_pool(const share_pool&) = delete;
    share_pool& operator=(const share_pool&) = delete;
    ~share_pool() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        wake_.notify_all();
        for (std::thread& thread : threads_) thread.join();
    }

    /// False, and nothing done, where the pool is at work already: for another caller, or for this one further out.
    template <class Share>
    bool run(std::size_t count, std::size_t workers, Share& share) {
        if (taken_.exchange(true, std::memory_order_acquire)) return false;
        const struct giver {
            std::atomic<bool>& taken;
            ~giver() { taken.store(false, std::memory_order_release); }
        } give_back{taken_};
        while (threads_.size() + 1 < workers) {
            const std::size_t seen = round_;  // a new thread has no part in what came before it
            threads_.emplace_back([this, worker = threads_.size(), seen] { serve(worker, seen); });
        }
        {
            const std::lock_guard lock(mutex_);
            call_ = [](void* context, std::size_t worker, std::size_t first, std::size_t last) {
                (*static_cast<std::remove_reference_t<Share>*>(context))(worker, first, last);
            };
            context_ = &share;
            count_ = count;
            workers_ = workers;
            busy_ = workers - 1;
            ++round_;
        }
        wake_.notify_all();
        share(workers - 1, share_bound(count, workers, workers - 1), count);
        std::unique_lock lock(mutex_);
        done_.wait(lock, [this] { return busy_ == 0; });
        return true;
    }

  private:
    void serve(std::size_t worker, std::size_t seen) {
        for (;;) {
            std::unique_lock lock(mutex_);
            wake_.wait(lock, [&] { return stop_ || round_ != seen; });
            if (stop_) return;
            seen = round_;
            if (worker + 1 >= workers_) continue;  // a round of fewer workers
            lock.unlock();
            call_(context_, worker, share_bound(count_, workers_, worker), share_bound(count_, workers_, worker + 1));
            lock.lock();
            if (--busy_ == 0) done_.notify_one();
        }
    }

    std::vector<std::thread> threads_;
    std::atomic<bool> taken_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable done_;
    void (*call_)(void*, std::size_t, std::size_t, std::size_t) = nullptr;
    void* context_ = nullptr;
    std::size_t count_ = 0;
    std::size_t workers_ = 1;
    std::size_t busy_ = 0;
    std::size_t round_ = 0;
    bool stop_ = false;
};

/// The program's pool, made at the first use and as large as the most workers ever asked for.
inline share_pool& the_share_pool() {
    static share_pool pool;
    return pool;
}
}  // namespace detail

/// Calls share(worker, first, last) for `workers` parts of [0, count), worker numbers below `workers`: the last part on
/// the caller's thread, the others on the program's pool. With one worker no thread is used. Where the pool is at work
/// for another caller, this one does all parts itself, so results must not depend on who does what.
///
///     for_each_share(tiles, 4, [&](std::size_t worker, std::size_t first, std::size_t last) { ... });
void for_each_share(std::size_t count, std::size_t workers, auto&& share) {
    if (workers <= 1) {
        share(std::size_t{0}, std::size_t{0}, count);
        return;
    }
    if (!detail::the_share_pool().run(count, workers, share)) share(std::size_t{0}, std::size_t{0}, count);
}

}  // namespace qvit::inline QVIT_ABI
