// SPDX-License-Identifier: Apache-2.0
// Probabilities for more keys than there are values.
// EXPECT: [qvit::attention_values] p must have a column for every row of v.
// EXPECT-GCC: Values = 9
// EXPECT-GCC: Keys = 17
// EXPECT-CLANG: (17 == 9)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/attention_products.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto v = tape.create(qvit::shape<9, 8>{});
    tape.apply(qvit::attention_values<2>{}, tape.create(qvit::shape<2, 17, 17>{}), v);
#else
    const auto v = tape.create(qvit::shape<17, 8>{});
    tape.apply(qvit::attention_values<2>{}, tape.create(qvit::shape<2, 17, 17>{}), v);
#endif
}
