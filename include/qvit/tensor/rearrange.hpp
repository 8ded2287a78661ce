// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/axis.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

template <std::size_t First, std::size_t Count, std::size_t Extent>
concept slice_inside = (Count > 0 && First + Count <= Extent);
/// The two shapes, with 1 in place of the joined axis.
template <class OthersOfA, class OthersOfB>
concept other_extents_agree = std::is_same_v<OthersOfA, OthersOfB>;
template <std::size_t RankOfA, std::size_t RankOfB>
concept ranks_agree = (RankOfA == RankOfB);
template <std::size_t SizeBefore, std::size_t SizeAfter>
concept sizes_agree = (SizeBefore == SizeAfter);

/// y = elements First ... First + Count - 1 along an axis (a number or a name) of a tensor of any rank; torch.narrow.
/// Outside of it does not compile.
///
///     auto head = tape.apply(slice_op<axis::channels, 4, 4>{}, x);   // columns 4 ... 7: 17 x 8 -> 17 x 4
template <auto Axis, std::size_t First, std::size_t Count>
struct slice_op {
    static constexpr const char* name = "slice";

    template <std::size_t... Extents>
    static constexpr auto output_shape(shape<Extents...>) {
        using layout = axis_layout<shape<Extents...>, axis_number<Axis, sizeof...(Extents)>()>;
        static_assert(slice_inside<First, Count, layout::extent>,
                      "[qvit::slice_op] the slice First, Count reaches outside of an axis of this extent.");
        return layout::template with_extent<Count>();
    }
    template <class S, class Shape>
    static void forward(auto y, S*, variable<S, Shape> x) {
        for_each<Shape>([&](std::size_t to, std::size_t from) { y.value[to] = x.value[from]; });
    }
    template <class S, class Shape>
    static void backward(auto y, const S*, variable<S, Shape> x) {
        for_each<Shape>([&](std::size_t to, std::size_t from) { x.gradient[from] += y.gradient[to]; });
    }

  private:
    template <class Shape>
    static void for_each(auto&& body) {
        using layout = axis_layout<Shape, axis_number<Axis, Shape::rank>()>;
        constexpr std::size_t count = Count * layout::after_count;
        for (std::size_t before = 0; before < layout::before_count; ++before)
            for (std::size_t i = 0; i < count; ++i)
                body(before * count + i, (before * layout::extent + First) * layout::after_count + i);
    }
};

/// y = a, then b along an axis (a number or a name) of two tensors of one rank; torch.cat((a, b), dim). Tensors whose
/// other extents differ do not compile.
///
///     auto both = tape.apply(concat_op<axis::channels>{}, first_head, second_head);   // 17 x 4, 17 x 4 -> 17 x 8
template <auto Axis>
struct concat_op {
    static constexpr const char* name = "concat";

    template <std::size_t... ExtentsOfA, std::size_t... ExtentsOfB>
    static constexpr auto output_shape(shape<ExtentsOfA...>, shape<ExtentsOfB...>) {
        constexpr std::size_t number = axis_number<Axis, sizeof...(ExtentsOfA)>();
        using first = axis_layout<shape<ExtentsOfA...>, number>;
        static_assert(ranks_agree<sizeof...(ExtentsOfA), sizeof...(ExtentsOfB)>,
                      "[qvit::concat_op] both tensors must have the same rank.");
        if constexpr (ranks_agree<sizeof...(ExtentsOfA), sizeof...(ExtentsOfB)>) {
            using second = axis_layout<shape<ExtentsOfB...>, number>;
            using others_of_a = decltype(first::template with_extent<1>());
            using others_of_b = decltype(second::template with_extent<1>());
            static_assert(other_extents_agree<others_of_a, others_of_b>,
                          "[qvit::concat_op] the extents of the axes that are not joined must be the same.");
            return first::template with_extent<first::extent + second::extent>();
        } else {
            return shape<ExtentsOfA...>{};
        }
    }
    template <class S, class ShapeOfA, class ShapeOfB>
    static void forward(auto y, S*, variable<S, ShapeOfA> a, variable<S, ShapeOfB> b) {
        for_each<ShapeOfA, ShapeOfB>([&](std::size_t to, std::size_t from) { y.value[to] = a.value[from]; },
                                     [&](std::size_t to, std::size_t from) { y.value[to] = b.value[from]; });
    }
    template <class S, class ShapeOfA, class ShapeOfB>
    static void backward(auto y, const S*, variable<S, ShapeOfA> a, variable<S, ShapeOfB> b) {
        for_each<ShapeOfA, ShapeOfB>([&](std::size_t to, std::size_t from) { a.gradient[from] += y.gradient[to]; },
                                     [&](std::size_t to, std::size_t from) { b.gradient[from] += y.gradient[to]; });
    }

  private:
    template <class ShapeOfA, class ShapeOfB>
    static void for_each(auto&& body_of_a, auto&& body_of_b) {
        constexpr std::size_t number = axis_number<Axis, ShapeOfA::rank>();
        using layout = axis_layout<ShapeOfA, number>;
        constexpr std::size_t from_a = layout::extent * layout::after_count;
        constexpr std::size_t from_b = axis_layout<ShapeOfB, number>::extent * layout::after_count;
        for (std::size_t before = 0; before < layout::before_count; ++before) {
            const std::size_t start = before * (from_a + from_b);
            for (std::size_t i = 0; i < from_a; ++i) body_of_a(start + i, before * from_a + i);
            for (std::size_t i = 0; i < from_b; ++i) body_of_b(start + from_a + i, before * from_b + i);
        }
    }
};

/// y[..., c, t] = x[..., t, c]: the last two axes change places, T x C -> C x T or H x T x C -> H x C x T;
/// torch.transpose(x, -2, -1).
struct transpose_op {
    static constexpr const char* name = "transpose";

    template <std::size_t T, std::size_t C>
    static constexpr shape<C, T> output_shape(shape<T, C>) {
        return {};
    }
    template <std::size_t H, std::size_t T, std::size_t C>
    static constexpr shape<H, C, T> output_shape(shape<H, T, C>) {
        return {};
    }
    template <class S, class Shape>
    static void forward(auto y, S*, variable<S, Shape> x) {
        for_each<Shape>([&](std::size_t to, std::size_t from) { y.value[to] = x.value[from]; });
    }
    template <class S, class Shape>
    static void backward(auto y, const S*, variable<S, Shape> x) {
        for_each<Shape>([&](std::size_t to, std::size_t from) { x.gradient[from] += y.gradient[to]; });
    }

  private:
    template <class Shape>
    static void for_each(auto&& body) {
        constexpr std::size_t rows = Shape::template static_extent<Shape::rank - 2>;
        constexpr std::size_t columns = Shape::template static_extent<Shape::rank - 1>;
        for (std::size_t start = 0; start < Shape{}.size(); start += rows * columns)
            for (std::size_t i = 0; i < rows; ++i)
                for (std::size_t j = 0; j < columns; ++j) body(start + j * rows + i, start + i * columns + j);
    }
};

/// y has the elements of x in the same order and another shape of the same size; torch.reshape. Cost: a copy.
///
///     auto image = tape.apply(reshape_op<8, 4, 4>{}, channels_by_positions);   // 8 x 16 -> 8 x 4 x 4
template <std::size_t... Extents>
struct reshape_op {
    static constexpr const char* name = "reshape";
    static constexpr bool takes_constants = true;

    template <class Shape>
    static constexpr shape<Extents...> output_shape(Shape) {
        static_assert(sizes_agree<Shape{}.size(), (std::size_t{1} * ... * Extents)>,
                      "[qvit::reshape_op] both shapes must have the same number of elements.");
        return {};
    }
    template <class S>
    static void forward(auto y, S*, auto x) {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = x.value[i];
    }
    template <class S>
    static void backward(auto y, const S*, auto x) {
        if (x.gradient == nullptr) return;
        for (std::size_t i = 0; i < y.size(); ++i) x.gradient[i] += y.gradient[i];
    }
};

}  // namespace qvit::inline QVIT_ABI
