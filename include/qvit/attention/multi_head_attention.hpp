// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/tensor/scaled_dot_product.hpp>

namespace qvit::inline QVIT_ABI {

/// softmax(q k^T / sqrt(head width)) v with q, k, v made from the tokens by one kind of projection, and o by another.
///
/// Projection and Output are modules from T x C to T x C; the four hold their own parameters.
/// See quantum_attention and classical_attention for the two that this library is about.
template <class Projection, class Output, std::size_t Heads = 1>
struct multi_head_attention {
    BOOST_HANA_DEFINE_STRUCT(multi_head_attention, (Projection, q), (Projection, k), (Projection, v), (Output, o));

    constexpr multi_head_attention() = default;

    constexpr auto operator()(auto& tape, auto x) const {
        return o(tape, tape.apply(scaled_dot_product<Heads>{}, q(tape, x), k(tape, x), v(tape, x)));
    }
};

}  // namespace qvit::inline QVIT_ABI
