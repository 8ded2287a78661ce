// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// A constexpr sequence of at most Capacity elements, stored in place: what std::vector is where a result has to be a
/// constant. T is default-constructible. An element beyond Capacity is refused by the compiler in a constant, and
/// undefined at run time: whoever fills one counts first.
///
///     static_vector<int, 4> list; list.push_back(3); static_assert(list.size() == 1);
template <class T, std::size_t Capacity>
struct static_vector {
    T elements[Capacity == 0 ? 1 : Capacity] = {};  // std::array costs a call for every access while compiling
    std::size_t count = 0;

    static constexpr std::size_t capacity() { return Capacity; }
    constexpr std::size_t size() const { return count; }
    constexpr bool empty() const { return count == 0; }
    constexpr void push_back(const T& element) { elements[count++] = element; }
    constexpr void resize(std::size_t size) { count = size; }
    constexpr T& operator[](std::size_t i) { return elements[i]; }
    constexpr const T& operator[](std::size_t i) const { return elements[i]; }
    constexpr T& back() { return elements[count - 1]; }
    constexpr const T& back() const { return elements[count - 1]; }
    constexpr T* begin() { return elements; }
    constexpr T* end() { return elements + count; }
    constexpr const T* begin() const { return elements; }
    constexpr const T* end() const { return elements + count; }
};

}  // namespace qvit::inline QVIT_ABI
