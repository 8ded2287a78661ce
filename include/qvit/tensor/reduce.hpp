// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/axis.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// What a reduction does with the elements along its axis.
enum class reduction { sum, mean, maximum };

/// y = the sum, mean or largest of x along an axis, which stays with extent 1: T x C -> 1 x C or T x 1; torch's sum,
/// mean and max with dim and keepdim=True.
///
/// The axis is a number or a name (see axis.hpp) of a tensor of any rank; one that it does not have does not compile.
/// Of equal largest elements the first gets the gradient. Cost: one operation per element either way.
///
///     auto pooled = tape.apply(mean_over<axis::tokens>{}, tokens);   // 17 x 4 -> 1 x 4
template <reduction Kind, auto Axis>
struct reduce_op {
    static constexpr const char* name = Kind == reduction::sum    ? "sum over an axis"
                                        : Kind == reduction::mean ? "mean over an axis"
                                                                  : "maximum over an axis";

    template <std::size_t... Extents>
    static constexpr auto output_shape(shape<Extents...>) {
        return axis_layout<shape<Extents...>, axis_number<Axis, sizeof...(Extents)>()>::template with_extent<1>();
    }
    template <class S, class Shape>
    static void forward(auto y, S*, variable<S, Shape> x) {
        for_each_line<Shape>([&](std::size_t line, auto at) QVIT_INLINE_LAMBDA {
            S result = x.value[at(0)];
            for (std::size_t i = 1; i < layout_of<Shape>::extent; ++i) {
                const S next = x.value[at(i)];
                result = Kind == reduction::maximum ? simd::maximum(result, next) : result + next;
            }
            y.value[line] = Kind == reduction::mean ? result * S(share<real_of<S>, Shape>) : result;
        });
    }
    template <class S, class Shape>
    static void backward(auto y, const S*, variable<S, Shape> x) {
        for_each_line<Shape>([&](std::size_t line, auto at) QVIT_INLINE_LAMBDA {
            S g = y.gradient[line];
            if constexpr (Kind == reduction::mean) g *= S(share<real_of<S>, Shape>);
            for (std::size_t i = 0; i < layout_of<Shape>::extent; ++i) {
                if constexpr (Kind == reduction::maximum) {
                    const S zero(real_of<S>(0));
                    const auto found = x.value[at(i)] == y.value[line];
                    x.gradient[at(i)] += simd::select(found, g, zero);
                    g = simd::select(found, zero, g);
                } else {
                    x.gradient[at(i)] += g;
                }
            }
        });
    }

  private:
    template <class Shape>
    using layout_of = axis_layout<Shape, axis_number<Axis, Shape::rank>()>;
    template <class R, class Shape>
    static constexpr R share = R(1) / static_cast<R>(layout_of<Shape>::extent);

    /// Calls body(number, at) for every line along the axis; at(i) is where its element i stands.
    template <class Shape>
    static QVIT_INLINE void for_each_line(auto&& body) {
        using layout = layout_of<Shape>;
        for (std::size_t before = 0; before < layout::before_count; ++before)
            for (std::size_t after = 0; after < layout::after_count; ++after)
                body(before * layout::after_count + after, [before, after](std::size_t i) {
                    return (before * layout::extent + i) * layout::after_count + after;
                });
    }
};

template <auto Axis>
using sum_over = reduce_op<reduction::sum, Axis>;
template <auto Axis>
using mean_over = reduce_op<reduction::mean, Axis>;
template <auto Axis>
using maximum_over = reduce_op<reduction::maximum, Axis>;

}  // namespace qvit::inline QVIT_ABI
