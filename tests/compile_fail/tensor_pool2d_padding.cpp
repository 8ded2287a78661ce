// SPDX-License-Identifier: Apache-2.0
// Windows that would see nothing but padding.
// EXPECT: [qvit::pool2d] the padding must be at most half of the window.
// EXPECT-GCC: Padding = 2
// EXPECT-GCC: Window = 3
// EXPECT-CLANG: (4 <= 3)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/pool2d.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(qvit::max_pool2d<3, 2, 2>{}, tape.create(qvit::shape<8, 7, 7>{}));
#else
    tape.apply(qvit::max_pool2d<3, 2, 1>{}, tape.create(qvit::shape<8, 7, 7>{}));
#endif
}
