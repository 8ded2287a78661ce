// SPDX-License-Identifier: Apache-2.0
// A matrix of one wire on two.
// EXPECT: [qvit::apply_matrix] name as many wires as the matrix has.
// EXPECT-GCC: WiresNamed == MatrixWires [with
// EXPECT-GCC: WiresNamed = 2
// EXPECT-GCC: MatrixWires = 1
// EXPECT-CLANG: (2 == 1)
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/apply_matrix.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {0, 1}}}}};
#ifdef QVIT_MISTAKE
constexpr auto part = apply_matrix<root_of_z, 2, 3>();
#else
constexpr auto part = apply_matrix<root_of_z, 2>();
#endif
static_assert(sizeof(part) > 0);
