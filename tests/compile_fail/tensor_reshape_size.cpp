// SPDX-License-Identifier: Apache-2.0
// A reshape that loses elements.
// EXPECT: [qvit::reshape_op] both shapes must have the same number of elements.
// EXPECT-GCC: SizeBefore = 128
// EXPECT-GCC: SizeAfter = 120
// EXPECT-CLANG: (128 == 120)
// ONE-ERROR
// CLANG-LINES: 20
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/rearrange.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(qvit::reshape_op<8, 3, 5>{}, tape.create(qvit::shape<8, 16>{}));
#else
    tape.apply(qvit::reshape_op<8, 4, 4>{}, tape.create(qvit::shape<8, 16>{}));
#endif
}
