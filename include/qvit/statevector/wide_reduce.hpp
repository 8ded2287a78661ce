// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <qvit/circuit/pauli_string.hpp>
#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>
#include <qvit/statevector/wide_layout.hpp>

namespace qvit::inline QVIT_ABI {

/// Amplitudes summed at a time, which stand one after the other. Sums of a state are sums of chunks' sums in order,
/// whoever computes the chunks: the same bits for any number of threads.
inline constexpr std::size_t wide_chunk = 1024;
static_assert(wide_chunk <= std::size_t{1} << wide_run_bits);

namespace detail {
/// sum over i < count of term(i), in double, as eight sums that the compiler keeps in lanes.
QVIT_INLINE double lane_sum(std::size_t count, auto&& term) {
    std::array<double, 8> sums{};
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (std::size_t k = 0; k < 8; ++k) sums[k] += term(i + k);
    for (; i < count; ++i) sums[0] += term(i);
    return ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
}

/// The sum over chunks of chunk_sum(first amplitude, amplitudes).
double sum_of_chunks(std::size_t size, auto&& chunk_sum) {
    double total = 0;
    for (std::size_t first = 0; first < size; first += wide_chunk)
        total += chunk_sum(first, size - first < wide_chunk ? size - first : wide_chunk);
    return total;
}
}  // namespace detail

/// sum of |amplitude|^2 of [first, first + count), which is in one chunk.
template <class R>
double weight_of_range(const wide_view<const R>& state, std::size_t first, std::size_t count) {
    const auto square = [](R v) { return static_cast<double>(v) * static_cast<double>(v); };
    const R* const re = state.re_at(first);
    if (state.im == nullptr) return detail::lane_sum(count, [&](std::size_t i) { return square(re[i]); });
    const R* const im = state.im_at(first);
    return detail::lane_sum(count, [&](std::size_t i) { return square(re[i]) + square(im[i]); });
}

/// <bra|ket>; both real or both complex.
template <class R>
complex_constant inner_product(const wide_view<const R>& bra, const wide_view<const R>& ket) {
    const auto dot = [&](const R* a, const R* b) {
        return detail::sum_of_chunks(ket.size, [&](std::size_t first, std::size_t count) {
            const std::size_t where = wide_offset<R>(first);
            return detail::lane_sum(count, [&](std::size_t i) {
                return static_cast<double>(a[where + i]) * static_cast<double>(b[where + i]);
            });
        });
    };
    if (ket.im == nullptr) return {dot(bra.re, ket.re), 0};
    return {dot(bra.re, ket.re) + dot(bra.im, ket.im), dot(bra.re, ket.im) - dot(bra.im, ket.re)};
}

/// <state| P |state>: P|k> = i^y (-1)^|k & z| |k ^ x> for a string with y Ys, x and z its masks. One pass.
template <class R>
double pauli_expectation(const wide_view<const R>& state, const pauli_string<64>& string) {
    const std::uint64_t flips = string.x.words[0];
    const std::uint64_t signs = string.z.words[0];
    const unsigned turns = string.y_count() & 3U;
    if (state.im == nullptr && (turns & 1U) != 0) return 0;
    const auto parity = [&](std::size_t k) { return static_cast<unsigned>(std::popcount(k & signs)) & 1U; };
    // A chunk's partner under the flips of its high bits is a chunk; the low 10 bits' sign is a table's.
    std::array<double, wide_chunk> low_sign{};
    for (std::size_t k = 0; k < wide_chunk; ++k) low_sign[k] = parity(k) != 0 ? -1 : 1;
    const std::size_t low_flips = static_cast<std::size_t>(flips) % wide_chunk;
    const double sum = detail::sum_of_chunks(state.size, [&](std::size_t first, std::size_t count) {
        const std::size_t where = wide_offset<R>(first);
        const std::size_t partner = wide_offset<R>(first ^ (static_cast<std::size_t>(flips) - low_flips));
        const auto products = [&](const R* bra, const R* ket) {
            return detail::lane_sum(count, [&](std::size_t i) {
                return low_sign[i] * static_cast<double>(bra[partner + (i ^ low_flips)]) *
                       static_cast<double>(ket[where + i]);
            });
        };
        double value = products(state.re, state.re);
        if (state.im != nullptr)
            value = (turns & 1U) == 0 ? value + products(state.im, state.im)
                                      // Re(i (a - ib)(c + id)) = bc - ad
                                      : products(state.im, state.re) - products(state.re, state.im);
        return parity(first) != 0 ? -value : value;
    });
    return ((turns & 2U) != 0) != string.negative ? -sum : sum;
}

/// The probability that `wire` is measured as 1.
template <class R>
double one_probability(const wide_view<const R>& state, std::size_t wire) {
    const std::size_t run = std::size_t{1} << wire;
    if (run < wide_chunk) {
        return detail::sum_of_chunks(state.size, [&](std::size_t first, std::size_t count) {
            double sum = 0;
            for (std::size_t i = run; i < count; i += 2 * run) sum += weight_of_range(state, first + i, run);
            return sum;
        });
    }
    return detail::sum_of_chunks(state.size, [&](std::size_t first, std::size_t count) {
        return (first & run) != 0 ? weight_of_range(state, first, count) : 0.0;
    });
}

}  // namespace qvit::inline QVIT_ABI
