// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y = f(x), element by element, for a tensor of any shape; torch's functions of the same names.
///
/// A function has a name, `value(x)` and `slope(x, y)`, the derivative where y is its value there; your own one makes
/// an operation of it. Cost: value per element forward, slope and a multiply-add back; nothing is kept.
///
///     auto y = tape.apply(tanh_op{}, x);   auto z = tape.apply(clamp_op{{-1, 1}}, x);
template <class Function>
struct elementwise_op {
    static constexpr const char* name = Function::name;
    [[no_unique_address]] Function function{};

    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    template <class S>
    void forward(auto y, S*, auto x) const {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = function.value(S(x.value[i]));
    }
    template <class S>
    void backward(auto y, const S*, auto x) const {
        for (std::size_t i = 0; i < y.size(); ++i)
            x.gradient[i] = simd::fma(y.gradient[i], function.slope(x.value[i], y.value[i]), x.gradient[i]);
    }
};

namespace elementwise {
struct exp {
    static constexpr const char* name = "exp";
    template <class S>
    static S value(S x) {
        return simd::exp(x);
    }
    template <class S>
    static S slope(S, S y) {
        return y;
    }
};
/// The natural logarithm; of numbers above 0.
struct log {
    static constexpr const char* name = "log";
    template <class S>
    static S value(S x) {
        return simd::log(x);
    }
    template <class S>
    static S slope(S x, S) {
        return S(real_of<S>(1)) / x;
    }
};
struct sigmoid {
    static constexpr const char* name = "sigmoid";
    template <class S>
    static S value(S x) {
        const S one(real_of<S>(1));
        return one / (one + simd::exp(-x));
    }
    template <class S>
    static S slope(S, S y) {
        return y * (S(real_of<S>(1)) - y);
    }
};
/// By exp(-2 |x|) - 1, so that small numbers keep their digits.
struct tanh {
    static constexpr const char* name = "tanh";
    template <class S>
    static S value(S x) {
        const S below = simd::expm1(S(real_of<S>(-2)) * simd::maximum(x, -x));
        const S magnitude = -below / (S(real_of<S>(2)) + below);
        return simd::select(x < S(real_of<S>(0)), -magnitude, magnitude);
    }
    template <class S>
    static S slope(S, S y) {
        return S(real_of<S>(1)) - y * y;
    }
};
/// The slope at 0 is 0.
struct relu {
    static constexpr const char* name = "relu";
    template <class S>
    static S value(S x) {
        return simd::maximum(x, S(real_of<S>(0)));
    }
    template <class S>
    static S slope(S x, S) {
        const S zero(real_of<S>(0));
        return simd::select(x > zero, S(real_of<S>(1)), zero);
    }
};
/// x sigmoid(x), the swish.
struct silu {
    static constexpr const char* name = "silu";
    template <class S>
    static S value(S x) {
        return x * sigmoid::value(x);
    }
    template <class S>
    static S slope(S x, S y) {
        const S s = sigmoid::value(x);
        return simd::fma(y, S(real_of<S>(1)) - s, s);
    }
};
/// GELU by a hyperbolic tangent: x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2; torch's approximate="tanh".
struct gelu_tanh {
    static constexpr const char* name = "gelu (tanh)";
    template <class S>
    static S twice_inner(S x) {  // tanh(u) = 2 sigmoid(2 u) - 1
        return x * simd::fma(x * x, S(real_of<S>(0.071354816272600265)), S(real_of<S>(1.5957691216057308)));
    }
    template <class S>
    static S value(S x) {
        return x * sigmoid::value(twice_inner(x));
    }
    template <class S>
    static S slope(S x, S y) {
        const S s = sigmoid::value(twice_inner(x));
        const S du = simd::fma(x * x, S(real_of<S>(3 * 0.071354816272600265)), S(real_of<S>(1.5957691216057308)));
        return simd::fma(y * (S(real_of<S>(1)) - s), du, s);
    }
};
/// x where it is in [low, high], else the bound; the slope is 1 from bound to bound, both included, and 0 beyond.
struct clamp {
    static constexpr const char* name = "clamp";
    double low = 0;
    double high = 1;
    template <class S>
    S value(S x) const {
        return -simd::maximum(-simd::maximum(x, S(static_cast<real_of<S>>(low))), S(static_cast<real_of<S>>(-high)));
    }
    template <class S>
    S slope(S x, S) const {
        const S zero(real_of<S>(0));
        const S not_below = simd::select(x < S(static_cast<real_of<S>>(low)), zero, S(real_of<S>(1)));
        return simd::select(x > S(static_cast<real_of<S>>(high)), zero, not_below);
    }
};
/// factor x + offset, both constants.
struct affine {
    static constexpr const char* name = "affine";
    double factor = 1;
    double offset = 0;
    template <class S>
    S value(S x) const {
        return simd::fma(x, S(static_cast<real_of<S>>(factor)), S(static_cast<real_of<S>>(offset)));
    }
    template <class S>
    S slope(S, S) const {
        return S(static_cast<real_of<S>>(factor));
    }
};
}  // namespace elementwise

using exp_op = elementwise_op<elementwise::exp>;
using log_op = elementwise_op<elementwise::log>;
using sigmoid_op = elementwise_op<elementwise::sigmoid>;
using tanh_op = elementwise_op<elementwise::tanh>;
using relu_op = elementwise_op<elementwise::relu>;
using silu_op = elementwise_op<elementwise::silu>;
using gelu_tanh_op = elementwise_op<elementwise::gelu_tanh>;
using clamp_op = elementwise_op<elementwise::clamp>;
using affine_op = elementwise_op<elementwise::affine>;

}  // namespace qvit::inline QVIT_ABI
