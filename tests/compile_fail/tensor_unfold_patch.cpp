// SPDX-License-Identifier: Apache-2.0
// A patch larger than the image.
// EXPECT: [qvit::unfold] the patch has more rows than the image.
// EXPECT-GCC: Window = 9
// EXPECT-GCC: PaddedExtent = 8
// EXPECT-CLANG: (9 <= 8)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/unfold.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(qvit::unfold_op<9>{}, tape.create(qvit::shape<3, 8, 10>{}));
#else
    tape.apply(qvit::unfold_op<8>{}, tape.create(qvit::shape<3, 8, 10>{}));
#endif
}
