// SPDX-License-Identifier: Apache-2.0
// Products of two heads with three.
// EXPECT: [qvit::matmul] both tensors must hold the same number of matrices.
// EXPECT-GCC: MatricesOfB = 3
// EXPECT-GCC: MatricesOfA = 2
// EXPECT-CLANG: (2 == 3)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/matmul.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto b = tape.create(qvit::shape<3, 4, 5>{});
    tape.apply(qvit::matmul{}, tape.create(qvit::shape<2, 3, 4>{}), b);
#else
    const auto b = tape.create(qvit::shape<2, 4, 5>{});
    tape.apply(qvit::matmul{}, tape.create(qvit::shape<2, 3, 4>{}), b);
#endif
}
