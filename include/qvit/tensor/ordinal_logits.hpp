// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// z_k = s + b_k, k = 0 ... K - 2: the logits that the class is above k, of K ordered classes, from one score s (1 x 1)
/// and biases b (K - 1): CORAL, arXiv:1901.07884 sec. 3.3; torch: score + bias. K - 1 may be dynamic.
///
/// The score is a product of all features with one shared weight, so that only the biases tell the ranks apart:
///
///     auto score = tape.apply(matmul_bt{}, features, tape.use(weight));        // 1 x C, 1 x C -> 1 x 1
///     auto logits = tape.apply(coral_logits{}, score, tape.use(bias));         // 1 x K-1, for coral_loss
struct coral_logits {
    static constexpr const char* name = "coral logits";

    template <std::size_t Thresholds>
    static constexpr shape<1, Thresholds> output_shape(shape<1, 1>, shape<Thresholds> bias) {
        if constexpr (Thresholds == dynamic)
            return shape<1, Thresholds>(bias.extent(0));
        else
            return {};
    }
    template <class S>
    static void forward(auto z, S*, auto score, auto bias) {
        for (std::size_t k = 0; k < bias.size(); ++k) z(0, k) = score(0, 0) + S(bias(k));
    }
    template <class S>
    static void backward(auto z, const S*, auto score, auto bias) {
        for (std::size_t k = 0; k < bias.size(); ++k) {
            score.d(0, 0) += z.d(0, k);
            accumulate(bias.d(k), z.d(0, k));
        }
    }
};

/// z_k = s - theta_k with theta_0 = r_0 and theta_k = theta_{k-1} + log(1 + exp r_k): the same with thresholds that
/// rise whatever the parameter r (K - 1 entries) is: the cumulative-logit (proportional-odds) model of McCullagh 1980;
/// torch: score - torch.cumsum(torch.cat((r[:1], softplus(r[1:]))), 0).
///
///     auto logits = tape.apply(cumulative_logits{}, score, tape.use(thresholds));   // for cumulative_cross_entropy
struct cumulative_logits {
    static constexpr const char* name = "cumulative logits";

    template <std::size_t Thresholds>
    static constexpr auto output_shape(shape<1, 1> score, shape<Thresholds> thresholds) {
        return coral_logits::output_shape(score, thresholds);
    }
    template <class S>
    static void forward(auto z, S*, auto score, auto thresholds) {
        const S zero(real_of<S>(0));
        z(0, 0) = score(0, 0) - S(thresholds(0));
        for (std::size_t k = 1; k < thresholds.size(); ++k) {
            const S r(thresholds(k));
            const S step = simd::maximum(r, zero) + simd::log(S(real_of<S>(1)) + simd::exp(-simd::maximum(r, -r)));
            z(0, k) = z(0, k - 1) - step;
        }
    }
    template <class S>
    static void backward(auto z, const S*, auto score, auto thresholds) {
        const S one(real_of<S>(1));
        S later(real_of<S>(0));  // r_k moves z_k and all after it
        for (std::size_t k = thresholds.size(); k-- > 0;) {
            later += z.d(0, k);
            const S slope = k == 0 ? one : one / (one + simd::exp(-S(thresholds(k))));
            accumulate(thresholds.d(k), -later * slope);
        }
        score.d(0, 0) += later;
    }
};

/// Probabilities of K ordered classes (1 x K) from logits that the class is above k (1 x K-1): q_k - q_{k+1}, q_0 = 1,
/// q_{k+1} = min(q_k, sigmoid(z_k)), q_K = 0. They are never negative and sum to one.
///
/// Logits of cumulative_logits fall already, those of coral_logits do at the loss's minimum (arXiv:1901.07884,
/// theorem 1); elsewhere the smaller one counts. torch: -diff of cummin(sigmoid(z)) with 1 before and 0 behind.
///
///     auto probabilities = tape.apply(ordinal_probabilities{}, logits);
struct ordinal_probabilities {
    static constexpr const char* name = "ordinal probabilities";

    template <std::size_t Thresholds>
    static constexpr auto output_shape(shape<1, Thresholds> logits) {
        if constexpr (Thresholds == dynamic)
            return shape<1, dynamic>(logits.extent(1) + 1);
        else
            return shape<1, Thresholds + 1>{};
    }
    /// q_1 ... q_{K-1}.
    template <std::size_t Thresholds>
    static constexpr shape<1, Thresholds> saved_shape(shape<1, Thresholds> logits) {
        return logits;
    }
    template <class S>
    static void forward(auto p, S* above, auto logits) {
        S last(real_of<S>(1));
        for (std::size_t k = 0; k < logits.size(); ++k) {
            above[k] = -simd::maximum(-last, -sigmoid(logits(0, k)));
            p(0, k) = last - above[k];
            last = above[k];
        }
        p(0, logits.size()) = last;
    }
    template <class S>
    static void backward(auto p, const S* above, auto logits) {
        const S zero(real_of<S>(0));
        S passed = zero;  // the gradient of q_{k+1} that came from its successor, which was cut down to it
        for (std::size_t k = logits.size(); k-- > 0;) {
            const S own = sigmoid(logits(0, k));
            const S gradient = passed + p.d(0, k + 1) - p.d(0, k);
            const auto cut = above[k] < own;
            logits.d(0, k) += simd::select(cut, zero, gradient * own * (S(real_of<S>(1)) - own));
            passed = simd::select(cut, gradient, zero);
        }
    }

  private:
    template <class S>
    static S sigmoid(S x) {
        return S(real_of<S>(1)) / (S(real_of<S>(1)) + simd::exp(-x));
    }
};

}  // namespace qvit::inline QVIT_ABI
