// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>

namespace qvit::inline QVIT_ABI {

/// Replaces n scores by exp(scale (s_j - max)) / sum of them, lane by lane, scale > 0; `count` is a number or a
/// constant. One exp each.
template <class S>
QVIT_INLINE void softmax_forward(S* scores, auto count, S scale) {
    S largest = scores[0];
    for (std::size_t j = 1; j < count; ++j) largest = simd::maximum(largest, scores[j]);
    S total(real_of<S>(0));
    for (std::size_t j = 0; j < count; ++j) {
        scores[j] = simd::exp((scores[j] - largest) * scale);
        total += scores[j];
    }
    const S inverse = S(real_of<S>(1)) / total;
    for (std::size_t j = 0; j < count; ++j) scores[j] *= inverse;
}
template <class S>
QVIT_INLINE void softmax_forward(S* scores, auto count) {
    softmax_forward(scores, count, S(real_of<S>(1)));
}

/// d loss / d score from d loss / d probability, in place: ds_j = p_j (dp_j - sum_k p_k dp_k).
template <class S>
QVIT_INLINE void softmax_backward(const S* probability, S* gradient, auto count) {
    S inner(real_of<S>(0));
    for (std::size_t j = 0; j < count; ++j) inner = simd::fma(probability[j], gradient[j], inner);
    for (std::size_t j = 0; j < count; ++j) gradient[j] = probability[j] * (gradient[j] - inner);
}

}  // namespace qvit::inline QVIT_ABI
