// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A std::array whose elements have a name: what is evaluated often while compiling says `elements[i]`, which costs no
/// call there. No bounds are checked at run time; in a constant the compiler refuses an index beyond Size.
///
///     constexpr fixed_array<int, 3> list{1, 2};   static_assert(list[1] == 2 && list.elements[2] == 0);
template <class T, std::size_t Size>
struct fixed_array {
    static_assert(Size > 0, "fixed_array: at least one element");
    T elements[Size];

    static constexpr std::size_t size() { return Size; }
    constexpr T& operator[](std::size_t i) { return elements[i]; }
    constexpr const T& operator[](std::size_t i) const { return elements[i]; }
    constexpr T* begin() { return elements; }
    constexpr T* end() { return elements + Size; }
    constexpr const T* begin() const { return elements; }
    constexpr const T* end() const { return elements + Size; }
    friend constexpr bool operator==(const fixed_array&, const fixed_array&) = default;
};

}  // namespace qvit::inline QVIT_ABI
