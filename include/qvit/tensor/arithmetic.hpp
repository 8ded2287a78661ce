// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y = f(a, b), element by element, for two tensors of one shape; b may be a parameter, shared by all images.
///
/// A function has a name, `value(a, b)` and `slopes(a, b, by_a, by_b)`, its two derivatives. Other shapes do not
/// compile. Cost: a few operations per element, and for a parameter one sum over lanes per element back.
///
///     auto y = tape.apply(multiply_op{}, a, b);   auto scaled = tape.apply(multiply_op{}, x, tape.use(gain));
template <class Function>
struct arithmetic_op {
    static constexpr const char* name = Function::name;

    template <class ShapeOfA, class ShapeOfB>
    static constexpr ShapeOfA output_shape(ShapeOfA a, ShapeOfB) {
        static_assert(same_shape<ShapeOfA, ShapeOfB>, "[qvit::arithmetic_op] both tensors must have the same shape.");
        return a;
    }
    template <class S>
    static void forward(auto y, S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = Function::value(S(a.value[i]), S(b.value[i]));
    }
    template <class S>
    static void backward(auto y, const S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); ++i) {
            S by_a;
            S by_b;
            Function::slopes(S(a.value[i]), S(b.value[i]), by_a, by_b);
            const S upstream = y.gradient[i];  // read before a or b may be written: they may be one variable
            a.gradient[i] = simd::fma(upstream, by_a, a.gradient[i]);
            if constexpr (std::is_same_v<typename decltype(b)::element, S>)
                b.gradient[i] = simd::fma(upstream, by_b, b.gradient[i]);
            else
                b.gradient[i] += simd::sum(upstream * by_b);
        }
    }
};

namespace arithmetic {
struct subtract {
    static constexpr const char* name = "subtract";
    template <class S>
    static S value(S a, S b) {
        return a - b;
    }
    template <class S>
    static void slopes(S, S, S& by_a, S& by_b) {
        by_a = S(real_of<S>(1));
        by_b = S(real_of<S>(-1));
    }
};
struct multiply {
    static constexpr const char* name = "multiply";
    template <class S>
    static S value(S a, S b) {
        return a * b;
    }
    template <class S>
    static void slopes(S a, S b, S& by_a, S& by_b) {
        by_a = b;
        by_b = a;
    }
};
struct divide {
    static constexpr const char* name = "divide";
    template <class S>
    static S value(S a, S b) {
        return a / b;
    }
    template <class S>
    static void slopes(S a, S b, S& by_a, S& by_b) {
        by_a = S(real_of<S>(1)) / b;
        by_b = -(a * by_a * by_a);
    }
};
}  // namespace arithmetic

using subtract_op = arithmetic_op<arithmetic::subtract>;
using multiply_op = arithmetic_op<arithmetic::multiply>;
using divide_op = arithmetic_op<arithmetic::divide>;

}  // namespace qvit::inline QVIT_ABI
