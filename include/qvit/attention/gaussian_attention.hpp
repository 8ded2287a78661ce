// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <boost/hana/define_struct.hpp>

#include <qvit/nn/no_parameter.hpp>
#include <qvit/tensor/gaussian_scores.hpp>

namespace qvit::inline QVIT_ABI {

/// softmax(-(q - k)^2 / sqrt(head width)) v with query and key of one or a few numbers per head: Gaussian self-attention
/// (arXiv:2402.00776; arXiv:2205.05625 without the root).
///
/// Query maps T x C to T x D, Heads dividing D, and makes q and k, each with its own weights; Value maps T x C to T x C,
/// and so does Output, or `no_parameter` where v's mean is the answer. Any modules: circuits or linear layers.
///
///     using attention = gaussian_attention<quantum_layer<score>, quantum_layer<value>>;   // score measures one wire
template <class Query, class Value, class Output = no_parameter, std::size_t Heads = 1, bool DividedByRoot = true>
struct gaussian_attention {
    BOOST_HANA_DEFINE_STRUCT(gaussian_attention, (Query, q), (Query, k), (Value, v), (Output, o));

    constexpr gaussian_attention() = default;

    constexpr auto operator()(auto& tape, auto x) const {
        const auto query = q(tape, x);
        const auto key = k(tape, x);
        const auto value = v(tape, x);
        const auto mixed = tape.apply(gaussian_scores<Heads, DividedByRoot>{}, query, key, value);
        if constexpr (std::is_same_v<Output, no_parameter>)
            return mixed;
        else
            return o(tape, mixed);
    }
};

}  // namespace qvit::inline QVIT_ABI
