// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <type_traits>

#include <qvit/core/config.hpp>
#include <qvit/tensor/same_shape.hpp>

namespace qvit::inline QVIT_ABI {

/// Runs block(tape, x) so that the gradients inside it lie in memory which the next recycled block uses again.
///
/// On the way back a block's inner gradients come to life after the next block's have died, so a row of blocks needs the
/// memory of the largest, and that stays in the caches. The result must have x's shape, else it does not compile, and be
/// made by the block's last operation, else the program ends with a message; its own gradient lies elsewhere. What else
/// the block made must not be used outside of it. Values, gradients and random numbers have the same bits as without.
/// Blocks may be nested and checkpointed. A tape that is watched, records nothing or only passes on operations runs the
/// block as it is.
///
///     for (const auto& block : blocks) x = recycled(tape, block, x);
template <class Tape, class Block, class X>
constexpr auto recycled(Tape& tape, const Block& block, X x) {
    using result = decltype(block(tape, x));
    static_assert(same_shape<typename X::shape_type, typename result::shape_type>,
                  "[qvit::recycled] the block's result must have the shape of its input.");
    if constexpr (requires { requires Tape::recycles; } && std::is_same_v<X, result>)
        return tape.recycle(block, x);
    else
        return block(tape, x);
}

}  // namespace qvit::inline QVIT_ABI
