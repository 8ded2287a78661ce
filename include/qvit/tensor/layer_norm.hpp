// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y[t, c] = weight[c] * n[t, c] + bias[c], n = (x - mean) / sqrt(variance + 1e-5) over a token's C channels.
///
/// torch.nn.functional.layer_norm: biased variance, arXiv:1607.06450. x and y are T x C; cost about 6 T C forward.
struct layer_norm_op {
    static constexpr const char* name = "layer norm";
    static constexpr bool takes_constants = true;  // x without a gradient: an image
    static constexpr double epsilon = 1e-5;

    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, C>, shape<C>, shape<C>) {
        return {};
    }
    /// n, and 1 / sqrt(variance + epsilon) of every token.
    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C + 1> saved_shape(shape<T, C>, shape<C>, shape<C>) {
        return {};
    }

    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S* saved, variable<S, shape<T, C>> x, auto weight, auto bias) {
        using R = real_of<S>;
        for (std::size_t t = 0; t < T; ++t) {
            S* n = saved + t * (C + 1);
            S mean(R(0));
            for (std::size_t c = 0; c < C; ++c) mean += x(t, c);
            mean *= S(R(1) / R(C));
            S variance(R(0));
            for (std::size_t c = 0; c < C; ++c) {
                n[c] = x(t, c) - mean;
                variance = simd::fma(n[c], n[c], variance);
            }
            const S scale = S(R(1)) / simd::sqrt(simd::fma(variance, S(R(1) / R(C)), S(R(epsilon))));
            n[C] = scale;
            for (std::size_t c = 0; c < C; ++c) {
                n[c] *= scale;
                y(t, c) = simd::fma(S(weight(c)), n[c], S(bias(c)));
            }
        }
    }

    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S* saved, variable<S, shape<T, C>> x, auto weight, auto bias) {
        using R = real_of<S>;
        S weight_sum[C];
        S bias_sum[C];
        for (std::size_t c = 0; c < C; ++c) weight_sum[c] = bias_sum[c] = S(R(0));
        for (std::size_t t = 0; t < T; ++t) {
            const S* n = saved + t * (C + 1);
            S dn[C];
            S mean_dn(R(0));
            S mean_dn_n(R(0));
            for (std::size_t c = 0; c < C; ++c) {
                const S dy = y.d(t, c);
                weight_sum[c] = simd::fma(dy, n[c], weight_sum[c]);
                bias_sum[c] += dy;
                dn[c] = dy * S(weight(c));
                mean_dn += dn[c];
                mean_dn_n = simd::fma(dn[c], n[c], mean_dn_n);
            }
            mean_dn *= S(R(1) / R(C));
            mean_dn_n *= S(R(1) / R(C));
            if (x.gradient == nullptr) continue;
            // n depends on x directly, through the mean and through the variance.
            for (std::size_t c = 0; c < C; ++c)
                x.d(t, c) = simd::fma(n[C], simd::fnma(n[c], mean_dn_n, dn[c] - mean_dn), x.d(t, c));
        }
        for (std::size_t c = 0; c < C; ++c) {
            weight.d(c) += simd::sum(weight_sum[c]);
            bias.d(c) += simd::sum(bias_sum[c]);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
