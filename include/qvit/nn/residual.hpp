// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/dropout.hpp>
#include <qvit/tensor/add.hpp>

namespace qvit::inline QVIT_ABI {

/// y = x + branch(x), where training may drop the branch for an image (see drop_path). Parameters: `branch....`.
///
/// A branch that changes the shape does not compile.
///
///     constexpr residual block(sequential(layer_norm<8>(), mlp<8, 16>()), drop_path(0.1));
template <class Module>
struct residual {
    BOOST_HANA_DEFINE_STRUCT(residual, (Module, branch), (drop_path, drop));

    constexpr residual() = default;
    constexpr explicit residual(Module module, drop_path path = drop_path()) : branch(module), drop(path) {}

    constexpr auto operator()(auto& tape, auto x) const { return tape.apply(add_op{}, x, drop(tape, branch(tape, x))); }
};

}  // namespace qvit::inline QVIT_ABI
