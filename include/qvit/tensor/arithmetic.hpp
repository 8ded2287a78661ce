// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/broadcast.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y = f(a, b), element by element: torch.sub, torch.mul, torch.div, or a function of your own.
///
/// b has a's shape, or its last extents, or is one number (see broadcasts_to); each is an activation, a parameter,
/// shared by all images, or a constant. Other shapes do not compile. So a product with a parameter of C entries is a
/// layer scale (arXiv:2103.17239), with one entry a learnt factor. A function has a name, `value(a, b)` and `slopes(a,
/// b, by_a, by_b)`, its two derivatives. Cost: a few operations per element, and for a parameter one sum over lanes per
/// entry of it.
///
///     auto y = tape.apply(multiply_op{}, a, b);   auto scaled = tape.apply(multiply_op{}, x, tape.use(gain));
template <class Function>
struct arithmetic_op {
    static constexpr const char* name = Function::name;
    static constexpr bool takes_constants = true;

    template <class ShapeOfA, class ShapeOfB>
    static constexpr ShapeOfA output_shape(ShapeOfA a, ShapeOfB) {
        static_assert(broadcasts_to<ShapeOfA, ShapeOfB>,
                      "[qvit::arithmetic_op] b must have the shape of a, its last extents, or be one number.");
        return a;
    }
    template <class S>
    static void forward(auto y, S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); i += b.size())
            for (std::size_t j = 0; j < b.size(); ++j)
                y.value[i + j] = Function::value(S(a.value[i + j]), S(b.value[j]));
    }
    template <class S>
    static void backward(auto y, const S*, auto a, auto b) {
        for (std::size_t j = 0; j < b.size(); ++j) {
            S sum(real_of<S>(0));
            for (std::size_t i = j; i < y.size(); i += b.size()) {
                S by_a;
                S by_b;
                Function::slopes(S(a.value[i]), S(b.value[j]), by_a, by_b);
                if (a.gradient != nullptr) accumulate(a.gradient[i], y.gradient[i] * by_a);
                sum = simd::fma(y.gradient[i], by_b, sum);
            }
            if (b.gradient != nullptr) accumulate(b.gradient[j], sum);  // after a's: they may be one variable
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
