// SPDX-License-Identifier: Apache-2.0
// Axis 2 of a matrix.
// EXPECT: [qvit::axis] a tensor of rank R has axes 0 to R - 1.
// EXPECT-GCC: Axis = 2
// EXPECT-GCC: Rank = 2
// EXPECT-CLANG: (2 < 2)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/reduce.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(qvit::sum_over<2>{}, tape.create(qvit::shape<17, 8>{}));
#else
    tape.apply(qvit::sum_over<1>{}, tape.create(qvit::shape<17, 8>{}));
#endif
}
