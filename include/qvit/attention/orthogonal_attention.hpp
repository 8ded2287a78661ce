// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/circuit/butterfly.hpp>
#include <qvit/nn/orthogonal_layer.hpp>
#include <qvit/tensor/squared_scores.hpp>

namespace qvit::inline QVIT_ABI {

/// The orthogonal transformer of arXiv:2209.08167 (B): y_i = sum_j softmax_j(|x_i . W x_j|^2) V x_j with orthogonal W and
/// V of RBS gates. T x C to T x C; x as layer norm gives it, see squared_scores. At C = 16 with butterflies 64 angles,
/// where linear W and V have 512 weights. `orthogonal_layer` alone is that paper's A.
///
///     vision_transformer<vit_config{.width = 16, .depth = 4}, orthogonal_attention<16>>
template <std::size_t Channels, topology Topology = butterfly_topology>
struct orthogonal_attention {
    using layer = orthogonal_layer<Channels, Topology>;
    BOOST_HANA_DEFINE_STRUCT(orthogonal_attention, (layer, w), (layer, v));

    constexpr orthogonal_attention() = default;

    constexpr auto operator()(auto& tape, auto x) const {
        const auto key = w(tape, x);
        const auto value = v(tape, x);
        return tape.apply(squared_scores{}, x, key, value);
    }
};

}  // namespace qvit::inline QVIT_ABI
