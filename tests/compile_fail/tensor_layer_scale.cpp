// SPDX-License-Identifier: Apache-2.0
// A layer scale for another number of channels.
// EXPECT: [qvit::arithmetic_op] b must have the shape of a, its last extents, or be one number.
// EXPECT-GCC: shape<4>
// EXPECT-CLANG: shape<4>
// ONE-ERROR
// CLANG-LINES: 20
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/arithmetic.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto scale = tape.create(qvit::shape<4>{});
    tape.apply(qvit::multiply_op{}, tape.create(qvit::shape<17, 8>{}), scale);
#else
    const auto scale = tape.create(qvit::shape<8>{});
    tape.apply(qvit::multiply_op{}, tape.create(qvit::shape<17, 8>{}), scale);
#endif
}
