// SPDX-License-Identifier: Apache-2.0
// Three heads cannot share four channels.
// EXPECT: [qvit::attention] the heads must divide the channels into equal parts.
// EXPECT-GCC: [with Heads = 3; Channels = 4]
// EXPECT-CLANG: 4UL % 3UL == 0
#include <qvit/attention/classical_attention.hpp>
#include <qvit/autodiff/tape.hpp>

#ifdef QVIT_MISTAKE
using attention = qvit::classical_attention<4, 3>;
#else
using attention = qvit::classical_attention<4, 2>;
#endif
void run(qvit::training_tape<float>& tape) {
    constexpr attention mix;
    mix(tape, tape.create(qvit::shape<17, 4>{}));
}
