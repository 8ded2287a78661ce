// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Amplitudes of a wide state that stand one after the other in memory: 2^12. After each run, each 64 and each 64 * 64
/// runs there are unused cache lines: amplitudes a power of two apart would share a set of every cache otherwise, and
/// a gate that holds 16 of these would find the first gone from a 12-way cache when it stores it. Three lines, as with
/// one line the next 16 would stand where the last 16 have just been stored, but for the page, and loads may wait for
/// stores that agree with them in the last 12 bits of the address.
inline constexpr std::size_t wide_run_bits = 12;

/// Where amplitude `index` stands in the memory of a state of R. Additive: offset(j | k) = offset(j) + offset(k) where
/// j & k is 0.
///
///     state.re[wide_offset<float>(first) + i]  // the amplitude first + i of the same run
template <class R>
constexpr std::size_t wide_offset(std::size_t index) {
    constexpr std::size_t gap = 3 * 64 / sizeof(R);
    return index + gap * ((index >> wide_run_bits) + (index >> (wide_run_bits + 6)) + (index >> (wide_run_bits + 12)));
}

/// The amplitudes of a state: 2^width reals, and as many imaginary parts where `im` is not null, in wide_offset's
/// places.
template <class R>
struct wide_view {
    R* re = nullptr;
    R* im = nullptr;
    std::size_t size = 0;

    R* re_at(std::size_t index) const { return re + wide_offset<R>(index); }
    /// Null in a real state.
    R* im_at(std::size_t index) const { return im == nullptr ? nullptr : im + wide_offset<R>(index); }
};

}  // namespace qvit::inline QVIT_ABI
