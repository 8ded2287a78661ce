// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/softmax.hpp>

namespace qvit::inline QVIT_ABI {

/// y[0] = weight * sum_k target_k (log sum_j exp z_j - z_k) for logits z (1 x K): cross entropy against a distribution.
///
/// `targets` holds K lanes: a one-hot label, a smoothed one, or a teacher's probabilities. `weight` is one lane each:
/// 1 / images of the batch, and exactly zero for a lane that holds no image; the sum over lanes and blocks is then
/// torch.nn.functional.cross_entropy(z, target) with reduction "mean". With a weight v_k for each class, as torch's
/// weight=v and label_smoothing=e of index labels: targets v_k times the smoothed label, ((1 - e) [k is the label] +
/// e / K) v_k, and `weight` 1 / (sum over the batch's images of v_label). Targets need not sum to one.
///
///     auto loss = tape.apply(cross_entropy<S>{targets, weight}, logits);
template <class S>
struct cross_entropy {
    static constexpr const char* name = "cross entropy";
    const S* targets = nullptr;
    S weight{};

    template <std::size_t K>
    static constexpr shape<1> output_shape(shape<1, K>) {
        return {};
    }
    /// The softmax of the logits.
    template <std::size_t K>
    static constexpr shape<1, K> saved_shape(shape<1, K> logits) {
        return logits;
    }
    void forward(auto y, S* probability, auto logits) const {
        using R = real_of<S>;
        const std::size_t classes = logits.extents.extent(1);
        S largest = logits(0, 0);
        for (std::size_t k = 1; k < classes; ++k) largest = simd::maximum(largest, logits(0, k));
        S total(R(0));
        S inner(R(0));
        S mass(R(0));
        for (std::size_t k = 0; k < classes; ++k) {
            const S shifted = logits(0, k) - largest;
            probability[k] = simd::exp(shifted);
            total += probability[k];
            inner = simd::fma(targets[k], shifted, inner);
            mass += targets[k];
        }
        const S scale = S(R(1)) / total;
        for (std::size_t k = 0; k < classes; ++k) probability[k] *= scale;
        y(0) = weight * simd::fma(mass, simd::log(total), -inner);
    }
    void backward(auto y, const S* probability, auto logits) const {
        const S upstream = weight * y.d(0);
        const std::size_t classes = logits.extents.extent(1);
        S mass(real_of<S>(0));
        for (std::size_t k = 0; k < classes; ++k) mass += targets[k];
        for (std::size_t k = 0; k < classes; ++k)
            logits.d(0, k) = simd::fma(upstream, simd::fma(mass, probability[k], -targets[k]), logits.d(0, k));
    }
};

}  // namespace qvit::inline QVIT_ABI
