// SPDX-License-Identifier: Apache-2.0
// A gain for another number of channels.
// EXPECT: [qvit::rms_norm] x is tokens x C and the gain must have C entries.
// EXPECT-GCC: EntriesOfGain = 4
// EXPECT-GCC: ColumnsOfX = 8
// EXPECT-CLANG: (8 == 4)
// ONE-ERROR
// CLANG-LINES: 20
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/rms_norm.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(qvit::rms_norm_op{}, tape.create(qvit::shape<17, 8>{}), tape.create(qvit::shape<4>{}));
#else
    tape.apply(qvit::rms_norm_op{}, tape.create(qvit::shape<17, 8>{}), tape.create(qvit::shape<8>{}));
#endif
}
