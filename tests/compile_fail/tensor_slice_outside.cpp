// SPDX-License-Identifier: Apache-2.0
// A slice that reaches beyond the last column.
// EXPECT: [qvit::slice_op] the slice First, Count reaches outside of an axis of this extent.
// EXPECT-GCC: First + Count <= Extent [with
// EXPECT-GCC: First = 3
// EXPECT-GCC: Count = 2
// EXPECT-GCC: Extent = 4
// EXPECT-CLANG: (5 <= 4)
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/rearrange.hpp>

void run(qvit::training_tape<float>& tape) {
    const auto x = tape.create(qvit::shape<5, 4>{});
#ifdef QVIT_MISTAKE
    tape.apply(qvit::slice_op<1, 3, 2>{}, x);
#else
    tape.apply(qvit::slice_op<1, 2, 2>{}, x);
#endif
}
