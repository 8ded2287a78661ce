// SPDX-License-Identifier: Apache-2.0
// Channels that cannot be split into as many heads.
// EXPECT: [qvit::split_heads] the heads must divide the channels into equal parts.
// EXPECT-GCC: Heads = 3
// EXPECT-GCC: Channels = 8
// EXPECT-CLANG: (2 == 0)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/heads.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(qvit::split_heads<3>{}, tape.create(qvit::shape<17, 8>{}));
#else
    tape.apply(qvit::split_heads<4>{}, tape.create(qvit::shape<17, 8>{}));
#endif
}
