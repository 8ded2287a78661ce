// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/statevector/wide_sweep.hpp>

// The kernels of the wide statevector take the compiler some 12 s: made once, in wide_instances.cpp, for all tests.
namespace qvit::inline QVIT_ABI {
extern template void sweep(wide_stage_run<double>&, const wide_tile<double>*, std::size_t);
extern template void sweep(wide_stage_run<float>&, const wide_tile<float>*, std::size_t);
}  // namespace qvit::inline QVIT_ABI
