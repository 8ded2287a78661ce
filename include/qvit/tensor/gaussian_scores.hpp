// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>
#include <qvit/tensor/softmax.hpp>

namespace qvit::inline QVIT_ABI {

/// Queries and keys have to be alike.
template <std::size_t ColumnsOfQ, std::size_t ColumnsOfK>
concept queries_match_keys = (ColumnsOfQ == ColumnsOfK);

/// o = softmax_j(-|q[t] - k[j]|^2 / sqrt(d)) v for every head, d = C / Heads: v and o are T x C, q and k T x D with D /
/// Heads numbers per head, often one. The score of arXiv:2402.00776; without the root it is that of arXiv:2205.05625.
///
/// Unlike a product it is largest for equal numbers, so that a single expectation value can be query and key.
/// Cost: T T (C + D) multiply-adds and Heads T T exponentials forward, twice the products back; saved: the
/// probabilities.
///
///     auto o = tape.apply(gaussian_scores<1>{}, q, k, v);   // 17 x 1, 17 x 1, 17 x 4 -> 17 x 4
template <std::size_t Heads, bool DividedByRoot = true>
struct gaussian_scores {
    static constexpr const char* name = "gaussian scores";
    /// `saved` is Heads x T x T probabilities, for those who want to see them.
    static constexpr std::size_t saves_probabilities_of = Heads;

    template <std::size_t T, std::size_t D, std::size_t E, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, D>, shape<T, E>, shape<T, C>) {
        static_assert(heads_divide_channels<C, Heads>,
                      "[qvit::gaussian_scores] the heads must divide the channels of v into equal parts.");
        static_assert(heads_divide_channels<D, Heads>,
                      "[qvit::gaussian_scores] the heads must divide the columns of q into equal parts.");
        static_assert(queries_match_keys<D, E>, "[qvit::gaussian_scores] q and k must have as many columns.");
        return {};
    }
    template <std::size_t T, std::size_t D, std::size_t C>
    static constexpr shape<Heads, T, T> saved_shape(shape<T, D>, auto, shape<T, C>) {
        return {};
    }
    template <std::size_t T, std::size_t D, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, D>, auto, shape<T, C>) {
        return T * T * (C + D);
    }

    template <class S, std::size_t T, std::size_t D, std::size_t C>
    static void forward(auto o, S* saved, variable<S, shape<T, D>> q, auto k, variable<S, shape<T, C>> v) {
        constexpr std::size_t d = C / Heads, e = D / Heads;
        const S scale = score_scale<S>(d);
        for (std::size_t head = 0; head < Heads; ++head)
            for (std::size_t t = 0; t < T; ++t) {
                S* const p = saved + (head * T + t) * T;
                for (std::size_t j = 0; j < T; ++j) {
                    S squares(real_of<S>(0));
                    for (std::size_t c = head * e; c < (head + 1) * e; ++c) {
                        const S difference = q(t, c) - k(j, c);
                        squares = simd::fma(difference, difference, squares);
                    }
                    p[j] = -(squares * scale);
                }
                softmax_forward(p, T);
                for (std::size_t c = head * d; c < (head + 1) * d; ++c) {
                    S sum = p[0] * v(0, c);
                    for (std::size_t j = 1; j < T; ++j) sum = simd::fma(p[j], v(j, c), sum);
                    o(t, c) = sum;
                }
            }
    }
    template <class S, std::size_t T, std::size_t D, std::size_t C>
    static void backward(auto o, const S* saved, variable<S, shape<T, D>> q, auto k, variable<S, shape<T, C>> v) {
        constexpr std::size_t d = C / Heads, e = D / Heads;
        const S scale = S(real_of<S>(-2)) * score_scale<S>(d);
        for (std::size_t head = 0; head < Heads; ++head)
            for (std::size_t t = 0; t < T; ++t) {
                // o[t] = sum_j p[j] v[j]  =>  dp[j] = do[t] . v[j],  dv[j] += p[j] do[t]
                const S* const p = saved + (head * T + t) * T;
                S ds[T];
                for (std::size_t j = 0; j < T; ++j) {
                    ds[j] = S(real_of<S>(0));
                    for (std::size_t c = head * d; c < (head + 1) * d; ++c) {
                        ds[j] = simd::fma(o.d(t, c), v(j, c), ds[j]);
                        v.d(j, c) = simd::fma(p[j], o.d(t, c), v.d(j, c));
                    }
                }
                softmax_backward(p, ds, T);
                // s[j] = -scale |q[t] - k[j]|^2  =>  dq[t] -= 2 scale ds[j] (q[t] - k[j]), dk[j] the opposite
                for (std::size_t j = 0; j < T; ++j)
                    for (std::size_t c = head * e; c < (head + 1) * e; ++c) {
                        const S slope = scale * ds[j] * (q(t, c) - k(j, c));
                        q.d(t, c) += slope;
                        k.d(j, c) -= slope;
                    }
            }
    }

  private:
    template <class S>
    static S score_scale(std::size_t d) {
        const S one(real_of<S>(1));
        if constexpr (DividedByRoot)
            return one / simd::sqrt(S(static_cast<real_of<S>>(d)));
        else
            return one;
    }
};

}  // namespace qvit::inline QVIT_ABI
