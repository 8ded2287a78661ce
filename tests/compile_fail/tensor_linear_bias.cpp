// SPDX-License-Identifier: Apache-2.0
// EXPECT: [qvit::linear] the weight is O x inputs and the bias must have O entries; their O differ.
// EXPECT-GCC: ColumnsOfWeight = 7
// EXPECT-GCC: ColumnsOfX = 8
// EXPECT-CLANG: 8 == 7
#include <qvit/autodiff/tape.hpp>
#include <qvit/tensor/linear_map.hpp>

#ifdef QVIT_MISTAKE
using bias = qvit::shape<7>;
#else
using bias = qvit::shape<8>;
#endif
void run(qvit::training_tape<float>& tape) {
    tape.apply(qvit::linear_map{}, tape.create(qvit::shape<2, 4>{}), tape.create(qvit::shape<8, 4>{}),
               tape.create(bias{}));
}
