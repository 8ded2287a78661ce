// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y[0] = weight * sum_k [positive_k target_k log(1 + exp(-z_k)) + (1 - target_k) log(1 + exp(z_k))] for logits z
/// (1 x K): every logit a yes-or-no question of its own, for binary and multi-label sets.
///
/// `targets` holds K lanes in [0, 1], `weight` one lane each: 1 / (images K) gives
/// torch.nn.functional.binary_cross_entropy_with_logits, zero leaves a lane out. `positive` may point to K reals, how
/// much a yes counts against a no: torch's pos_weight; null is 1. Safe for logits of any size. Cost: an exp and a log
/// per logit, an exp back.
///
///     auto loss = tape.apply(binary_cross_entropy<S>{targets, weight}, logits);
template <class S>
struct binary_cross_entropy {
    static constexpr const char* name = "binary cross entropy";
    const S* targets = nullptr;
    S weight{};
    const real_of<S>* positive = nullptr;

    template <std::size_t K>
    static constexpr shape<1> output_shape(shape<1, K>) {
        return {};
    }
    void forward(auto y, S*, auto logits) const {
        const S zero(real_of<S>(0));
        const S one(real_of<S>(1));
        S total = zero;
        for (std::size_t k = 0; k < logits.extents.extent(1); ++k) {
            const S z = logits(0, k);  // log(1 + e^z) = max(z, 0) + log(1 + e^-|z|)
            const S rest = simd::log(one + simd::exp(-simd::maximum(z, -z)));
            total = simd::fma(one - targets[k], simd::maximum(z, zero) + rest, total);
            total = simd::fma(targets[k] * positive_weight(k), simd::maximum(-z, zero) + rest, total);
        }
        y(0) = weight * total;
    }
    void backward(auto y, const S*, auto logits) const {
        const S one(real_of<S>(1));
        const S upstream = weight * y.d(0);
        for (std::size_t k = 0; k < logits.extents.extent(1); ++k) {
            const S z = logits(0, k);
            const S e = simd::exp(-simd::maximum(z, -z));
            const S likely = one / (one + e);  // the larger of the two probabilities, and the smaller to all its digits
            const auto negative = z < S(real_of<S>(0));
            const S yes = simd::select(negative, e * likely, likely);
            const S no = simd::select(negative, likely, e * likely);
            const S slope = simd::fnma(targets[k] * positive_weight(k), no, (one - targets[k]) * yes);
            logits.d(0, k) = simd::fma(upstream, slope, logits.d(0, k));
        }
    }

  private:
    S positive_weight(std::size_t k) const { return S(positive == nullptr ? real_of<S>(1) : positive[k]); }
};

}  // namespace qvit::inline QVIT_ABI
