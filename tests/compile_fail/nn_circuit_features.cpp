// SPDX-License-Identifier: Apache-2.0
// A circuit of four wires on tokens of eight features.
// EXPECT: [qvit::circuit_op] a token must have one feature per input of the circuit.
// EXPECT-GCC: Features == CircuitInputs [with CircuitInputs = 4; Features = 8]
// EXPECT-CLANG: 8 == 4
#include <qvit/autodiff/tape.hpp>
#include <qvit/circuit.hpp>
#include <qvit/nn/quantum_layer.hpp>

using namespace qvit;
constexpr auto projection = circuit<4>(encode<ry>, rotate<ry>, entangle<cnot>(ring), measure<z>);

#ifdef QVIT_MISTAKE
using tokens = shape<17, 8>;
#else
using tokens = shape<17, 4>;
#endif
void run(training_tape<float>& tape) {
    constexpr quantum_layer<projection> layer;
    layer(tape, tape.create(tokens{}));
}
