// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/softmax.hpp>

namespace qvit::inline QVIT_ABI {

/// o = softmax_j((q[t] . k[j] / C)^2) v for T x C tensors: attention whose score is a probability, the squared overlap
/// of two states (arXiv:2209.08167, section 3.2).
///
/// Layer-normalised tokens and what orthogonal layers make of them have the length sqrt(C), so dividing by C makes unit
/// vectors of them and the score is what a circuit would measure, in [0, 1].
/// Cost: 2 T T C multiply-adds and T T exponentials forward, twice the products back; saved: the probabilities, then
/// the overlaps.
///
///     auto o = tape.apply(squared_scores{}, x, w(tape, x), v(tape, x));
struct squared_scores {
    static constexpr const char* name = "squared scores";
    /// `saved` begins with 1 x T x T probabilities, for those who want to see them.
    static constexpr std::size_t saves_probabilities_of = 1;

    template <std::size_t T, std::size_t C>
    static constexpr shape<T, C> output_shape(shape<T, C>, shape<T, C>, shape<T, C>) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr shape<2, T, T> saved_shape(shape<T, C>, auto, auto) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, C>, auto, auto) {
        return 2 * T * T * C;
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto o, S* saved, variable<S, shape<T, C>> q, auto k, auto v) {
        const S scale(real_of<S>(1) / static_cast<real_of<S>>(C));
        for (std::size_t t = 0; t < T; ++t) {
            S* const p = saved + t * T;
            S* const overlap = p + T * T;
            for (std::size_t j = 0; j < T; ++j) {
                S sum(real_of<S>(0));
                for (std::size_t c = 0; c < C; ++c) sum = simd::fma(q(t, c), k(j, c), sum);
                overlap[j] = sum * scale;
                p[j] = overlap[j] * overlap[j];
            }
            softmax_forward(p, T);
            for (std::size_t c = 0; c < C; ++c) {
                S sum = p[0] * v(0, c);
                for (std::size_t j = 1; j < T; ++j) sum = simd::fma(p[j], v(j, c), sum);
                o(t, c) = sum;
            }
        }
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto o, const S* saved, variable<S, shape<T, C>> q, auto k, auto v) {
        const S scale(real_of<S>(2) / static_cast<real_of<S>>(C));
        for (std::size_t t = 0; t < T; ++t) {
            // o[t] = sum_j p[j] v[j]  =>  dp[j] = do[t] . v[j],  dv[j] += p[j] do[t]
            const S* const p = saved + t * T;
            const S* const overlap = p + T * T;
            S ds[T];
            for (std::size_t j = 0; j < T; ++j) {
                ds[j] = S(real_of<S>(0));
                for (std::size_t c = 0; c < C; ++c) {
                    ds[j] = simd::fma(o.d(t, c), v(j, c), ds[j]);
                    v.d(j, c) = simd::fma(p[j], o.d(t, c), v.d(j, c));
                }
            }
            softmax_backward(p, ds, T);
            // s[j] = r[j]^2, r[j] = q[t] . k[j] / C  =>  dq[t] += 2 ds[j] r[j] k[j] / C, and k the same with q
            for (std::size_t j = 0; j < T; ++j) {
                const S slope = scale * ds[j] * overlap[j];
                for (std::size_t c = 0; c < C; ++c) {
                    q.d(t, c) = simd::fma(slope, k(j, c), q.d(t, c));
                    k.d(j, c) = simd::fma(slope, q(t, c), k.d(j, c));
                }
            }
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
