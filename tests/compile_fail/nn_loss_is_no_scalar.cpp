// SPDX-License-Identifier: Apache-2.0
// Only one number has a gradient.
// EXPECT: [qvit::value_and_grad] the function must return a scalar, a variable of shape<1>.
#include <qvit/nn/linear.hpp>
#include <qvit/nn/value_and_grad.hpp>

struct first_op {
    static constexpr const char* name = "first";
    static constexpr qvit::shape<1> output_shape(auto) { return {}; }
    static void forward(auto y, auto*, auto x) { y(0) = x.value[0]; }
    static void backward(auto y, const auto*, auto x) { x.gradient[0] += y.d(0); }
};

double run(const double* weights, const double* x) {
    auto f = qvit::value_and_grad<double>(
        qvit::linear<3, 2>(),
        [](auto& tape, const auto& layer, auto tokens) {
#ifdef QVIT_MISTAKE
            return layer(tape, tokens);
#else
            return tape.apply(first_op{}, layer(tape, tokens));
#endif
        },
        qvit::shape<4, 3>{});
    return f(weights, x);
}
