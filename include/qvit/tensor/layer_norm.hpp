// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/register_tiles.hpp>

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
    /// The mean and 1 / sqrt(variance + epsilon) of every token.
    template <std::size_t T, std::size_t C>
    static constexpr shape<T, 2> saved_shape(shape<T, C>, shape<C>, shape<C>) {
        return {};
    }

    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S* saved, variable<S, shape<T, C>> x, auto weight, auto bias) {
        detail::for_pieces<T, together>([&](auto rows, std::size_t t0) QVIT_INLINE_LAMBDA {
            forward_of_rows<rows()>(y, saved, x, weight, bias, t0);
        });
    }

    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S* saved, variable<S, shape<T, C>> x, auto weight, auto bias) {
        S weight_sum[C];
        S bias_sum[C];
        for (std::size_t c = 0; c < C; ++c) weight_sum[c] = bias_sum[c] = S(real_of<S>(0));
        detail::for_pieces<T, together>([&](auto rows, std::size_t t0) QVIT_INLINE_LAMBDA {
            backward_of_rows<rows()>(y, saved, x, weight, t0, weight_sum, bias_sum);
        });
        for (std::size_t c = 0; c < C; ++c) {
            weight.d(c) += simd::sum(weight_sum[c]);
            bias.d(c) += simd::sum(bias_sum[c]);
        }
    }

  private:
    /// Tokens side by side: each sum is a chain of additions that wait for one another.
    static constexpr std::size_t together = 5;

    template <std::size_t Rows, class S, std::size_t T, std::size_t C>
    static QVIT_INLINE void forward_of_rows(auto y, S* saved, variable<S, shape<T, C>> x, auto weight, auto bias,
                                            std::size_t t0) {
        using R = real_of<S>;
        S mean[Rows];
        S variance[Rows];
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA { mean[r] = variance[r] = S(R(0)); });
        for (std::size_t c = 0; c < C; ++c)
            unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA { mean[r] += x(t0 + r, c); });
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA { mean[r] *= S(R(1) / R(C)); });
        for (std::size_t c = 0; c < C; ++c)
            unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
                const S difference = x(t0 + r, c) - mean[r];
                variance[r] = simd::fma(difference, difference, variance[r]);
            });
        S scale[Rows];
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            scale[r] = S(R(1)) / simd::sqrt(simd::fma(variance[r], S(R(1) / R(C)), S(R(epsilon))));
            saved[2 * (t0 + r)] = mean[r];
            saved[2 * (t0 + r) + 1] = scale[r];
        });
        for (std::size_t c = 0; c < C; ++c)
            unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
                const S n = (x(t0 + r, c) - mean[r]) * scale[r];
                y(t0 + r, c) = simd::fma(S(weight(c)), n, S(bias(c)));
            });
    }

    template <std::size_t Rows, class S, std::size_t T, std::size_t C>
    static QVIT_INLINE void backward_of_rows(auto y, const S* saved, variable<S, shape<T, C>> x, auto weight,
                                             std::size_t t0, S* weight_sum, S* bias_sum) {
        using R = real_of<S>;
        S mean[Rows];
        S scale[Rows];
        S mean_dn[Rows];
        S mean_dn_n[Rows];
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            mean[r] = saved[2 * (t0 + r)];
            scale[r] = saved[2 * (t0 + r) + 1];
            mean_dn[r] = mean_dn_n[r] = S(R(0));
        });
        for (std::size_t c = 0; c < C; ++c) {
            S of_weight = weight_sum[c];
            S of_bias = bias_sum[c];
            unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
                const S n = (x(t0 + r, c) - mean[r]) * scale[r];
                const S dy = y.d(t0 + r, c);
                of_weight = simd::fma(dy, n, of_weight);
                of_bias += dy;
                const S dn = dy * S(weight(c));
                mean_dn[r] += dn;
                mean_dn_n[r] = simd::fma(dn, n, mean_dn_n[r]);
            });
            weight_sum[c] = of_weight;
            bias_sum[c] = of_bias;
        }
        if (x.gradient == nullptr) return;
        unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
            mean_dn[r] *= S(R(1) / R(C));
            mean_dn_n[r] *= S(R(1) / R(C));
        });
        // n depends on x directly, through the mean and through the variance.
        for (std::size_t c = 0; c < C; ++c)
            unroll<Rows>([&](std::size_t r) QVIT_INLINE_LAMBDA {
                const S n = (x(t0 + r, c) - mean[r]) * scale[r];
                const S dn = y.d(t0 + r, c) * S(weight(c));
                x.d(t0 + r, c) = simd::fma(scale[r], simd::fnma(n, mean_dn_n[r], dn - mean_dn[r]), x.d(t0 + r, c));
            });
    }
};

}  // namespace qvit::inline QVIT_ABI
