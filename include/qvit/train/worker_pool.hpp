// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <mutex>
#include <thread>
#include <type_traits>
#include <vector>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A fixed set of threads that share numbered tasks; the calling thread is worker 0 and works too.
///
/// `run(count, task)` calls task(worker, index) once for each index below count, in any order, and returns when all are
/// done; the first exception of a task is thrown again. Allocates nothing per call. With one worker there is no thread,
/// and a single task wakes none. Who waits looks around a while before it sleeps: a step of a small model takes less
/// time than waking a thread (0.1 ms against 0.04), so threads that slept between steps would not pay.
class worker_pool {
  public:
    explicit worker_pool(std::size_t workers) {
        try {
            for (std::size_t worker = 1; worker < workers; ++worker)
                threads_.emplace_back([this, worker] { serve(worker); });
        } catch (...) {  // the machine has no room for so many: the threads that wait already must not outlive us
            stop();
            throw;
        }
    }
    worker_pool(const worker_pool&) = delete;
    worker_pool& operator=(const worker_pool&) = delete;
    ~worker_pool() { stop(); }

    std::size_t workers() const { return threads_.size() + 1; }

    template <class Task>
    void run(std::size_t count, Task&& task) {
        if (threads_.empty() || count <= 1) {  // one task wakes nobody
            for (std::size_t i = 0; i < count; ++i) task(std::size_t{0}, i);
            return;
        }
        call_ = [](void* context, std::size_t worker, std::size_t index) {
            (*static_cast<std::remove_reference_t<Task>*>(context))(worker, index);
        };
        context_ = &task;
        count_ = count;
        next_ = 0;
        busy_ = threads_.size();
        failure_ = nullptr;
        {
            const std::lock_guard lock(mutex_);  // or a worker that goes to sleep just now would miss it
            ++round_;                            // publishes all of the above
        }
        wake_.notify_all();
        work(0);
        if (!seen_soon([this] { return busy_ == 0; })) {
            std::unique_lock lock(mutex_);
            done_.wait(lock, [this] { return busy_ == 0; });
        }
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            stop_ = true;
        }
        wake_.notify_all();
        for (auto& thread : threads_) thread.join();
    }
    void work(std::size_t worker) {
        try {
            for (std::size_t i = next_++; i < count_; i = next_++) call_(context_, worker, i);
        } catch (...) {
            const std::lock_guard lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
            next_ = count_;
        }
    }
    void serve(std::size_t worker) {
        for (std::size_t seen = 0;; ++seen) {  // no round begins before all workers have left the last one
            const auto called = [&] { return stop_ || round_ != seen; };
            if (!seen_soon(called)) {
                std::unique_lock lock(mutex_);
                wake_.wait(lock, called);
            }
            if (stop_) return;
            work(worker);
            if (--busy_ == 0) {
                const std::lock_guard lock(mutex_);
                done_.notify_one();
            }
        }
    }
    /// Does it come true within some 50 microseconds? Other programs may have the core meanwhile.
    static bool seen_soon(auto&& condition) {
        for (int i = 0; i < 100; ++i) {
            if (condition()) return true;
            std::this_thread::yield();
        }
        return condition();
    }

    std::vector<std::thread> threads_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::condition_variable done_;
    void (*call_)(void*, std::size_t, std::size_t) = nullptr;
    void* context_ = nullptr;
    std::atomic<std::size_t> next_{0};
    std::size_t count_ = 0;
    std::atomic<std::size_t> busy_{0};
    std::atomic<std::size_t> round_{0};
    std::exception_ptr failure_;
    std::atomic<bool> stop_{false};
};

}  // namespace qvit::inline QVIT_ABI
