// SPDX-License-Identifier: Apache-2.0
// Three heads of eight channels.
// EXPECT: [qvit::attention_scores] the heads must divide the channels into equal parts.
// EXPECT-GCC: Heads = 3
// EXPECT-GCC: Channels = 8
// EXPECT-CLANG: (2 == 0)
// ONE-ERROR
// CLANG-LINES: 35
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/attention_products.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto x = tape.create(qvit::shape<17, 8>{});
    tape.apply(qvit::attention_scores<3>{}, x, x);
#else
    const auto x = tape.create(qvit::shape<17, 8>{});
    tape.apply(qvit::attention_scores<2>{}, x, x);
#endif
}
