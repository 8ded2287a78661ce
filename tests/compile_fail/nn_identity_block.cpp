// SPDX-License-Identifier: Apache-2.0
// Layers alone leave their entanglers: no angles make them the identity, one against another.
// EXPECT: [qvit::identity_block] the weights' gates do not cancel in pairs; write layers, inverse(layers).
// ONE-ERROR IN 20 LINES
#include <qvit/circuit.hpp>
#include <qvit/nn/identity_block.hpp>

#ifdef QVIT_MISTAKE
constexpr auto layers = qvit::circuit<4>(qvit::encode<qvit::ry>, qvit::basic_entangler<2>(), qvit::measure<qvit::z>);
#else
constexpr auto layers = qvit::circuit<4>(qvit::encode<qvit::ry>, qvit::basic_entangler<2>(),
                                         qvit::inverse(qvit::basic_entangler<2>()), qvit::measure<qvit::z>);
#endif
constexpr auto start = qvit::identity_block<layers>();
