// SPDX-License-Identifier: Apache-2.0
// A constant that is no circuit.
// EXPECT: is_circuit
#include <qvit/circuit.hpp>
#include <qvit/nn/quantum_layer.hpp>

using namespace qvit;
#ifdef QVIT_MISTAKE
constexpr auto projection = 4;
#else
constexpr auto projection = circuit<4>(encode<ry>, rotate<ry>, measure<z>);
#endif
using layer = quantum_layer<projection>;
