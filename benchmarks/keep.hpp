// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace qvit_benchmarks {

/// The compiler must take `value`, and all memory it can reach, as read and changed here; it emits nothing.
///
/// For what benchmark::DoNotOptimize(value) is there for, which no benchmark here may use: that of 1.7.1 asks g++ for a
/// small value as "+m,r", and where registers are short g++ 12.2 hands over a stack slot that it never filled: a
/// pointer that was kept then points anywhere. Only the address is an operand here, so that there is nothing to copy.
///
///     float factor = 0.5F;
///     keep(factor);  // no longer known to be 0.5
template <class T>
[[gnu::always_inline]] inline void keep(T& value) {
    asm volatile("" : : "r"(&value) : "memory");
}

}  // namespace qvit_benchmarks
