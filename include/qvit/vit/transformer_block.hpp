// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/dropout.hpp>
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
    bool drop_path = false;
};

/// A transformer block: attention, then an MLP, each added to what it was given; T x Channels to T x Channels.
///
/// Pre-norm: x + attention(norm1(x)), then x + mlp(norm2(x)) (arXiv:2010.11929). Post-norm: norm1(x + attention(x)),
/// then norm2(x + mlp(x)) (arXiv:1706.03762). Layer scale multiplies attention and MLP by gamma1 and gamma2, one factor
/// per channel, before they are added (arXiv:2103.17239). Drop-path leaves out what is added for some images while
/// training, with the probability `drop` (arXiv:1603.09382).
template <class Attention, std::size_t Channels, std::size_t Hidden, block_options Options = block_options{}>
struct transformer_block {
    using norm = layer_norm<Channels>;
    using feed_forward = qvit::mlp<Channels, Hidden>;
    using factors = optional_module<Options.layer_scale, parameter<shape<Channels>>>;
    BOOST_HANA_DEFINE_STRUCT(transformer_block, (norm, norm1), (Attention, attention), (factors, gamma1), (norm, norm2),
                             (feed_forward, mlp), (factors, gamma2));

    using dropped_path = optional_module<Options.drop_path, qvit::drop_path>;
    [[no_unique_address]] dropped_path drop{};

    constexpr transformer_block() {
        if constexpr (Options.layer_scale) gamma1.start = gamma2.start = initializer::constant(0.1);
    }

    constexpr auto operator()(auto& tape, auto x) const {
        const auto y = residual(tape, x, norm1, attention, gamma1);
        return residual(tape, y, norm2, mlp, gamma2);
    }

  private:
    constexpr auto residual(auto& tape, auto x, const norm& normalise, const auto& branch, const factors& gamma) const {
        if constexpr (Options.norm == norm_placement::pre)
            return tape.apply(add_op{}, x, part(tape, branch(tape, normalise(tape, x)), gamma));
        else
            return normalise(tape, tape.apply(add_op{}, x, part(tape, branch(tape, x), gamma)));
    }
    /// What is added of a branch's output.
    constexpr auto part(auto& tape, auto y, [[maybe_unused]] const factors& gamma) const {
        const auto scaled = [&] {
            if constexpr (Options.layer_scale)
                return tape.apply(scale_channels{}, y, tape.use(gamma));
            else
                return y;
        }();
        if constexpr (Options.drop_path)
            return drop(tape, scaled);
        else
            return scaled;
    }
};

}  // namespace qvit::inline QVIT_ABI
