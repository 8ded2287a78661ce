// SPDX-License-Identifier: Apache-2.0
// A bias for another number of output channels.
// EXPECT: [qvit::conv2d] the bias must have an entry for every output channel.
// EXPECT-GCC: ChannelsOfWeight = 4
// EXPECT-GCC: ChannelsOfImage = 8
// EXPECT-CLANG: (8 == 4)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/conv2d.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto w = tape.create(qvit::shape<8, 1, 3, 3>{});
    tape.apply(qvit::conv2d_op<>{}, tape.create(qvit::shape<1, 28, 28>{}), w, tape.create(qvit::shape<4>{}));
#else
    const auto w = tape.create(qvit::shape<8, 1, 3, 3>{});
    tape.apply(qvit::conv2d_op<>{}, tape.create(qvit::shape<1, 28, 28>{}), w, tape.create(qvit::shape<8>{}));
#endif
}
