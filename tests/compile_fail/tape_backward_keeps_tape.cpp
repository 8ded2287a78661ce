// SPDX-License-Identifier: Apache-2.0
// backward uses a tape up, so it wants std::move(tape).
// EXPECT: backward
// EXPECT-GCC: discards qualifiers
// EXPECT-CLANG: expects an rvalue for object argument
// ONE-ERROR
#include <qvit/autodiff/tape.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.backward();
#else
    std::move(tape).backward();
#endif
}
