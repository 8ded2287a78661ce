// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y[0] = weight * sum_k importance_k [log(1 + exp z_k) - level_k z_k], level_k = sum of target_j over classes j above
/// k: the loss of CORAL, arXiv:1901.07884 eq. 4, for logits z (1 x K-1) that the class is above k.
///
/// `targets` holds K lanes, as of cross_entropy: a one-hot label or a distribution; levels are made of them. `weight`
/// is one lane each: 1 / images, zero without an image. `importance` may point to K - 1 reals; null is 1. torch:
/// binary_cross_entropy_with_logits(z, levels, weight=importance, reduction="sum") / images. Safe for logits of any
/// size. Cost: an exp and a log per logit.
///
///     auto loss = tape.apply(coral_loss<S>{targets, weight}, logits);
template <class S>
struct coral_loss {
    static constexpr const char* name = "coral loss";
    const S* targets = nullptr;
    S weight{};
    const real_of<S>* importance = nullptr;

    template <std::size_t Thresholds>
    static constexpr shape<1> output_shape(shape<1, Thresholds>) {
        return {};
    }
    void forward(auto y, S*, auto logits) const {
        S total(real_of<S>(0));
        for_each_level(logits, [&](std::size_t k, S z, S level) {
            const S one(real_of<S>(1));
            const S magnitude = simd::maximum(z, -z);
            const S softplus = simd::maximum(z, S(real_of<S>(0))) + simd::log(one + simd::exp(-magnitude));
            total = simd::fma(important(k), simd::fnma(level, z, softplus), total);
        });
        y(0) = weight * total;
    }
    void backward(auto y, const S*, auto logits) const {
        const S upstream = weight * y.d(0);
        for_each_level(logits, [&](std::size_t k, S z, S level) {
            const S one(real_of<S>(1));
            const S probability = one / (one + simd::exp(-z));
            logits.d(0, k) = simd::fma(upstream * important(k), probability - level, logits.d(0, k));
        });
    }

  private:
    S important(std::size_t k) const { return S(importance == nullptr ? real_of<S>(1) : importance[k]); }
    void for_each_level(auto logits, auto&& body) const {
        S level(real_of<S>(0));
        for (std::size_t k = logits.size(); k-- > 0;) {
            level += targets[k + 1];
            body(k, logits(0, k), level);
        }
    }
};

/// y[0] = - weight * sum_k target_k log p_k, p_k = sigmoid(z_{k-1}) - sigmoid(z_k), for falling logits z (1 x K-1) that
/// the class is above k, as cumulative_logits gives: the likelihood of the proportional-odds model.
///
/// `targets` and `weight` as of cross_entropy. By log p_k = - log(1 + exp(-z_{k-1})) - log(1 + exp z_k) +
/// log(1 - exp(z_k - z_{k-1})), exact for logits of any size. A gap between neighbours below 1e-6 counts as 1e-6.
/// torch: nll_loss(log(-diff(sigmoid(z), prepend 1, append 0)), label). Cost: two exps and two logs per logit.
///
///     auto loss = tape.apply(cumulative_cross_entropy<S>{targets, weight}, logits);
template <class S>
struct cumulative_cross_entropy {
    static constexpr const char* name = "cumulative cross entropy";
    const S* targets = nullptr;
    S weight{};

    template <std::size_t Thresholds>
    static constexpr shape<1> output_shape(shape<1, Thresholds>) {
        return {};
    }
    void forward(auto y, S*, auto logits) const {
        const S zero(real_of<S>(0));
        const S one(real_of<S>(1));
        S total = zero;
        for (std::size_t k = 0; k < logits.size(); ++k) {
            const S z = logits(0, k);
            const S rest = simd::log(one + simd::exp(-simd::maximum(z, -z)));
            // z_k is the upper bound of class k and the lower one of class k + 1.
            total = simd::fma(targets[k], simd::maximum(z, zero) + rest, total);
            total = simd::fma(targets[k + 1], simd::maximum(-z, zero) + rest, total);
            if (k != 0) total = simd::fnma(targets[k], simd::log(-simd::expm1(-gap(logits, k))), total);
        }
        y(0) = weight * total;
    }
    void backward(auto y, const S*, auto logits) const {
        const S one(real_of<S>(1));
        const S upstream = weight * y.d(0);
        for (std::size_t k = 0; k < logits.size(); ++k) {
            const S above = one / (one + simd::exp(-logits(0, k)));
            const S slope = simd::fnma(targets[k + 1], one - above, targets[k] * above);
            logits.d(0, k) = simd::fma(upstream, slope, logits.d(0, k));
            if (k == 0) continue;
            // - log(1 - e^-gap) falls by 1 / (e^gap - 1) for each unit of gap = z_{k-1} - z_k.
            const S by_gap = upstream * targets[k] / simd::expm1(gap(logits, k));
            logits.d(0, k) += by_gap;
            logits.d(0, k - 1) -= by_gap;
        }
    }

  private:
    static S gap(auto logits, std::size_t k) {
        return simd::maximum(logits(0, k - 1) - logits(0, k), S(real_of<S>(1e-6)));
    }
};

}  // namespace qvit::inline QVIT_ABI
