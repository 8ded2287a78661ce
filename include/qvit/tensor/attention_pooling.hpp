// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/softmax.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// A query of ChannelsOfQuery scores tokens of ChannelsOfX.
template <std::size_t ChannelsOfX, std::size_t ChannelsOfQuery>
concept query_fits = (ChannelsOfX == ChannelsOfQuery);

/// y = sum_t p_t x[t], p = softmax_t(x[t] . query / sqrt C): T x C -> 1 x C, a mean over tokens with learnt weights
/// (one query of the pooling by attention of arXiv:1810.00825); torch.softmax(query @ x.T / sqrt(C), -1) @ x.
///
/// The query is 1 x C, a parameter or an activation; another width does not compile. Cost: 2 T C multiply-adds and T
/// exponentials forward, twice the products back; kept: the probabilities.
///
///     auto pooled = tape.apply(attention_over_tokens{}, x, tape.use(query));
struct attention_over_tokens {
    static constexpr const char* name = "attention over tokens";

    template <std::size_t T, std::size_t C, std::size_t Q>
    static constexpr shape<1, C> output_shape(shape<T, C>, shape<1, Q>) {
        static_assert(query_fits<C, Q>, "[qvit::attention_over_tokens] x is T x C and the query must be 1 x C.");
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr shape<T> saved_shape(shape<T, C>, auto) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, C>, auto) {
        return 2 * T * C;
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S* p, variable<S, shape<T, C>> x, auto query) {
        for (std::size_t t = 0; t < T; ++t) {
            S score(real_of<S>(0));
            for (std::size_t c = 0; c < C; ++c) score = simd::fma(x(t, c), S(query(0, c)), score);
            p[t] = score * S(scale<real_of<S>>(C));
        }
        softmax_forward(p, T);
        for (std::size_t c = 0; c < C; ++c) y(0, c) = p[0] * x(0, c);
        for (std::size_t t = 1; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) y(0, c) = simd::fma(p[t], x(t, c), y(0, c));
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S* p, variable<S, shape<T, C>> x, auto query) {
        // y = sum_t p[t] x[t]  =>  dp[t] = dy . x[t]
        S ds[T];
        for (std::size_t t = 0; t < T; ++t) {
            ds[t] = S(real_of<S>(0));
            for (std::size_t c = 0; c < C; ++c) ds[t] = simd::fma(y.d(0, c), x(t, c), ds[t]);
        }
        softmax_backward(p, ds, T);
        for (std::size_t t = 0; t < T; ++t) ds[t] *= S(scale<real_of<S>>(C));
        // s[t] = scale x[t] . query  =>  dx[t] += p[t] dy + scale ds[t] query,  dquery += scale sum_t ds[t] x[t]
        for (std::size_t c = 0; c < C; ++c) {
            S sum(real_of<S>(0));
            for (std::size_t t = 0; t < T; ++t) {
                sum = simd::fma(ds[t], x(t, c), sum);
                x.d(t, c) = simd::fma(p[t], y.d(0, c), simd::fma(ds[t], S(query(0, c)), x.d(t, c)));
            }
            accumulate(query.d(0, c), sum);
        }
    }

  private:
    template <class R>
    static R scale(std::size_t channels) {
        return R(1) / std::sqrt(static_cast<R>(channels));
    }
};

}  // namespace qvit::inline QVIT_ABI
