// SPDX-License-Identifier: Apache-2.0
// Circuits that compile quickly: every closed form, and the lane statevector of 4 wires. See qnn.hpp.
#include "qnn.hpp"

namespace qvit_benchmarks {
namespace {

using enum qvit::engine;
[[maybe_unused]] const bool added[] = {
    add_qnn<4, 1, closed_form>(),      add_qnn<4, 2, closed_form>(),      add_qnn<8, 1, closed_form>(),
    add_qnn<4, 1, lane_statevector>(), add_qnn<4, 2, lane_statevector>(), add_qnn<4, 4, lane_statevector>(),
};

}  // namespace
}  // namespace qvit_benchmarks
