// SPDX-License-Identifier: Apache-2.0
#include "quiet_processor.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

#include <benchmark/benchmark.h>

#include <qvit/simd/lanes.hpp>
#include <qvit/simd/sine_cosine.hpp>

#include "machine.hpp"

namespace qvit_benchmarks {
#if defined(__linux__)
namespace {

/// Median of nine samples of some 20 us.
double sine_cosine_sample() {
    using S = qvit::lanes<float>;
    constexpr std::size_t count = 128;
    static std::array<S, count> angles, sines, cosines;
    std::array<double, 9> samples{};
    for (double& sample : samples) {
        const double start = thread_seconds();
        for (int round = 0; round < 32; ++round) {
            for (std::size_t i = 0; i < count; ++i) qvit::simd::sine_cosine(angles[i], sines[i], cosines[i]);
            benchmark::ClobberMemory();
        }
        sample = thread_seconds() - start;
    }
    std::nth_element(samples.begin(), samples.begin() + 4, samples.end());
    return samples[4];
}

bool stay_on(int processor) {
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    return sched_setaffinity(0, sizeof one, &one) == 0;
}

}  // namespace

quiet_processor::quiet_processor() : known_(sched_getaffinity(0, sizeof allowed_, &allowed_) == 0) {
    if (!known_) return;
    int best = -1;
    double best_seconds = 0;
    int tried = 0;
    for (int processor = 0; processor < CPU_SETSIZE && tried < 8; ++processor) {
        if (!CPU_ISSET(processor, &allowed_)) continue;
        ++tried;
        if (!stay_on(processor)) continue;
        const double seconds = sine_cosine_sample();
        if (best >= 0 && seconds >= best_seconds) continue;
        best = processor;
        best_seconds = seconds;
    }
    if (best < 0 || !stay_on(best)) sched_setaffinity(0, sizeof allowed_, &allowed_);
}

quiet_processor::~quiet_processor() {
    if (known_) sched_setaffinity(0, sizeof allowed_, &allowed_);
}
#else
quiet_processor::quiet_processor() = default;
quiet_processor::~quiet_processor() = default;
#endif
}  // namespace qvit_benchmarks
