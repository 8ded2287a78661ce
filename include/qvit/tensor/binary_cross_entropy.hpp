// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// y[0] = weight * sum_k [log(1 + exp(z_k)) - target_k z_k] for logits z (1 x K): every logit a yes-or-no question of
/// its own, for binary and multi-label sets.
///
/// `targets` holds K lanes in [0, 1], `weight` one lane each: 1 / (images K) gives
/// torch.nn.functional.binary_cross_entropy_with_logits, zero leaves a lane out. Safe for logits of any size.
/// Cost: an exp and a log per logit.
///
///     auto loss = tape.apply(binary_cross_entropy<S>{targets, weight}, logits);
template <class S>
struct binary_cross_entropy {
    static constexpr const char* name = "binary cross entropy";
    const S* targets = nullptr;
    S weight{};

    template <std::size_t K>
    static constexpr shape<1> output_shape(shape<1, K>) {
        return {};
    }
    void forward(auto y, S*, auto logits) const {
        const S zero(real_of<S>(0));
        const S one(real_of<S>(1));
        S total = zero;
        for (std::size_t k = 0; k < logits.extents.extent(1); ++k) {
            const S z = logits(0, k);
            const S positive = simd::maximum(z, zero);  // log(1 + e^z) = max(z, 0) + log(1 + e^-|z|)
            const S magnitude = simd::maximum(z, -z);
            total += simd::fnma(targets[k], z, positive + simd::log(one + simd::exp(-magnitude)));
        }
        y(0) = weight * total;
    }
    void backward(auto y, const S*, auto logits) const {
        const S one(real_of<S>(1));
        const S upstream = weight * y.d(0);
        for (std::size_t k = 0; k < logits.extents.extent(1); ++k) {
            const S probability = one / (one + simd::exp(-logits(0, k)));
            logits.d(0, k) = simd::fma(upstream, probability - targets[k], logits.d(0, k));
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
