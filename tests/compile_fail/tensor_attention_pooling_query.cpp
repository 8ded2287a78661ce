// SPDX-License-Identifier: Apache-2.0
// A query of another width than the tokens.
// EXPECT: [qvit::attention_over_tokens] x is T x C and the query must be 1 x C.
// EXPECT-GCC: ChannelsOfQuery = 4
// EXPECT-GCC: ChannelsOfX = 8
// EXPECT-CLANG: (8 == 4)
// ONE-ERROR
// CLANG-LINES: 20
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/attention_pooling.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    const auto query = tape.create(qvit::shape<1, 4>{});
    tape.apply(qvit::attention_over_tokens{}, tape.create(qvit::shape<17, 8>{}), query);
#else
    const auto query = tape.create(qvit::shape<1, 8>{});
    tape.apply(qvit::attention_over_tokens{}, tape.create(qvit::shape<17, 8>{}), query);
#endif
}
