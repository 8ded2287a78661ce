// SPDX-License-Identifier: Apache-2.0
// Records lie in an arena and are never destroyed, so an op may not own anything.
// EXPECT: [qvit::tape] an op must be trivially destructible.
// ONE-ERROR
#include <qvit/autodiff/tape.hpp>

struct identity {
    static constexpr const char* name = "identity";
    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    static void forward(auto y, auto*, auto x) { y(0) = x(0); }
    static void backward(auto y, const auto*, auto x) { x.d(0) += y.d(0); }
#ifdef QVIT_MISTAKE
    ~identity() {}
#endif
};
void run(qvit::training_tape<float>& tape) { tape.apply(identity{}, tape.create(qvit::shape<1>{})); }
