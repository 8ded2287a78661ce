// SPDX-License-Identifier: Apache-2.0
// A linear layer on tokens with another number of features.
// EXPECT: [qvit::linear] x is tokens x I and the weight must be outputs x I; their I differ.
// EXPECT-GCC: ColumnsOfX == ColumnsOfWeight [with ColumnsOfWeight = 4; ColumnsOfX = 5]
// EXPECT-CLANG: 5 == 4
#include <qvit/autodiff/tape.hpp>
#include <qvit/nn/linear.hpp>

#ifdef QVIT_MISTAKE
using tokens = qvit::shape<17, 5>;
#else
using tokens = qvit::shape<17, 4>;
#endif
void run(qvit::training_tape<float>& tape) {
    constexpr qvit::linear<4, 8> expand;
    expand(tape, tape.create(tokens{}));
}
