// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include <qvit/shape/shape.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// Whether B's extents are the last ones of A.
template <class A, class B>
constexpr bool ends_with() {
    if constexpr (B::rank > A::rank) {
        return false;
    } else {
        return []<std::size_t... I>(std::index_sequence<I...>) {
            constexpr std::size_t skipped = A::rank - B::rank;
            return (... && (A::template static_extent<skipped + I> == B::template static_extent<I>));
        }
        (std::make_index_sequence<B::rank>{});
    }
}
}  // namespace detail

/// b fits a element by element: it has a's shape, or a's last extents (a row is used for every token), or is one
/// number. torch's broadcasting of a second operand without unit extents.
template <class ShapeOfA, class ShapeOfB>
concept broadcasts_to = detail::ends_with<ShapeOfA, ShapeOfB>() || std::is_same_v<ShapeOfB, shape<1>>;

}  // namespace qvit::inline QVIT_ABI
