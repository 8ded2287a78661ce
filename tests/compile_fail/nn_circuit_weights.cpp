// SPDX-License-Identifier: Apache-2.0
// Angles of one layer for a circuit of two.
// EXPECT: [qvit::circuit_op] theta must have one entry per weight of the circuit.
// EXPECT-GCC: (4 == 8)
// EXPECT-CLANG: 4UL == projection.parameters
// ONE-ERROR
#include <qvit/autodiff/tape.hpp>
#include <qvit/circuit.hpp>
#include <qvit/nn/circuit_op.hpp>

using namespace qvit;
constexpr auto projection = circuit<4>(encode<ry>, repeat<2>(rotate<ry>, entangle<cnot>(ring)), measure<z>);

#ifdef QVIT_MISTAKE
using angles = shape<4>;
#else
using angles = shape<8>;
#endif
void run(training_tape<float>& tape) {
    tape.apply(circuit_op<projection>{}, tape.create(shape<17, 4>{}), tape.create(angles{}));
}
