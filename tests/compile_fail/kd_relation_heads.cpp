// SPDX-License-Identifier: Apache-2.0
// A student of 4 channels has no 3 relation heads.
// EXPECT: [qvit::relation_loss] the relation heads must divide the channels into equal parts.
// EXPECT-GCC: [with Heads = 3; Channels = 4]
// EXPECT-CLANG: 4UL % 3UL == 0
#include <qvit/autodiff/tape.hpp>
#include <qvit/kd/relation_loss.hpp>

#ifdef QVIT_MISTAKE
constexpr std::size_t heads = 3;
#else
constexpr std::size_t heads = 2;
#endif
void run(qvit::training_tape<float>& tape) {
    const auto q = tape.create(qvit::shape<17, 4>{});
    tape.apply(qvit::relation_loss<heads, float>{nullptr, 1}, q, q);
}
