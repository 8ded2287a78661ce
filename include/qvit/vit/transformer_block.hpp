// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/mlp.hpp>
#include <qvit/tensor/add.hpp>

namespace qvit::inline QVIT_ABI {

/// A pre-norm transformer block: x + attention(norm1(x)), then x + mlp(norm2(x)); T x Channels to T x Channels.
template <class Attention, std::size_t Channels, std::size_t Hidden>
struct transformer_block {
    using norm = layer_norm<Channels>;
    using feed_forward = qvit::mlp<Channels, Hidden>;
    BOOST_HANA_DEFINE_STRUCT(transformer_block, (norm, norm1), (Attention, attention), (norm, norm2),
                             (feed_forward, mlp));

    constexpr transformer_block() = default;

    constexpr auto operator()(auto& tape, auto x) const {
        const auto y = tape.apply(add_op{}, x, attention(tape, norm1(tape, x)));
        return tape.apply(add_op{}, y, mlp(tape, norm2(tape, y)));
    }
};

}  // namespace qvit::inline QVIT_ABI
