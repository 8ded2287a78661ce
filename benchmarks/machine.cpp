// SPDX-License-Identifier: Apache-2.0
// machine/fma_peak/<real>    flops: multiply-adds in registers, two flops each
// machine/copy/<bytes>       bytes_per_second: an array of that size copied, bytes read plus bytes written
#include "keep.hpp"
#include "machine.hpp"
#include "quiet_processor.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <vector>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>

namespace qvit_benchmarks {
namespace {

/// Chains that do not depend on one another: more than latency (4 cycles) times units (2).
constexpr std::size_t chains = 12;

/// `rounds` multiply-adds in every chain; the result keeps the compiler from leaving any out.
template <class R>
__attribute__((noinline)) R multiply_add_chains(std::size_t rounds, R factor, R addend) {
    using S = qvit::lanes<R>;
    const S a(factor);
    const S b(addend);
    S chain[chains];
    qvit::unroll<chains>([&](auto k) QVIT_INLINE_LAMBDA { chain[k()] = S(R(k())); });
    for (std::size_t round = 0; round < rounds; ++round)
        qvit::unroll<chains>([&](auto k) QVIT_INLINE_LAMBDA { chain[k()] = qvit::simd::fma(chain[k()], a, b); });
    qvit::unroll<chains - 1, 1>([&](auto k) QVIT_INLINE_LAMBDA { chain[0] += chain[k()]; });
    return qvit::simd::sum(chain[0]);
}

template <class R>
constexpr double flops_of(std::size_t rounds) {
    return 2.0 * static_cast<double>(rounds * chains * qvit::lane_count<qvit::lanes<R>>);
}

template <class R>
void fma_peak(benchmark::State& state) {
    const quiet_processor here;
    constexpr std::size_t rounds = 4096;
    R factor = R(0.5);  // the chains settle at 1: no overflow, no denormal numbers
    R addend = R(0.5);
    for (auto _ : state) {
        keep(factor);
        keep(addend);
        R result = multiply_add_chains<R>(rounds, factor, addend);
        keep(result);
    }
    state.counters["flops"] = {flops_of<R>(rounds), benchmark::Counter::kIsIterationInvariantRate};
}
BENCHMARK_TEMPLATE(fma_peak, float)->Name("machine/fma_peak/float");
BENCHMARK_TEMPLATE(fma_peak, double)->Name("machine/fma_peak/double");

void copy(benchmark::State& state) {
    const quiet_processor here;
    const auto bytes = static_cast<std::size_t>(state.range(0));
    std::vector<std::uint8_t> from(bytes, 1);
    std::vector<std::uint8_t> to(bytes, 2);
    std::uint8_t* source = from.data();
    std::uint8_t* target = to.data();
    for (auto _ : state) {
        keep(source);
        keep(target);
        std::memcpy(target, source, bytes);
        benchmark::ClobberMemory();
    }
    state.SetBytesProcessed(2 * state.range(0) * state.iterations());
}
BENCHMARK(copy)->Name("machine/copy")->Arg(16 << 10)->Arg(256 << 10)->Arg(4 << 20)->Arg(64 << 20);

}  // namespace

double measured_fma_peak() {
    constexpr std::size_t rounds = 1 << 12;
    float factor = 0.5F;
    float addend = 0.5F;
    const double seconds = median_seconds([&] {
        keep(factor);
        keep(addend);
        float result = multiply_add_chains<float>(rounds, factor, addend);
        keep(result);
    });
    return flops_of<float>(rounds) / seconds;
}

}  // namespace qvit_benchmarks
