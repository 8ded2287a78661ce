// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/layer_norm.hpp>
#include <qvit/nn/mlp.hpp>
#include <qvit/nn/no_parameter.hpp>
#include <qvit/tensor/add.hpp>
#include <qvit/tensor/scale_channels.hpp>
#include <qvit/vit/config.hpp>

namespace qvit::inline QVIT_ABI {

/// What of a vit_config concerns a block.
struct block_options {
    norm_placement norm = norm_placement::pre;
    bool layer_scale = false;
};

/// A transformer block: attention, then an MLP, each added to what it was given; T x Channels to T x Channels.
///
/// Pre-norm: x + attention(norm1(x)), then x + mlp(norm2(x)) (arXiv:2010.11929). Post-norm: norm1(x + attention(x)),
/// then norm2(x + mlp(x)) (arXiv:1706.03762). Layer scale multiplies attention and MLP by gamma1 and gamma2, one factor
/// per channel, before they are added (arXiv:2103.17239).
template <class Attention, std::size_t Channels, std::size_t Hidden, block_options Options = block_options{}>
struct transformer_block {
    using norm = layer_norm<Channels>;
    using feed_forward = qvit::mlp<Channels, Hidden>;
    using factors = optional_module<Options.layer_scale, parameter<shape<Channels>>>;
    BOOST_HANA_DEFINE_STRUCT(transformer_block, (norm, norm1), (Attention, attention), (factors, gamma1), (norm, norm2),
                             (feed_forward, mlp), (factors, gamma2));

    constexpr transformer_block() {
        if constexpr (Options.layer_scale) gamma1.start = gamma2.start = initializer::constant(0.1);
    }

    constexpr auto operator()(auto& tape, auto x) const {
        const auto y = residual(tape, x, norm1, attention, gamma1);
        return residual(tape, y, norm2, mlp, gamma2);
    }

  private:
    static constexpr auto residual(auto& tape, auto x, const norm& normalise, const auto& branch, const factors& gamma) {
        if constexpr (Options.norm == norm_placement::pre)
            return tape.apply(add_op{}, x, scaled(tape, branch(tape, normalise(tape, x)), gamma));
        else
            return normalise(tape, tape.apply(add_op{}, x, scaled(tape, branch(tape, x), gamma)));
    }
    static constexpr auto scaled(auto& tape, auto y, [[maybe_unused]] const factors& gamma) {
        if constexpr (Options.layer_scale)
            return tape.apply(scale_channels{}, y, tape.use(gamma));
        else
            return y;
    }
};

}  // namespace qvit::inline QVIT_ABI
