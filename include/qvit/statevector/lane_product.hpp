// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/lane_group.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// v[k], k < 2^Wires = product over wires of (cosine, sine). In registers where Wires <= 4, else in memory.
template <std::size_t Wires, class S>
QVIT_INLINE void product_of_wires(const S* cosines, const S* sines, S* v) {
    if constexpr (Wires == 0) {
        v[0] = S(real_of<S>(1));
    } else {
        v[0] = cosines[0];
        v[1] = sines[0];
        unroll<Wires - 1, 1>([&](auto w) QVIT_INLINE_LAMBDA {
            constexpr std::size_t half = std::size_t{1} << w();
            auto add = [&](std::size_t k) QVIT_INLINE_LAMBDA {
                v[half + k] = sines[w()] * v[k];
                v[k] = cosines[w()] * v[k];
            };
            if constexpr (half <= 8) {
                unroll<half>(add);
            } else {
                for (std::size_t k = 0; k < half; ++k) add(k);
            }
        });
    }
}

/// gradient[w] = d / d angle_w of sum over k of v[k] * product state[k]; v is used up, `rest` is room for 2^(Wires-1).
template <std::size_t Wires, class S>
QVIT_INLINE void contract_product(const S* cosines, const S* sines, S* v, S* rest, S* gradient) {
    if constexpr (Wires > 4) {
        constexpr std::size_t w = Wires - 1;
        constexpr std::size_t half = std::size_t{1} << w;
        product_of_wires<w>(cosines, sines, rest);
        S zero(real_of<S>(0));
        S one(real_of<S>(0));
        for (std::size_t k = 0; k < half; ++k) {
            zero = simd::fma(v[k], rest[k], zero);
            one = simd::fma(v[half + k], rest[k], one);
            v[k] = simd::fma(cosines[w], v[k], sines[w] * v[half + k]);
        }
        gradient[w] = simd::fnma(sines[w], zero, cosines[w] * one);
        contract_product<w>(cosines, sines, v, rest, gradient);
    } else if constexpr (Wires > 0) {
        // all[2^w ...]: the product state of the w lowest wires
        S all[std::size_t{1} << Wires];
        all[1] = S(real_of<S>(1));
        unroll<Wires - 1>([&](auto w) QVIT_INLINE_LAMBDA {
            constexpr std::size_t size = std::size_t{1} << w();
            unroll<size>([&](std::size_t k) QVIT_INLINE_LAMBDA {
                all[2 * size + k] = w() == 0 ? cosines[w()] : cosines[w()] * all[size + k];
                all[3 * size + k] = w() == 0 ? sines[w()] : sines[w()] * all[size + k];
            });
        });
        unroll<Wires>([&](auto step) QVIT_INLINE_LAMBDA {
            constexpr std::size_t w = Wires - 1 - step();
            constexpr std::size_t half = std::size_t{1} << w;
            S zero = half > 1 ? v[0] * all[half] : v[0];
            S one = half > 1 ? v[half] * all[half] : v[half];
            unroll<half - 1, 1>([&](std::size_t k) QVIT_INLINE_LAMBDA {
                zero = simd::fma(v[k], all[half + k], zero);
                one = simd::fma(v[half + k], all[half + k], one);
            });
            gradient[w] = simd::fnma(sines[w], zero, cosines[w] * one);
            if constexpr (w > 0)
                unroll<half>([&](std::size_t k)
                                 QVIT_INLINE_LAMBDA { v[k] = simd::fma(cosines[w], v[k], sines[w] * v[half + k]); });
        });
    }
}

/// A product state as rows times columns: amplitude i 2^low + j is row[i] column[j].
template <std::size_t Wires>
struct product_split {
    static constexpr std::size_t low = Wires < 4 ? Wires : 4;
    static constexpr std::size_t columns = std::size_t{1} << low;
    static constexpr std::size_t high = Wires - low;
    static constexpr std::size_t rows = std::size_t{1} << high;
};
}  // namespace detail

/// psi = the product state of Wires wires with amplitudes (cosine, sine): 2^Wires multiplications.
template <std::size_t Wires, class S>
void prepare_product(const S* cosines, const S* sines, S* psi) {
    using split = detail::product_split<Wires>;
    S column[split::columns];
    detail::product_of_wires<split::low>(cosines, sines, column);
    if constexpr (split::high == 0) {
        unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA { psi[j] = column[j]; });
    } else {
        S row[split::rows];
        detail::product_of_wires<split::high>(cosines + split::low, sines + split::low, row);
        for (std::size_t i = 0; i < split::rows; ++i) {
            const S factor = row[i];
            unroll<split::columns>([&](std::size_t j)
                                       QVIT_INLINE_LAMBDA { psi[i * split::columns + j] = factor * column[j]; });
        }
    }
}

/// gradient[w] = the derivative of <lambda|psi> by the half angle of product wire w. 2 * 2^Wires multiply-adds.
///
/// lambda is contracted once with the rows (columns stay in registers) and once with the columns; psi is not needed.
template <std::size_t Wires, class S>
void gradient_product(const S* lambda, const S* cosines, const S* sines, S* gradient) {
    using split = detail::product_split<Wires>;
    S column[split::columns];
    S rest[split::rows < 2 ? 1 : split::rows / 2];
    if constexpr (split::high == 0) {
        unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA { column[j] = lambda[j]; });
        detail::contract_product<split::low>(cosines, sines, column, rest, gradient);
    } else {
        S low[split::columns];
        S high[split::rows];
        S row_sum[split::rows];
        detail::product_of_wires<split::low>(cosines, sines, low);
        detail::keep_order();  // into memory: registers are for the columns
        detail::product_of_wires<split::high>(cosines + split::low, sines + split::low, high);
        unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA { column[j] = S(real_of<S>(0)); });
        for (std::size_t i = 0; i < split::rows; ++i, lambda += split::columns) {
            const S factor = high[i];
            S row[4] = {S(real_of<S>(0)), S(real_of<S>(0)), S(real_of<S>(0)), S(real_of<S>(0))};
            unroll<split::columns>([&](std::size_t j) QVIT_INLINE_LAMBDA {
                const S a = lambda[j];
                column[j] = simd::fma(a, factor, column[j]);
                row[j % 4] = simd::fma(a, low[j], row[j % 4]);
                if (j % 4 == 3) detail::keep_order();
            });
            row_sum[i] = (row[0] + row[1]) + (row[2] + row[3]);
        }
        detail::contract_product<split::low>(cosines, sines, column, rest, gradient);
        detail::contract_product<split::high>(cosines + split::low, sines + split::low, row_sum, rest,
                                              gradient + split::low);
    }
}

}  // namespace qvit::inline QVIT_ABI
