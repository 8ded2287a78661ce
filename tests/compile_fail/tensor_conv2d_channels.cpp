// SPDX-License-Identifier: Apache-2.0
// A kernel for three colours on a grey image.
// EXPECT: [qvit::conv2d] x is C x rows x columns and the weight must be O x C x M x N; their C differ.
// EXPECT-GCC: ChannelsOfWeight = 3
// EXPECT-GCC: ChannelsOfImage = 1
// EXPECT-CLANG: (1 == 3)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/conv2d.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto w = tape.create(qvit::shape<8, 3, 3, 3>{});
    tape.apply(qvit::conv2d_op<>{}, tape.create(qvit::shape<1, 28, 28>{}), w, tape.create(qvit::shape<8>{}));
#else
    const auto w = tape.create(qvit::shape<8, 1, 3, 3>{});
    tape.apply(qvit::conv2d_op<>{}, tape.create(qvit::shape<1, 28, 28>{}), w, tape.create(qvit::shape<8>{}));
#endif
}
