// SPDX-License-Identifier: Apache-2.0
// Circuits that compile quickly: closed forms of few wires, and the
// statevectors of 4 wires. See qnn.hpp.
#include "qnn.hpp"

namespace qvit_benchmarks {
namespace {

using enum qvit::engine;
[[maybe_unused]] const bool added[] = {
    add_qnn<4, 1, closed_form>(),      add_qnn<4, 2, closed_form>(),      add_qnn<8, 1, closed_form>(),
    add_qnn<16, 1, closed_form>(),     add_qnn<4, 1, lane_statevector>(), add_qnn<4, 2, lane_statevector>(),
    add_qnn<4, 4, lane_statevector>(), add_qnn<4, 1, light_cone>(),       add_qnn<4, 2, light_cone>(),
    add_qnn<4, 4, light_cone>(),
};

}  // namespace
}  // namespace qvit_benchmarks
