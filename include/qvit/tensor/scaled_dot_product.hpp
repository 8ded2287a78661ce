// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <limits>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/softmax.hpp>

namespace qvit::inline QVIT_ABI {

/// Heads have to divide the channels into equal parts.
template <std::size_t Channels, std::size_t Heads>
concept heads_divide_channels = (Heads > 0 && Channels % Heads == 0);
/// A token that may not look at itself needs another one.
template <bool MaskDiagonal, std::size_t Tokens>
concept tokens_to_look_at = (!MaskDiagonal || Tokens > 1);

/// o = softmax(q k^T / sqrt(d)) v for every head, d = C / Heads: q, k, v and o are T x C, head h owns channels h d to
/// (h + 1) d - 1; torch.nn.functional.scaled_dot_product_attention, arXiv:1706.03762 eq. 1.
///
/// With MaskDiagonal a token does not attend to itself: o[t] is made of the other tokens (arXiv:2112.13492, eq. 5).
/// Cost: 2 T T C multiply-adds and Heads T T exponentials forward, twice the products back; saved: the probabilities.
template <std::size_t Heads, bool MaskDiagonal = false>
struct scaled_dot_product {
    static constexpr const char* name = "scaled dot product";
    /// `saved` is Heads x T x T probabilities, for those who want to see them.
    static constexpr std::size_t saves_probabilities_of = Heads;

    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, C>, shape<T, C>, shape<T, C>) {
        static_assert(heads_divide_channels<C, Heads>,
                      "[qvit::attention] the heads must divide the channels into equal parts.");
        static_assert(tokens_to_look_at<MaskDiagonal, T>,
                      "[qvit::attention] with the diagonal masked there must be two tokens at least.");
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr shape<Heads, T, T> saved_shape(shape<T, C>, shape<T, C>, shape<T, C>) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, C>, shape<T, C>, shape<T, C>) {
        return 2 * T * T * C;
    }

    template <class S, std::size_t T, std::size_t C>
    static void forward(auto o, S* saved, variable<S, shape<T, C>> q, auto k, auto v) {
        constexpr std::size_t d = C / Heads;
        const S scale = S(real_of<S>(1)) / simd::sqrt(S(real_of<S>(d)));
        for (std::size_t head = 0; head < Heads; ++head)
            for (std::size_t t = 0; t < T; ++t) {
                S* p = saved + (head * T + t) * T;  // one row of probabilities
                S query[d];
                S sum[d];
                unroll<d>([&](auto c) QVIT_INLINE_LAMBDA {
                    query[c()] = q(t, head * d + c) * scale;
                    sum[c()] = S(real_of<S>(0));
                });
                for (std::size_t j = 0; j < T; ++j) {
                    p[j] = query[0] * k(j, head * d);
                    unroll<d - 1, 1>(
                        [&](auto c) QVIT_INLINE_LAMBDA { p[j] = simd::fma(query[c()], k(j, head * d + c), p[j]); });
                }
                if constexpr (MaskDiagonal) p[t] = S(-std::numeric_limits<real_of<S>>::infinity());
                softmax_forward(p, T);
                for (std::size_t j = 0; j < T; ++j)
                    unroll<d>([&](auto c)
                                  QVIT_INLINE_LAMBDA { sum[c()] = simd::fma(p[j], v(j, head * d + c), sum[c()]); });
                unroll<d>([&](auto c) QVIT_INLINE_LAMBDA { o(t, head * d + c) = sum[c()]; });
            }
    }

    template <class S, std::size_t T, std::size_t C>
    static void backward(auto o, const S* saved, variable<S, shape<T, C>> q, auto k, auto v) {
        constexpr std::size_t d = C / Heads;
        const S scale = S(real_of<S>(1)) / simd::sqrt(S(real_of<S>(d)));
        for (std::size_t head = 0; head < Heads; ++head)
            for (std::size_t t = 0; t < T; ++t) {
                const S* p = saved + (head * T + t) * T;
                S dp[T];
                S upstream[d];
                S query[d];
                S query_gradient[d];
                unroll<d>([&](auto c) QVIT_INLINE_LAMBDA {
                    upstream[c()] = o.d(t, head * d + c);
                    query[c()] = q(t, head * d + c) * scale;
                    query_gradient[c()] = S(real_of<S>(0));
                });
                // o[t] = sum_j p[j] v[j]  =>  dp[j] = do[t] . v[j],  dv[j] += p[j] do[t]
                for (std::size_t j = 0; j < T; ++j) {
                    S inner(real_of<S>(0));
                    unroll<d>([&](auto c) QVIT_INLINE_LAMBDA {
                        inner = simd::fma(upstream[c()], v(j, head * d + c), inner);
                        v.d(j, head * d + c) = simd::fma(p[j], upstream[c()], v.d(j, head * d + c));
                    });
                    dp[j] = inner;
                }
                softmax_backward(p, dp, T);
                // s[j] = scale q[t] . k[j]  =>  dq[t] += scale ds[j] k[j],  dk[j] += scale ds[j] q[t]
                for (std::size_t j = 0; j < T; ++j)
                    unroll<d>([&](auto c) QVIT_INLINE_LAMBDA {
                        query_gradient[c()] = simd::fma(dp[j], k(j, head * d + c), query_gradient[c()]);
                        k.d(j, head * d + c) = simd::fma(dp[j], query[c()], k.d(j, head * d + c));
                    });
                unroll<d>([&](auto c) QVIT_INLINE_LAMBDA {
                    q.d(t, head * d + c) = simd::fma(query_gradient[c()], scale, q.d(t, head * d + c));
                });
            }
    }
};

}  // namespace qvit::inline QVIT_ABI
