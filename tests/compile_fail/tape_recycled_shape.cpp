// SPDX-License-Identifier: Apache-2.0
// A recycled block that changes the width.
// EXPECT: [qvit::recycled] the block's result must have the shape of its input.
// EXPECT: shape<5, 3>
// ONE-ERROR
#include <qvit/autodiff/recycled.hpp>
#include <qvit/autodiff/tape.hpp>
#include <qvit/nn/linear.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    constexpr std::size_t width = 3;
#else
    constexpr std::size_t width = 4;
#endif
    qvit::recycled(tape, qvit::linear<4, width>(), tape.create(qvit::shape<5, 4>{}));
}
