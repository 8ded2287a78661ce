// SPDX-License-Identifier: Apache-2.0
// A residual connection around a layer that changes the width.
// EXPECT: [qvit::add] b must have the shape of a, its last extents, or be one number.
// EXPECT: shape<5, 3>
// ONE-ERROR
// CLANG-LINES: 20
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/add.hpp>

void run(qvit::training_tape<float>& tape) {
    const auto x = tape.create(qvit::shape<5, 4>{});
#ifdef QVIT_MISTAKE
    const auto y = tape.create(qvit::shape<5, 3>{});
#else
    const auto y = tape.create(qvit::shape<5, 4>{});
#endif
    tape.apply(qvit::add_op{}, x, y);
}
