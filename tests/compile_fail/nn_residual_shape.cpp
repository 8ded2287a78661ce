// SPDX-License-Identifier: Apache-2.0
// A residual connection around a branch that changes the width.
// EXPECT: [qvit::add] b must have the shape of a
// EXPECT: shape<5, 3>
#include <qvit/autodiff/tape.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/nn/residual.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    constexpr std::size_t width = 3;
#else
    constexpr std::size_t width = 4;
#endif
    qvit::residual(qvit::linear<4, width>())(tape, tape.create(qvit::shape<5, 4>{}));
}
