// SPDX-License-Identifier: Apache-2.0
// A kernel with more columns than the padded image.
// EXPECT: [qvit::conv2d] the kernel has more columns than the image.
// EXPECT-GCC: Window = 7
// EXPECT-GCC: PaddedExtent = 6
// EXPECT-CLANG: (7 <= 6)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/conv2d.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto w = tape.create(qvit::shape<8, 1, 3, 7>{});
    tape.apply(qvit::conv2d_op<1, 1>{}, tape.create(qvit::shape<1, 8, 4>{}), w, tape.create(qvit::shape<8>{}));
#else
    const auto w = tape.create(qvit::shape<8, 1, 3, 5>{});
    tape.apply(qvit::conv2d_op<1, 1>{}, tape.create(qvit::shape<1, 8, 4>{}), w, tape.create(qvit::shape<8>{}));
#endif
}
