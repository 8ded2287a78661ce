// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// What one block's attention saw.
template <class S, class TokenShape>
struct traced_attention {
    using tokens = variable<S, TokenShape>;
    tokens q{};
    tokens k{};
    tokens v{};
    const S* probabilities = nullptr;  ///< heads x T x T; null while planning
    bool has_queries = false;          ///< q and k were of the tokens' shape
};

/// What every block's attention saw in one pass: its q, k and v and the probabilities; an observer of observing_tape.
///
/// Works for any attention whose operation names, as `saves_probabilities_of`, the heads of the heads x T x T
/// probabilities it keeps, whatever made q, k and v: circuits or linear layers. The variables can be used in a loss.
/// A q or k of another shape than the tokens (gaussian_attention) is left out.
/// `count` is the number of blocks seen; those beyond Depth are passed over. Cost: a few pointers per block.
///
///     attention_trace<S, Model::token_shape, Model::config.depth> trace;
///     observing_tape seen(tape, trace);
///     auto tokens = model.encode(seen, images);   // then trace.layers[0].q ...
template <class S, class TokenShape, std::size_t Depth>
struct attention_trace {
    using tokens = variable<S, TokenShape>;
    using layer = traced_attention<S, TokenShape>;
    std::array<layer, Depth> layers{};
    std::size_t count = 0;
    std::size_t heads = 0;

    template <class Op>
    requires requires { Op::saves_probabilities_of; }
    constexpr void operator()(const Op&, tokens, const S* saved, auto q, auto k, tokens v) {
        heads = Op::saves_probabilities_of;
        if (count < Depth) {
            layers[count].v = v;
            layers[count].probabilities = saved;
            if constexpr (std::is_same_v<decltype(q), tokens>) layers[count].q = q;
            if constexpr (std::is_same_v<decltype(k), tokens>) layers[count].k = k;
            layers[count].has_queries = std::is_same_v<decltype(q), tokens> && std::is_same_v<decltype(k), tokens>;
        }
        ++count;
    }
};

}  // namespace qvit::inline QVIT_ABI
