// SPDX-License-Identifier: Apache-2.0
// The light cones of 8 wires: a statevector of up to 256 amplitudes for each
// set of outputs. See qnn.hpp.
#include "qnn.hpp"

namespace qvit_benchmarks {
namespace {

using enum qvit::engine;
[[maybe_unused]] const bool added[] = {
    add_qnn<8, 1, light_cone>(),
    add_qnn<8, 2, light_cone>(),
    add_qnn<8, 4, light_cone>(),
};

}  // namespace
}  // namespace qvit_benchmarks
