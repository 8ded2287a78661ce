// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cmath>
#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/matmul.hpp>
#include <qvit/tensor/matrix_view.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/scaled_dot_product.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// Every key needs a value.
template <std::size_t Keys, std::size_t Values>
concept values_match_keys = (Keys == Values);
/// Probabilities of H heads go with as many heads of v.
template <std::size_t HeadsOfP, std::size_t Heads>
concept heads_agree = (HeadsOfP == Heads);

namespace detail {
/// Columns head * d ... of a T x C tensor.
template <std::size_t Heads, std::size_t T, std::size_t C, class Element>
constexpr auto head_of(shape<T, C>, Element* data, std::size_t head) {
    return matrix_view<Element, T, C / Heads, C, 1>{data + head * (C / Heads)};
}
/// Matrix `head` of an H x T x U tensor.
template <std::size_t H, std::size_t T, std::size_t U, class Element>
constexpr auto matrix_of(shape<H, T, U>, Element* data, std::size_t head) {
    return matrix_view<Element, T, U, U, 1>{data + head * T * U};
}
}  // namespace detail

/// y[h] = q_h k_h^T / sqrt(d), d = C / Heads, for every head h, which owns channels h d to (h + 1) d - 1: q is T x C, k
/// is U x C, y is Heads x T x U; torch.matmul(q, k.transpose(-2, -1)) / sqrt(d) of split heads, nothing is copied.
///
/// Cost: T U C multiply-adds forward, twice that back. With softmax_op and attention_values it is scaled_dot_product in
/// three steps, for scores that are to be changed or looked at between them; k and v may be of other tokens than q.
///
///     auto p = tape.apply(softmax_op{}, tape.apply(attention_scores<2>{}, q, k));
///     auto y = tape.apply(attention_values<2>{}, p, v);
template <std::size_t Heads>
struct attention_scores {
    static constexpr const char* name = "attention scores";

    template <std::size_t T, std::size_t C, std::size_t U, std::size_t D>
    static constexpr auto output_shape(shape<T, C>, shape<U, D>) {
        static_assert(inner_dimensions_agree<C, D>, "[qvit::attention_scores] q and k must have the same channels.");
        static_assert(heads_divide_channels<C, Heads>,
                      "[qvit::attention_scores] the heads must divide the channels into equal parts.");
        return shape<Heads, T, U>{};
    }
    template <std::size_t T, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, C>, auto k) {
        return T * k.size();
    }
    template <class S>
    static void forward(auto y, S*, auto q, auto k) {
        const S scale = scale_of<S>(q.extents);
        for (std::size_t h = 0; h < Heads; ++h)
            for_each_product<S>(detail::matrix_of(y.extents, y.value, h), head(q.extents, q.value, h),
                                head(k.extents, k.value, h).transposed(),
                                [&](S& entry, S sum) QVIT_INLINE_LAMBDA { entry = sum * scale; });
    }
    template <class S>
    static void backward(auto y, const S*, auto q, auto k) {
        const S scale = scale_of<S>(q.extents);
        auto add = [&](S& entry, S sum) QVIT_INLINE_LAMBDA { entry = simd::fma(sum, scale, entry); };
        for (std::size_t h = 0; h < Heads; ++h) {
            const auto dy = detail::matrix_of(y.extents, y.gradient, h);
            for_each_product<S>(head(q.extents, q.gradient, h), dy, head(k.extents, k.value, h), add);
            for_each_product<S>(head(k.extents, k.gradient, h), dy.transposed(), head(q.extents, q.value, h), add);
        }
    }

  private:
    template <class Element>
    static constexpr auto head(auto extents, Element* data, std::size_t h) {
        return detail::head_of<Heads>(extents, data, h);
    }
    template <class S, std::size_t T, std::size_t C>
    static S scale_of(shape<T, C>) {
        return S(real_of<S>(1) / std::sqrt(static_cast<real_of<S>>(C / Heads)));
    }
};

/// y_h = p[h] v_h for every head: p is Heads x T x U (probabilities), v is U x C, y is T x C with the heads side by
/// side; torch.matmul(p, v) of split heads, merged. Cost: T U C multiply-adds forward, twice that back.
template <std::size_t Heads>
struct attention_values {
    static constexpr const char* name = "attention values";

    template <std::size_t H, std::size_t T, std::size_t U, std::size_t V, std::size_t C>
    static constexpr auto output_shape(shape<H, T, U>, shape<V, C>) {
        static_assert(heads_agree<H, Heads>, "[qvit::attention_values] p must be Heads x queries x keys.");
        static_assert(values_match_keys<U, V>, "[qvit::attention_values] p must have a column for every row of v.");
        static_assert(heads_divide_channels<C, Heads>,
                      "[qvit::attention_values] the heads must divide the channels into equal parts.");
        return shape<T, C>{};
    }
    template <std::size_t H, std::size_t T, std::size_t U>
    static constexpr std::size_t multiply_adds(shape<H, T, U>, auto v) {
        return T * v.size();
    }
    template <class S>
    static void forward(auto y, S*, auto p, auto v) {
        for (std::size_t h = 0; h < Heads; ++h)
            for_each_product<S>(detail::head_of<Heads>(y.extents, y.value, h), detail::matrix_of(p.extents, p.value, h),
                                detail::head_of<Heads>(v.extents, v.value, h),
                                [](S& entry, S sum) QVIT_INLINE_LAMBDA { entry = sum; });
    }
    template <class S>
    static void backward(auto y, const S*, auto p, auto v) {
        auto add = [](S& entry, S sum) QVIT_INLINE_LAMBDA { entry += sum; };
        for (std::size_t h = 0; h < Heads; ++h) {
            const auto dy = detail::head_of<Heads>(y.extents, y.gradient, h);
            for_each_product<S>(detail::matrix_of(p.extents, p.gradient, h), dy,
                                detail::head_of<Heads>(v.extents, v.value, h).transposed(), add);
            for_each_product<S>(detail::head_of<Heads>(v.extents, v.gradient, h),
                                detail::matrix_of(p.extents, p.value, h).transposed(), dy, add);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
