// SPDX-License-Identifier: Apache-2.0
#include "wide_instances.hpp"

namespace qvit::inline QVIT_ABI {
template void sweep(wide_stage_run<double>&, const wide_tile<double>*, std::size_t);
template void sweep(wide_stage_run<float>&, const wide_tile<float>*, std::size_t);
}  // namespace qvit::inline QVIT_ABI
