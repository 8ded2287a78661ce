// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/tensor/givens_rotations.hpp>

namespace qvit::inline QVIT_ABI {

/// An orthogonal matrix applied to every token, made of RBS gates on the edges of a topology: the orthogonal layer of
/// arXiv:2209.08167. With pyramid_topology any rotation, C (C - 1) / 2 angles; with butterfly_topology (C / 2) log2 C.
///
/// `theta` starts in U(-pi/2, pi/2). As the token mixer of a vision_transformer it is that paper's orthogonal patch-wise
/// network (A): no token sees another. See orthogonal_attention for B.
///
///     using v_projection = orthogonal_layer<16, butterfly_topology>;   // 32 angles
template <std::size_t Channels, topology Topology>
struct orthogonal_layer {
    using angles = parameter<shape<Topology::template edges<Channels>().size()>>;
    BOOST_HANA_DEFINE_STRUCT(orthogonal_layer, (angles, theta));

    constexpr orthogonal_layer() : theta{{}, initializer::uniform(1.57079632679489661923)} {}

    constexpr auto operator()(auto& tape, auto x) const {
        return tape.apply(givens_rotations<Topology>{}, x, tape.use(theta));
    }
};

}  // namespace qvit::inline QVIT_ABI
