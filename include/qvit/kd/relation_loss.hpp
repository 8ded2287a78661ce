// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/same_shape.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>
#include <qvit/tensor/softmax.hpp>

namespace qvit::inline QVIT_ABI {

/// relations[h, t, j] = softmax_j(a[t] . b[j] / sqrt(C / Heads)), over the channels of head h: what a teacher tells.
/// a and b are T x C: q and k give attention, q and q, k and k, v and v the relations of arXiv:2012.15828.
template <std::size_t Heads, class S>
void token_relations(const S* a, const S* b, std::size_t tokens, std::size_t channels, S* relations) {
    using R = real_of<S>;
    const std::size_t d = channels / Heads;
    const S scale = S(R(1)) / simd::sqrt(S(static_cast<R>(d)));
    for (std::size_t head = 0; head < Heads; ++head)
        for (std::size_t t = 0; t < tokens; ++t) {
            S* const row = relations + (head * tokens + t) * tokens;
            for (std::size_t j = 0; j < tokens; ++j) {
                S score(R(0));
                for (std::size_t c = head * d; c < (head + 1) * d; ++c)
                    score = simd::fma(a[t * channels + c], b[j * channels + c], score);
                row[j] = score * scale;
            }
            softmax_forward(row, tokens);
        }
}

/// y[0] = weight * mean over heads and tokens of KL(teacher[h, t] || relations[h, t]) for the token_relations of a and b,
/// both T x C: MiniLM's transfer of attention (a = q, b = k) and of values (a = b = v), arXiv:2002.10957, eqs. 3 and 6.
///
/// `teacher` holds Heads x T x T lanes, each row a distribution: its attention probabilities, or its token_relations.
/// `Heads` are relation heads: teacher and student need the same number here, whatever the heads of their attention
/// (arXiv:2012.15828), and may differ in channels. a and b may be one variable. Cost as the scores of attention.
///
///     tape.apply(relation_loss<4, S>{teacher, weight}, trace.layers[1].q, trace.layers[1].k);
template <std::size_t Heads, class S>
struct relation_loss {
    static constexpr const char* name = "relation loss";
    using R = real_of<S>;
    const S* teacher = nullptr;
    S weight{};

    template <class ShapeOfA, class ShapeOfB>
    static constexpr shape<1> output_shape(ShapeOfA, ShapeOfB) {
        static_assert(same_shape<ShapeOfA, ShapeOfB>, "[qvit::relation_loss] a and b must be tokens x channels alike.");
        static_assert(heads_divide_channels<ShapeOfA::template static_extent<1>, Heads>,
                      "[qvit::relation_loss] the relation heads must divide the channels into equal parts.");
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr shape<Heads, T, T> saved_shape(shape<T, C>, auto) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, C>, auto) {
        return T * T * C;
    }
    template <std::size_t T, std::size_t C>
    void forward(auto y, S* relations, variable<S, shape<T, C>> a, auto b) const {
        token_relations<Heads>(a.value, b.value, T, C, relations);
        const S tiny(R(1e-30));  // p log p is 0 at p = 0
        S total(R(0));
        for (std::size_t i = 0; i < Heads * T * T; ++i)
            total = simd::fma(teacher[i],
                              simd::log(simd::maximum(teacher[i], tiny)) - simd::log(simd::maximum(relations[i], tiny)),
                              total);
        y(0) = weight * total * S(R(1) / static_cast<R>(Heads * T));
    }
    template <std::size_t T, std::size_t C>
    void backward(auto y, const S* relations, variable<S, shape<T, C>> a, auto b) const {
        constexpr std::size_t d = C / Heads;
        // s = scale a . b, p = softmax s  =>  d KL / ds[j] = p[j] sum(teacher) - teacher[j]
        const S scale = S(R(1)) / simd::sqrt(S(static_cast<R>(d)));
        const S upstream = weight * y.d(0) * scale * S(R(1) / static_cast<R>(Heads * T));
        for (std::size_t head = 0; head < Heads; ++head)
            for (std::size_t t = 0; t < T; ++t) {
                const S* const row = relations + (head * T + t) * T;
                const S* const lesson = teacher + (head * T + t) * T;
                S mass(R(0));
                for (std::size_t j = 0; j < T; ++j) mass += lesson[j];
                for (std::size_t j = 0; j < T; ++j) {
                    const S slope = upstream * simd::fma(row[j], mass, -lesson[j]);
                    for (std::size_t c = head * d; c < (head + 1) * d; ++c) {
                        a.d(t, c) = simd::fma(slope, b(j, c), a.d(t, c));
                        b.d(j, c) = simd::fma(slope, a(t, c), b.d(j, c));
                    }
                }
            }
    }
};

}  // namespace qvit::inline QVIT_ABI
