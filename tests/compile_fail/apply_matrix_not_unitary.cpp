// SPDX-License-Identifier: Apache-2.0
// A user's gate that does not keep the norm: a root of Z with a wrong entry.
// EXPECT: [qvit::apply_matrix] the matrix is not unitary
// EXPECT-GCC: IsUnitary = false
// EXPECT-CLANG: matrix_is_unitary
// ONE-ERROR
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/apply_matrix.hpp>
#include <qvit/circuit/measure.hpp>

using namespace qvit;

#ifdef QVIT_MISTAKE
constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {1, 1}}}}};
#else
constexpr unitary_matrix root_of_z{1, {{{1, 0}, {0, {0, 1}}}}};
#endif
constexpr auto projection = circuit<4>(encode<ry>, apply_matrix<root_of_z, 2>(), measure<z>);
static_assert(projection.width == 4);
