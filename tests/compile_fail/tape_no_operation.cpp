// SPDX-License-Identifier: Apache-2.0
// Only an operation can be applied.
// EXPECT: differentiable_op
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/gelu.hpp>

void run(qvit::training_tape<float>& tape) {
#ifdef QVIT_MISTAKE
    tape.apply(3, tape.create(qvit::shape<4>{}));
#else
    tape.apply(qvit::gelu_op{}, tape.create(qvit::shape<4>{}));
#endif
}
