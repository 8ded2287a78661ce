// SPDX-License-Identifier: Apache-2.0
// The statevectors of 8 wires: 256 amplitudes. See qnn.hpp.
#include "qnn.hpp"

namespace qvit_benchmarks {
namespace {

using enum qvit::engine;
[[maybe_unused]] const bool added[] = {
    add_qnn<8, 1, lane_statevector>(),
    add_qnn<8, 2, lane_statevector>(),
    add_qnn<8, 4, lane_statevector>(),
};

}  // namespace
}  // namespace qvit_benchmarks
