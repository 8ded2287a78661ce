// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>
#include <qvit/statevector/lane_group.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// z[w] = sum over k of +-v[k], the sign of bit w of k; v is used up, and v[0] becomes the sum. 3 * 2^Bits additions.
template <std::size_t Bits, class S>
QVIT_INLINE void halve_signs(S* v, S* z) {
    unroll<Bits>([&](auto step) QVIT_INLINE_LAMBDA {
        constexpr std::size_t w = Bits - 1 - step();
        constexpr std::size_t half = std::size_t{1} << w;
        if constexpr (half <= 8) {
            S difference[2] = {v[0] - v[half], S(real_of<S>(0))};
            if constexpr (half > 1) difference[1] = v[1] - v[half + 1];
            unroll<(half > 2 ? half - 2 : 0), 2>([&](std::size_t k)
                                                     QVIT_INLINE_LAMBDA { difference[k % 2] += v[k] - v[half + k]; });
            z[w] = half > 1 ? difference[0] + difference[1] : difference[0];
            unroll<half>([&](std::size_t k) QVIT_INLINE_LAMBDA { v[k] += v[half + k]; });
        } else {
            S even(real_of<S>(0));
            S odd(real_of<S>(0));
            for (std::size_t k = 0; k < half; k += 2) {
                even += v[k] - v[half + k];
                odd += v[k + 1] - v[half + k + 1];
                v[k] += v[half + k];
                v[k + 1] += v[half + k + 1];
            }
            z[w] = even + odd;
        }
    });
}
/// d[k] = constant + sum over w of +-g[w], the sign of bit w of k, for k < 2^Bits.
template <std::size_t Bits, class S>
QVIT_INLINE void double_signs(const S* g, S constant, S* d) {
    d[0] = constant;
    unroll<Bits>([&](auto w) QVIT_INLINE_LAMBDA {
        constexpr std::size_t half = std::size_t{1} << w();
        auto add = [&](std::size_t k) QVIT_INLINE_LAMBDA {
            d[half + k] = d[k] - g[w()];
            d[k] += g[w()];
        };
        if constexpr (half <= 8) {
            unroll<half>(add);
        } else {
            for (std::size_t k = 0; k < half; ++k) add(k);
        }
    });
}
// 2^4 column sums fill half of 32 registers; machines with 16 hold 2^3.
#if defined(__AVX512F__) || defined(__aarch64__)
inline constexpr std::size_t most_columns = 4;
#else
inline constexpr std::size_t most_columns = 3;
#endif
template <std::size_t Bits>
struct sign_split {
    static constexpr std::size_t low = Bits < most_columns ? Bits : most_columns;
    static constexpr std::size_t columns = std::size_t{1} << low;
    static constexpr std::size_t high = Bits - low;
    static constexpr std::size_t rows = std::size_t{1} << high;
};
}  // namespace detail

/// z[j] = sum over q of +-|psi(q)|^2, the sign of bit j of q, for all j < Bits at once, and z[Bits] = the sum of all:
/// 2 * 2^Bits multiply-adds. psi(q) stands `place[q]` bytes from psi.
///
/// Column sums stay in registers and give the low bits; row sums give the others.
template <std::size_t Bits, class A>
void measure_signs(const A* psi, const std::uint32_t* place, typename amplitude<A>::lanes_type* z) {
    using S = typename amplitude<A>::lanes_type;
    using split = detail::sign_split<Bits>;
    const S zero(real_of<S>(0));
    S column[split::columns];
    if constexpr (split::high == 0) {
        unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA {
            const A a = detail::amplitude_at(psi, place[j]);
            column[j] = amplitude<A>::template add_inner<0>(a, a, zero);
        });
    } else {
        unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA { column[j] = zero; });
        S row_sum[split::rows];
        for (std::size_t i = 0; i < split::rows; ++i, place += split::columns) {
            S row[4] = {zero, zero, zero, zero};
            unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA {
                const A a = detail::amplitude_at(psi, place[j]);
                column[j] = amplitude<A>::template add_inner<0>(a, a, column[j]);
                row[j % 4] = amplitude<A>::template add_inner<0>(a, a, row[j % 4]);
                if (j % 4 == 3) detail::keep_order();
            });
            row_sum[i] = (row[0] + row[1]) + (row[2] + row[3]);
        }
        detail::halve_signs<split::high>(row_sum, z + split::low);
    }
    detail::halve_signs<split::low>(column, z);
    z[Bits] = column[0];
}

/// lambda = (constant + sum over j of g[j] (sign of bit j of q)) psi, where the way back starts: 2 * 2^Bits operations.
template <std::size_t Bits, class A>
void apply_signs(const typename amplitude<A>::lanes_type* g, typename amplitude<A>::lanes_type constant,
                 const std::uint32_t* place, const A* psi, A* lambda) {
    using S = typename amplitude<A>::lanes_type;
    using split = detail::sign_split<Bits>;
    S column[split::columns];
    detail::double_signs<split::low>(g, constant, column);
    if constexpr (split::high == 0) {
        unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA {
            detail::amplitude_at(lambda, place[j]) =
                amplitude<A>::scale(column[j], detail::amplitude_at(psi, place[j]));
        });
    } else {
        S row[split::rows];
        detail::double_signs<split::high>(g + split::low, S(real_of<S>(0)), row);
        for (std::size_t i = 0; i < split::rows; ++i, place += split::columns) {
            const S start = row[i];
            unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA {
                detail::amplitude_at(lambda, place[j]) =
                    amplitude<A>::scale(start + column[j], detail::amplitude_at(psi, place[j]));
            });
        }
    }
}

}  // namespace qvit::inline QVIT_ABI
