// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// y = block(tape, x), of which a training tape keeps the input and the output only; the way back runs the block again.
///
/// `block` is a module or a lambda (tape, variable) -> variable; it is copied into the arena, so it must be trivially
/// destructible, and what a lambda captures by reference must live until backward. Values, gradients, also of
/// parameters, and random numbers have the same bits as without. Blocks may be nested. Cost: the block's forward pass
/// once more. Memory: a pass holds one block's inner tensors at a time, which `plan` counts. An inference tape, or one
/// that only passes on operations, runs the block as it is. Source: arXiv:1604.06174; torch.utils.checkpoint.
///
///     for (const auto& block : blocks) x = checkpointed(tape, block, x);
template <class Tape, class Block, class X>
constexpr auto checkpointed(Tape& tape, const Block& block, X x) {
    if constexpr (requires { requires Tape::checkpoints; })
        return tape.checkpoint(block, x);
    else
        return block(tape, x);
}

}  // namespace qvit::inline QVIT_ABI
