// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/attention/multi_head_attention.hpp>
#include <qvit/nn/quantum_layer.hpp>

namespace qvit::inline QVIT_ABI {

/// Quantum self-attention (arXiv:2503.07294): q, k and v are circuits, and so is o unless another Output is given.
///
///     using attention = quantum_attention<projection>;                       // 4 n weights per circuit layer
///     using classical_o = quantum_attention<projection, linear<8, 8>, 2>;    // linear o, two heads
template <const auto& Projection, class Output = quantum_layer<Projection>, std::size_t Heads = 1,
          attention_options Options = attention_options{}>
using quantum_attention = multi_head_attention<quantum_layer<Projection>, Output, Heads, Options>;

}  // namespace qvit::inline QVIT_ABI
