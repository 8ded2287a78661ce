// SPDX-License-Identifier: Apache-2.0
// All benchmarks in one program. Each result file says what it was measured with:
//
//     qvit_benchmarks --benchmark_filter=qnn/ --benchmark_repetitions=9 --benchmark_out=qnn.json
//
// Counters: ns_per_<thing>, images_per_second, flops, bytes_per_second; floor_ratio is time over that of the same
// multiply-adds at the float rate of machine/fma_peak, measured right before and right after. Times are of the
// processor.
#include <benchmark/benchmark.h>

#include <qvit/core/config.hpp>
#include <qvit/simd/lanes.hpp>

#include "broken_promise.hpp"

int main(int argc, char** argv) {
    benchmark::AddCustomContext("qvit_version", qvit::version);
    benchmark::AddCustomContext("isa", qvit::isa_name);
    benchmark::AddCustomContext("simd_library", qvit::simd_library);
#if defined(__clang__)
    benchmark::AddCustomContext("compiler", __VERSION__);  // begins with "Clang" or the vendor's name
#elif defined(__GNUC__)
    benchmark::AddCustomContext("compiler", "g++ " __VERSION__);
#else
    benchmark::AddCustomContext("compiler", "unknown");
#endif
    benchmark::Initialize(&argc, argv);
    if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
    if (benchmark::RunSpecifiedBenchmarks() == 0) return 1;  // a misspelt filter must not look like success
    benchmark::Shutdown();
    return qvit_benchmarks::promise_broken ? 1 : 0;
}
