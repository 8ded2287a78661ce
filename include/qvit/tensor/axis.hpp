// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <qvit/shape/shape.hpp>

namespace qvit::inline QVIT_ABI {

/// An axis by its name. Names count from the last axis, so they fit tensors of every rank in use: tokens x channels,
/// heads x tokens x channels, and images of colours x rows x columns.
///
///     auto pooled = tape.apply(mean_over<axis::tokens>{}, x);   // 17 x 4 -> 1 x 4, and 2 x 17 x 4 -> 2 x 1 x 4
struct named_axis {
    std::size_t from_the_end = 1;
};
namespace axis {
inline constexpr named_axis channels{1}, tokens{2}, heads{3};
inline constexpr named_axis columns{1}, rows{2}, colours{3};
}  // namespace axis

/// The axis of this number is one of a tensor of this rank.
template <std::size_t Axis, std::size_t Rank>
concept axis_of_tensor = (Axis < Rank);
/// A name, counted from the end, is one of a tensor of this rank.
template <std::size_t FromTheEnd, std::size_t Rank>
concept axis_from_the_end = (FromTheEnd >= 1 && FromTheEnd <= Rank);

/// The number of an axis (a number already, or a name) of a tensor of this rank. One that the tensor does not have does
/// not compile.
template <auto Axis, std::size_t Rank>
constexpr std::size_t axis_number() {
    if constexpr (std::is_same_v<std::remove_cv_t<decltype(Axis)>, named_axis>) {
        static_assert(axis_from_the_end<Axis.from_the_end, Rank>,
                      "[qvit::axis] the tensor's rank is too small for an axis of this name.");
        return Axis.from_the_end >= 1 && Axis.from_the_end <= Rank ? Rank - Axis.from_the_end : 0;
    } else {
        constexpr auto number = static_cast<std::size_t>(Axis);
        static_assert(axis_of_tensor<number, Rank>, "[qvit::axis] a tensor of rank R has axes 0 to R - 1.");
        return number < Rank ? number : 0;
    }
}

/// How the elements of a static shape lie about axis Number: element i of line (before, after) stands at
/// (before * extent + i) * after_count + after.
template <class Shape, std::size_t Number>
struct axis_layout {
    static constexpr std::size_t extent = Shape::template static_extent<Number>;
    static constexpr std::size_t before_count = [] {
        std::size_t product = 1;
        for (std::size_t i = 0; i < Number; ++i) product *= Shape{}.extent(i);
        return product;
    }();
    static constexpr std::size_t after_count = Shape{}.size() / (before_count * extent);

    /// The shape with another extent of this axis.
    template <std::size_t Extent>
    static constexpr auto with_extent() {
        return []<std::size_t... I>(std::index_sequence<I...>) {
            return shape < I == Number ? Extent : Shape::template static_extent<I>... > {};
        }
        (std::make_index_sequence<Shape::rank>{});
    }
};

}  // namespace qvit::inline QVIT_ABI
