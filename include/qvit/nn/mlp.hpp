// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/linear.hpp>
#include <qvit/tensor/gelu.hpp>

namespace qvit::inline QVIT_ABI {

/// Channels -> Hidden -> GELU -> Channels for every token: a transformer's feed-forward network.
template <std::size_t Channels, std::size_t Hidden>
struct mlp {
    using expansion = linear<Channels, Hidden>;
    using contraction = linear<Hidden, Channels>;
    BOOST_HANA_DEFINE_STRUCT(mlp, (expansion, fc1), (contraction, fc2));

    constexpr mlp() = default;

    constexpr auto operator()(auto& tape, auto x) const { return fc2(tape, tape.apply(gelu_op{}, fc1(tape, x))); }
};

}  // namespace qvit::inline QVIT_ABI
