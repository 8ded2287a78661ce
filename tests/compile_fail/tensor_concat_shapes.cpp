// SPDX-License-Identifier: Apache-2.0
// Columns joined to a matrix of fewer rows.
// EXPECT: [qvit::concat_op] the extents of the axis that is not joined must be the same.
// EXPECT-GCC: ExtentOfA == ExtentOfB [with
// EXPECT-GCC: ExtentOfA = 5
// EXPECT-GCC: ExtentOfB = 3
// EXPECT-CLANG: (5 == 3)
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/rearrange.hpp>

void run(qvit::training_tape<float>& tape) {
    const auto a = tape.create(qvit::shape<5, 4>{});
#ifdef QVIT_MISTAKE
    const auto b = tape.create(qvit::shape<3, 4>{});
#else
    const auto b = tape.create(qvit::shape<5, 2>{});
#endif
    tape.apply(qvit::concat_op<1>{}, a, b);
}
