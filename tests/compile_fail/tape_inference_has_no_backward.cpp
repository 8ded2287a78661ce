// SPDX-License-Identifier: Apache-2.0
// Nothing was recorded that could be differentiated.
// EXPECT: backward
// EXPECT-GCC: Record = false
// EXPECT-CLANG: constraints not satisfied
#include <qvit/autodiff/tape.hpp>

#ifdef QVIT_MISTAKE
using tape_type = qvit::inference_tape<float>;
#else
using tape_type = qvit::training_tape<float>;
#endif
void run(tape_type& tape) { std::move(tape).backward(); }
