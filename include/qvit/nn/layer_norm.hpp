// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/tensor/layer_norm.hpp>

namespace qvit::inline QVIT_ABI {

/// Normalises every token's Channels to mean 0 and variance 1, then scales and shifts them; torch.nn.LayerNorm.
template <std::size_t Channels>
struct layer_norm {
    using channel_parameter = parameter<shape<Channels>>;
    BOOST_HANA_DEFINE_STRUCT(layer_norm, (channel_parameter, weight), (channel_parameter, bias));

    constexpr layer_norm() : weight{{}, initializer::constant(1)}, bias{{}, initializer::constant(0)} {}

    constexpr auto operator()(auto& tape, auto x) const {
        return tape.apply(layer_norm_op{}, x, tape.use(weight), tape.use(bias));
    }
};

}  // namespace qvit::inline QVIT_ABI
