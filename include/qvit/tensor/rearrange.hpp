// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

template <std::size_t First, std::size_t Count, std::size_t Extent>
concept slice_inside = (Count > 0 && First + Count <= Extent);
template <std::size_t ExtentOfA, std::size_t ExtentOfB>
concept other_extents_agree = (ExtentOfA == ExtentOfB);

/// y = rows (Axis 0) or columns (Axis 1) First ... First + Count - 1 of a matrix. Outside of it does not compile.
///
///     auto head = tape.apply(slice_op<1, 4, 4>{}, x);   // columns 4 ... 7: 17 x 8 -> 17 x 4
template <std::size_t Axis, std::size_t First, std::size_t Count>
requires(Axis < 2) struct slice_op {
    static constexpr const char* name = "slice";

    template <std::size_t T, std::size_t C>
    static constexpr auto output_shape(shape<T, C>) {
        static_assert(slice_inside < First, Count, Axis == 0 ? T : C >,
                      "[qvit::slice_op] the slice First, Count reaches outside of an axis of this extent.");
        return shape < Axis == 0 ? Count : T, Axis == 0 ? C : Count > {};
    }
    template <class S>
    static void forward(auto y, S*, auto x) {
        for_each(y, [&](std::size_t t, std::size_t c) { y(t, c) = x(t + row, c + column); });
    }
    template <class S>
    static void backward(auto y, const S*, auto x) {
        for_each(y, [&](std::size_t t, std::size_t c) { x.d(t + row, c + column) += y.d(t, c); });
    }

  private:
    static constexpr std::size_t row = Axis == 0 ? First : 0;
    static constexpr std::size_t column = Axis == 0 ? 0 : First;
    static void for_each(auto y, auto&& body) {
        for (std::size_t t = 0; t < y.extents.extent(0); ++t)
            for (std::size_t c = 0; c < y.extents.extent(1); ++c) body(t, c);
    }
};

/// y = a above b (Axis 0) or a beside b (Axis 1). Matrices whose other extents differ do not compile.
///
///     auto both = tape.apply(concat_op<1>{}, first_head, second_head);   // 17 x 4, 17 x 4 -> 17 x 8
template <std::size_t Axis>
requires(Axis < 2) struct concat_op {
    static constexpr const char* name = "concat";

    template <std::size_t T, std::size_t C, std::size_t U, std::size_t D>
    static constexpr auto output_shape(shape<T, C>, shape<U, D>) {
        static_assert(other_extents_agree < Axis == 0 ? C : T, Axis == 0 ? D : U >,
                      "[qvit::concat_op] the extents of the axis that is not joined must be the same.");
        return shape < Axis == 0 ? T + U : T, Axis == 0 ? C : C + D > {};
    }
    template <class S, std::size_t T, std::size_t C, std::size_t U, std::size_t D>
    static void forward(auto y, S*, variable<S, shape<T, C>> a, variable<S, shape<U, D>> b) {
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) y(t, c) = a(t, c);
        for (std::size_t t = 0; t < U; ++t)
            for (std::size_t c = 0; c < D; ++c) y(t + (Axis == 0 ? T : 0), c + (Axis == 0 ? 0 : C)) = b(t, c);
    }
    template <class S, std::size_t T, std::size_t C, std::size_t U, std::size_t D>
    static void backward(auto y, const S*, variable<S, shape<T, C>> a, variable<S, shape<U, D>> b) {
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) a.d(t, c) += y.d(t, c);
        for (std::size_t t = 0; t < U; ++t)
            for (std::size_t c = 0; c < D; ++c) b.d(t, c) += y.d(t + (Axis == 0 ? T : 0), c + (Axis == 0 ? 0 : C));
    }
};

/// y[c, t] = x[t, c].
struct transpose_op {
    static constexpr const char* name = "transpose";

    template <std::size_t T, std::size_t C>
    static constexpr shape<C, T> output_shape(shape<T, C>) {
        return {};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x) {
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) y(c, t) = x(t, c);
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x) {
        for (std::size_t t = 0; t < T; ++t)
            for (std::size_t c = 0; c < C; ++c) x.d(t, c) += y.d(c, t);
    }
};

}  // namespace qvit::inline QVIT_ABI
