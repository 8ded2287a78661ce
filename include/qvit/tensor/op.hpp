// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/shape/shape.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// What a differentiable operation is: a pair of pure functions over variables, forward beside backward.
///
///     struct square {                                                        // y = x * x, elementwise
///         static constexpr const char* name = "square";
///         static constexpr auto output_shape(auto x) { return x; }
///         template <class S>
///         static void forward(auto y, S*, auto x) {
///             for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = x.value[i] * x.value[i];
///         }
///         template <class S>
///         static void backward(auto y, const S*, auto x) {
///             for (std::size_t i = 0; i < y.size(); ++i) x.gradient[i] += 2 * x.value[i] * y.gradient[i];
///         }
///     };
///     auto y = tape.apply(square{}, x);
///
/// Optional members: `takes_constants`, true where backward looks for inputs without a gradient, as of an image (a tape
/// refuses a constant to other operations); `saved_shape(shapes...)`, room that forward fills for backward;
/// `saves_on_request`, true where forward takes null for that room and then saves nothing, as in a pass without a
/// backward; `multiply_adds(shapes...)`, the multiplications per image that are counted in reports. Shapes are checked,
/// with a message, in `output_shape`; that it takes the shapes given is not asked here, so that clang++ needs no
/// fifteen lines to come from such a message to the call.
template <class Op>
concept differentiable_op = requires {
    Op::name;
};

/// Elements of room an operation keeps between forward and backward.
template <class Op, class... Shapes>
constexpr std::size_t saved_elements(const Op& op, Shapes... shapes) {
    if constexpr (requires { op.saved_shape(shapes...); })
        return op.saved_shape(shapes...).size();
    else
        return 0;
}

/// The same in a pass that has a backward (Record) or none.
template <bool Record, class Op, class... Shapes>
constexpr std::size_t saved_elements_in_pass(const Op& op, Shapes... shapes) {
    if constexpr (!Record && requires { Op::saves_on_request; })
        return 0;
    else
        return saved_elements(op, shapes...);
}

/// Multiply-adds per image of an operation's forward pass, as reports count them: products with weights and between
/// tokens; elementwise work is not counted.
template <class Op, class... Shapes>
constexpr std::size_t multiply_adds_of(const Op& op, Shapes... shapes) {
    if constexpr (requires { op.multiply_adds(shapes...); })
        return op.multiply_adds(shapes...);
    else
        return 0;
}

}  // namespace qvit::inline QVIT_ABI
