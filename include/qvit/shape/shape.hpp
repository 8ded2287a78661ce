// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// An extent that is known only at run time, such as the number of classes of a data set.
inline constexpr std::size_t dynamic = static_cast<std::size_t>(-1);

/// The extents of a tensor, row-major, as a type: `shape<17, 4>` is 17 tokens x 4 channels.
///
/// A `dynamic` extent is stored in the object; all others cost nothing at run time. Element (i, j, k) stands at
/// (i * extent(1) + j) * extent(2) + k, a constant stride wherever the trailing extents are static.
///
///     constexpr shape<2, 3> s;  static_assert(s.size() == 6 && s.offset(1, 2) == 5);
///     shape<dynamic, 4> head(classes);
template <std::size_t... Extents>
class shape {
    static constexpr std::array<std::size_t, sizeof...(Extents)> declared{Extents...};
    static constexpr std::size_t dynamic_count = (std::size_t{0} + ... + (Extents == dynamic ? 1 : 0));

    static constexpr std::size_t dynamic_slot(std::size_t axis) {
        std::size_t slot = 0;
        for (std::size_t i = 0; i < axis; ++i) slot += declared[i] == dynamic ? 1 : 0;
        return slot;
    }
    struct nothing {};  // std::array<T, 0> is not an empty class
    using storage = std::conditional_t<dynamic_count == 0, nothing, std::array<std::size_t, dynamic_count>>;
    [[no_unique_address]] storage dynamic_extents_{};

  public:
    static constexpr std::size_t rank = sizeof...(Extents);
    static constexpr bool is_static = dynamic_count == 0;
    /// Extent of an axis as declared: `dynamic` where it is known only at run time.
    template <std::size_t Axis>
    static constexpr std::size_t static_extent = declared[Axis];

    constexpr shape() = default;
    /// The run-time extents, in order.
    template <class... Counts>
    requires(sizeof...(Counts) == dynamic_count && dynamic_count > 0) constexpr explicit shape(Counts... counts)
        : dynamic_extents_{static_cast<std::size_t>(counts)...} {}

    constexpr std::size_t extent(std::size_t axis) const {
        if constexpr (is_static)
            return declared[axis];
        else
            return declared[axis] == dynamic ? dynamic_extents_[dynamic_slot(axis)] : declared[axis];
    }
    constexpr std::size_t size() const {
        std::size_t product = 1;
        for (std::size_t axis = 0; axis < rank; ++axis) product *= extent(axis);
        return product;
    }
    template <class... Indices>
    requires(sizeof...(Indices) == sizeof...(Extents)) constexpr std::size_t offset(Indices... indices) const {
        std::size_t position = 0;
        std::size_t axis = 0;
        ((position = position * extent(axis++) + static_cast<std::size_t>(indices)), ...);
        return position;
    }
};

}  // namespace qvit::inline QVIT_ABI
