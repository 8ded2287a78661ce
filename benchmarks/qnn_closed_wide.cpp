// SPDX-License-Identifier: Apache-2.0
// Closed forms of many wires, slow to compile, so in a file of their own. See
// qnn.hpp.
#include "qnn.hpp"

namespace qvit_benchmarks {
namespace {

using enum qvit::engine;
[[maybe_unused]] const bool added[] = {
    add_qnn<64, 1, closed_form>(),
    add_qnn<256, 1, closed_form>(),
};

}  // namespace
}  // namespace qvit_benchmarks
