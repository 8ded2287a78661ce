// SPDX-License-Identifier: Apache-2.0
// A depthwise kernel for another number of channels.
// EXPECT: [qvit::depthwise_conv2d] the weight must be C x 1 x M x N, C as of x.
// EXPECT-GCC: ChannelsOfWeight = 4
// EXPECT-GCC: ChannelsOfImage = 8
// EXPECT-CLANG: (8 == 4)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/depthwise_conv2d.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto w = tape.create(qvit::shape<4, 1, 3, 3>{});
    tape.apply(qvit::depthwise_conv2d_op<>{}, tape.create(qvit::shape<8, 7, 7>{}), w, tape.create(qvit::shape<8>{}));
#else
    const auto w = tape.create(qvit::shape<8, 1, 3, 3>{});
    tape.apply(qvit::depthwise_conv2d_op<>{}, tape.create(qvit::shape<8, 7, 7>{}), w, tape.create(qvit::shape<8>{}));
#endif
}
