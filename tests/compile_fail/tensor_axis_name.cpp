// SPDX-License-Identifier: Apache-2.0
// A matrix has no axis of heads.
// EXPECT: [qvit::axis] the tensor's rank is too small for an axis of this name.
// EXPECT-GCC: FromTheEnd = 3
// EXPECT-GCC: Rank = 2
// EXPECT-CLANG: (3 <= 2)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/reduce.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(qvit::mean_over<qvit::axis::heads>{}, tape.create(qvit::shape<17, 8>{}));
#else
    tape.apply(qvit::mean_over<qvit::axis::tokens>{}, tape.create(qvit::shape<17, 8>{}));
#endif
}
