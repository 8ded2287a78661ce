// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/statevector/wide_sweep.hpp>

// The kernels of the wide statevector take the compiler some 13 s: made once, in wide_instances.cpp, for all tests.
namespace qvit::inline QVIT_ABI {
extern template void sweep(wide_stage_run<double>&, const std::array<wide_tile<double>, 1>&, std::size_t);
extern template void sweep(wide_stage_run<double>&, const std::array<wide_tile<double>, 2>&, std::size_t);
extern template void sweep(wide_stage_run<float>&, const std::array<wide_tile<float>, 1>&, std::size_t);
extern template void sweep(wide_stage_run<float>&, const std::array<wide_tile<float>, 2>&, std::size_t);
}  // namespace qvit::inline QVIT_ABI

/// QVIT_FREE_ADDS where nobody defines it.
int free_adds_of_this_machine();
