// SPDX-License-Identifier: Apache-2.0
// Scores of queries and keys of different widths.
// EXPECT: [qvit::matmul] the sum runs over different numbers of elements
// EXPECT-GCC: InnerOfB = 5
// EXPECT-GCC: InnerOfA = 4
// EXPECT-CLANG: (4 == 5)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/matmul.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto k = tape.create(qvit::shape<9, 5>{});
    tape.apply(qvit::matmul_bt{}, tape.create(qvit::shape<17, 4>{}), k);
#else
    const auto k = tape.create(qvit::shape<9, 4>{});
    tape.apply(qvit::matmul_bt{}, tape.create(qvit::shape<17, 4>{}), k);
#endif
}
