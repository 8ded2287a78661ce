// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/attention/multi_head_attention.hpp>
#include <qvit/nn/linear.hpp>

namespace qvit::inline QVIT_ABI {

/// Multi-head self-attention with linear q, k, v and o: 4 (C^2 + C) weights (arXiv:1706.03762).
template <std::size_t Channels, std::size_t Heads = 1, attention_options Options = attention_options{}>
using classical_attention = multi_head_attention<linear<Channels, Channels>, linear<Channels, Channels>, Heads, Options>;

}  // namespace qvit::inline QVIT_ABI
