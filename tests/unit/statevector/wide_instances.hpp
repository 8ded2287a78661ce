// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/statevector/wide_sweep.hpp>

// The kernels of the wide statevector take the compiler some 12 s: made once, in wide_instances.cpp, for all tests.
namespace qvit::inline QVIT_ABI {
extern template void sweep(const wide_stage<double>&, const wide_tile<double>*, std::size_t, std::uint64_t, std::size_t,
                           detail::wide_scratch<double>&);
extern template void sweep(const wide_stage<float>&, const wide_tile<float>*, std::size_t, std::uint64_t, std::size_t,
                           detail::wide_scratch<float>&);
}  // namespace qvit::inline QVIT_ABI
