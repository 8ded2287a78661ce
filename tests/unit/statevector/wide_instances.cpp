// SPDX-License-Identifier: Apache-2.0
#include "wide_instances.hpp"

namespace qvit::inline QVIT_ABI {
template void sweep(wide_stage_run<double>&, const std::array<wide_tile<double>, 1>&, std::size_t);
template void sweep(wide_stage_run<double>&, const std::array<wide_tile<double>, 2>&, std::size_t);
template void sweep(wide_stage_run<float>&, const std::array<wide_tile<float>, 1>&, std::size_t);
template void sweep(wide_stage_run<float>&, const std::array<wide_tile<float>, 2>&, std::size_t);
}  // namespace qvit::inline QVIT_ABI

int free_adds_of_this_machine() { return QVIT_FREE_ADDS; }
