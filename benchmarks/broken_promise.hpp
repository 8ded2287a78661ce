// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace qvit_benchmarks {

/// A benchmark that has a promise to hold did not hold it: the program ends with status 1, and the test that runs it
/// fails. (An error alone does not say so: Google Benchmark returns the same for a run of errors.)
inline bool promise_broken = false;

}  // namespace qvit_benchmarks
