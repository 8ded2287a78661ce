// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// A table of reals as a tensor without a gradient, one for all images: a buffer in torch's words.
///
/// The table is not copied and has to outlive the pass. Operations that take constants (add_op, the arithmetic ones,
/// matmul) use it like a parameter; a tape refuses it to others.
///
///     auto y = tape.apply(add_op{}, tokens, constant_tensor<shape<16, 4>>(sinusoidal.data()));
template <class Shape, class R>
constexpr variable<const R, Shape> constant_tensor(const R* table, Shape extents = {}) {
    return {table, nullptr, extents};
}

}  // namespace qvit::inline QVIT_ABI
