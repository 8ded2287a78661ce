// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/no_parameter.hpp>
#include <qvit/tensor/scale_channels.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>

namespace qvit::inline QVIT_ABI {

/// Locality self-attention (arXiv:2112.13492, section 3.2): both help small data sets.
struct attention_options {
    bool learnable_temperature = false;  ///< a learned factor of each head's scores, `gain`, 1 at first
    bool mask_diagonal = false;          ///< a token gives itself no attention
};

/// softmax(q k^T / sqrt(head width)) v with q, k, v made from the tokens by one kind of projection, and o by another.
///
/// Projection and Output are modules from T x C to T x C; the four hold their own parameters. A learned gain g makes
/// it softmax(g q k^T / sqrt(head width)): the temperature is sqrt(head width) / g, one for every head.
/// See quantum_attention and classical_attention for the two that this library is about.
template <class Projection, class Output, std::size_t Heads = 1, attention_options Options = attention_options{}>
struct multi_head_attention {
    using gains = optional_module<Options.learnable_temperature, parameter<shape<Heads>>>;
    BOOST_HANA_DEFINE_STRUCT(multi_head_attention, (Projection, q), (Projection, k), (Projection, v), (Output, o),
                             (gains, gain));

    constexpr multi_head_attention() {
        if constexpr (Options.learnable_temperature) gain.start = initializer::constant(1);
    }

    constexpr auto operator()(auto& tape, auto x) const {
        const auto query = scaled(tape, q(tape, x));
        const auto key = k(tape, x);
        const auto value = v(tape, x);
        return o(tape, tape.apply(scaled_dot_product<Heads, Options.mask_diagonal>{}, query, key, value));
    }

  private:
    constexpr auto scaled(auto& tape, auto query) const {
        if constexpr (Options.learnable_temperature)
            return tape.apply(scale_channels{}, query, tape.use(gain));
        else
            return query;
    }
};

}  // namespace qvit::inline QVIT_ABI
