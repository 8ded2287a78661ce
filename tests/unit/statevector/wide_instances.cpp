// SPDX-License-Identifier: Apache-2.0
#include "wide_instances.hpp"

namespace qvit::inline QVIT_ABI {
template void sweep(const wide_stage<double>&, const wide_tile<double>*, std::size_t, std::uint64_t, std::size_t,
                    detail::wide_scratch<double>&);
template void sweep(const wide_stage<float>&, const wide_tile<float>*, std::size_t, std::uint64_t, std::size_t,
                    detail::wide_scratch<float>&);
}  // namespace qvit::inline QVIT_ABI
