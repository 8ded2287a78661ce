// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>

#include <benchmark/benchmark.h>

/// What the machine can do at best, so that other benchmarks can say how far from it they are, and how they say it.
namespace qvit_benchmarks {

/// Flops per second of one core for float multiply-adds in registers, two flops each, now: the median of 11 samples of
/// about 1 ms, as `median_seconds` takes them. A shared machine's speed changes from second to second, so it is to be
/// measured right before and right after what is compared with it; a best run would be the clock's errors.
double measured_fma_peak();

/// Seconds of the processor, this thread: what other programs do on a shared machine counts little.
inline double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// Median seconds of one call of `body`: 11 samples of about 1 ms each.
double median_seconds(auto&& body) {
    std::size_t calls = 1;
    double seconds = 0;
    for (;; calls *= 2) {
        const double start = thread_seconds();
        for (std::size_t i = 0; i < calls; ++i) body();
        seconds = thread_seconds() - start;
        if (seconds > 5e-4) break;
    }
    std::array<double, 11> samples;
    for (double& sample : samples) {
        const double start = thread_seconds();
        for (std::size_t i = 0; i < calls; ++i) body();
        sample = (thread_seconds() - start) / static_cast<double>(calls);
    }
    std::nth_element(samples.begin(), samples.begin() + 5, samples.end());
    return samples[5];
}

/// Of three, that which is neither the least nor the greatest.
inline double middle(std::array<double, 3> values) {
    std::sort(values.begin(), values.end());
    return values[1];
}

/// Processor time of a benchmark's loop, for counters that are neither a rate nor printed as seconds.
///
///     loop_clock clock;
///     for (auto _ : state) ...
///     state.counters["ns_per_token"] = 1e9 * clock.seconds(state) / tokens;
class loop_clock {
  public:
    /// Seconds per iteration since this object was made; call it right after the loop.
    double seconds(const benchmark::State& state) const {
        return (thread_seconds() - start_) / static_cast<double>(state.iterations());
    }

  private:
    double start_ = thread_seconds();
};

/// Seconds that `multiply_adds` multiply-adds of one lane each take at the peak measured now.
inline double floor_seconds(double multiply_adds) { return 2 * multiply_adds / measured_fma_peak(); }

}  // namespace qvit_benchmarks
