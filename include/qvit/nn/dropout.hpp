// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/autodiff/dropout_op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// x through Op, where a tape trains and has a context to draw from, else x itself.
template <template <class> class Op, class Tape, class Shape>
constexpr auto drop(drop_probability p, Tape& tape, variable<typename Tape::scalar, Shape> x) {
    if constexpr (Tape::records) {
        const auto site = tape.next_random_site();  // for p = 0 too, so that another p moves no numbers elsewhere
        if (site.draws() && !p.never()) return tape.apply(Op<typename Tape::scalar>{p, site}, x);
    }
    return x;
}
}  // namespace detail

/// Drops elements with probability p and scales the others by 1 / (1 - p) while training with a pass_context; else, and
/// for p = 0, x itself. torch.nn.Dropout. No parameters; p outside of [0, 1] does not compile as a constant.
///
///     auto y = dropout(0.1)(tape, x);
struct dropout {
    drop_probability p{};
    constexpr dropout() = default;
    constexpr explicit dropout(double probability) : p(probability) {}

    template <class Tape, class Shape>
    constexpr auto operator()(Tape& tape, variable<typename Tape::scalar, Shape> x) const {
        return detail::drop<dropout_op>(p, tape, x);
    }
};

/// Drops x as a whole for an image with probability p, in the same way: stochastic depth, for the branch of a residual
/// connection.
///
///     auto y = tape.apply(add_op{}, x, drop_path(0.1)(tape, mlp(tape, x)));
struct drop_path {
    drop_probability p{};
    constexpr drop_path() = default;
    constexpr explicit drop_path(double probability) : p(probability) {}

    template <class Tape, class Shape>
    constexpr auto operator()(Tape& tape, variable<typename Tape::scalar, Shape> x) const {
        return detail::drop<drop_path_op>(p, tape, x);
    }
};

}  // namespace qvit::inline QVIT_ABI
