// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/register_tiles.hpp>
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
        for (std::size_t head = 0; head < Heads; ++head) {
            S* const p = saved + head * T * T;
            const std::size_t h = head * d;
            columns_of_head<S, T, C, d> part;
            // p[t, j] = q[t] . k[j], then softmax of scale p over j
            part.take(k.value + h);
            for_tiles<S>(tokens<T>, tokens<T>, [&](auto rows, auto columns, auto t0, auto j0) QVIT_INLINE_LAMBDA {
                register_tile<S, rows(), columns()> sum;
                sum.set([](auto, auto) QVIT_INLINE_LAMBDA { return S(real_of<S>(0)); });
                for (std::size_t c = 0; c < d; ++c)
                    sum.add_products([&](std::size_t t) QVIT_INLINE_LAMBDA { return q(t0 + t, h + c); },
                                     [&](std::size_t j) QVIT_INLINE_LAMBDA { return part(j0 + j, c); });
                sum.each([&](auto t, auto j, S x) QVIT_INLINE_LAMBDA { p[(t0 + t) * T + j0 + j] = x; });
            });
            for (std::size_t t = 0; t < T; ++t) {
                if constexpr (MaskDiagonal) p[t * T + t] = S(-std::numeric_limits<real_of<S>>::infinity());
                softmax_forward(p + t * T, T, scale);
            }
            // o[t] = sum_j p[t, j] v[j]
            part.take(v.value + h);
            for_tiles<S>(tokens<T>, tokens<d>, [&](auto rows, auto columns, auto t0, auto c0) QVIT_INLINE_LAMBDA {
                register_tile<S, rows(), columns()> sum;
                sum.set([](auto, auto) QVIT_INLINE_LAMBDA { return S(real_of<S>(0)); });
                for (std::size_t j = 0; j < T; ++j)
                    sum.add_products([&](std::size_t t) QVIT_INLINE_LAMBDA { return p[(t0 + t) * T + j]; },
                                     [&](std::size_t c) QVIT_INLINE_LAMBDA { return part(j, c0 + c); });
                sum.each([&](auto t, auto c, S x) QVIT_INLINE_LAMBDA { o(t0 + t, h + c0 + c) = x; });
            });
        }
    }

    template <class S, std::size_t T, std::size_t C>
    static void backward(auto o, const S* saved, variable<S, shape<T, C>> q, auto k, auto v) {
        constexpr std::size_t most = std::clamp<std::size_t>(512 / T, 4, 24);  // tokens at a time: 32 KB of scores
        for (std::size_t head = 0; head < Heads; ++head) {
            std::size_t t = 0;
            if constexpr (T >= most)
                for (; t + most <= T; t += most) backward_of_rows<most>(o, saved, q, k, v, head, t);
            if constexpr (T % most != 0) backward_of_rows<T % most>(o, saved, q, k, v, head, t);
        }
    }

  private:
    template <std::size_t Count>
    static constexpr index_constant<Count> tokens{};

    /// A head's d columns of Rows x C. Rows that lie a multiple of 2 kB apart push each other out of the nearest cache:
    /// these, if they are not too many, are copied next to each other.
    template <class S, std::size_t Rows, std::size_t C, std::size_t d>
    class columns_of_head {
        static constexpr bool copied =
            C * sizeof(S) % 2048 == 0 && (C > d) && (Rows > 4) && Rows * d * sizeof(S) <= 32768;
        static constexpr std::size_t stride = copied ? d : C;
        S copy_[copied ? Rows * d : 1];
        const S* first_;

      public:
        QVIT_INLINE void take(const S* from) {
            first_ = copied ? copy_ : from;
            if constexpr (copied)
                for (std::size_t row = 0; row < Rows; ++row)
                    for (std::size_t c = 0; c < d; ++c) copy_[row * d + c] = from[row * C + c];
        }
        QVIT_INLINE S operator()(std::size_t row, std::size_t c) const { return first_[row * stride + c]; }
    };

    /// What the queries t1 ... t1 + Rows - 1 of a head add to the gradients.
    template <std::size_t Rows, class S, std::size_t T, std::size_t C>
    static QVIT_INLINE void backward_of_rows(auto o, const S* saved, variable<S, shape<T, C>> q, auto k, auto v,
                                             std::size_t head, std::size_t t1) {
        constexpr std::size_t d = C / Heads;
        const std::size_t h = head * d;
        const S scale = S(real_of<S>(1)) / simd::sqrt(S(real_of<S>(d)));
        const S* const p = saved + (head * T + t1) * T;
        S ds[Rows * T];
        columns_of_head<S, T, C, d> of_all;
        columns_of_head<S, Rows, C, d> of_rows;
        // o[t] = sum_j p[t, j] v[j]  =>  dp[t, j] = do[t] . v[j],  dv[j] += sum_t p[t, j] do[t]
        of_all.take(v.value + h);
        for_tiles<S>(tokens<Rows>, tokens<T>, [&](auto rows, auto columns, auto t0, auto j0) QVIT_INLINE_LAMBDA {
            register_tile<S, rows(), columns()> sum;
            sum.set([](auto, auto) QVIT_INLINE_LAMBDA { return S(real_of<S>(0)); });
            for (std::size_t c = 0; c < d; ++c)
                sum.add_products([&](std::size_t t) QVIT_INLINE_LAMBDA { return o.d(t1 + t0 + t, h + c); },
                                 [&](std::size_t j) QVIT_INLINE_LAMBDA { return of_all(j0 + j, c); });
            sum.each([&](auto t, auto j, S x) QVIT_INLINE_LAMBDA { ds[(t0 + t) * T + j0 + j] = x; });
        });
        of_rows.take(&o.d(t1, h));
        for_tiles<S>(tokens<T>, tokens<d>, [&](auto rows, auto columns, auto j0, auto c0) QVIT_INLINE_LAMBDA {
            register_tile<S, rows(), columns()> sum;
            sum.set([&](auto j, auto c) QVIT_INLINE_LAMBDA { return v.d(j0 + j, h + c0 + c); });
            for (std::size_t t = 0; t < Rows; ++t)
                sum.add_products([&](std::size_t j) QVIT_INLINE_LAMBDA { return p[t * T + j0 + j]; },
                                 [&](std::size_t c) QVIT_INLINE_LAMBDA { return of_rows(t, c0 + c); });
            sum.each([&](auto j, auto c, S x) QVIT_INLINE_LAMBDA { v.d(j0 + j, h + c0 + c) = x; });
        });
        for (std::size_t t = 0; t < Rows; ++t) {
            softmax_backward(p + t * T, ds + t * T, T);
            for (std::size_t j = 0; j < T; ++j) ds[t * T + j] *= scale;
        }
        // s[t, j] = scale q[t] . k[j]  =>  dq[t] += sum_j ds[t, j] k[j],  dk[j] += sum_t ds[t, j] q[t], scale in ds
        of_all.take(k.value + h);
        for_tiles<S>(tokens<Rows>, tokens<d>, [&](auto rows, auto columns, auto t0, auto c0) QVIT_INLINE_LAMBDA {
            register_tile<S, rows(), columns()> sum;
            sum.set([&](auto t, auto c) QVIT_INLINE_LAMBDA { return q.d(t1 + t0 + t, h + c0 + c); });
            for (std::size_t j = 0; j < T; ++j)
                sum.add_products([&](std::size_t t) QVIT_INLINE_LAMBDA { return ds[(t0 + t) * T + j]; },
                                 [&](std::size_t c) QVIT_INLINE_LAMBDA { return of_all(j, c0 + c); });
            sum.each([&](auto t, auto c, S x) QVIT_INLINE_LAMBDA { q.d(t1 + t0 + t, h + c0 + c) = x; });
        });
        of_rows.take(&q(t1, h));
        for_tiles<S>(tokens<T>, tokens<d>, [&](auto rows, auto columns, auto j0, auto c0) QVIT_INLINE_LAMBDA {
            register_tile<S, rows(), columns()> sum;
            sum.set([&](auto j, auto c) QVIT_INLINE_LAMBDA { return k.d(j0 + j, h + c0 + c); });
            for (std::size_t t = 0; t < Rows; ++t)
                sum.add_products([&](std::size_t j) QVIT_INLINE_LAMBDA { return ds[t * T + j0 + j]; },
                                 [&](std::size_t c) QVIT_INLINE_LAMBDA { return of_rows(t, c0 + c); });
            sum.each([&](auto j, auto c, S x) QVIT_INLINE_LAMBDA { k.d(j0 + j, h + c0 + c) = x; });
        });
    }
};

}  // namespace qvit::inline QVIT_ABI
