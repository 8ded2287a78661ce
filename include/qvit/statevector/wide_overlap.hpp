// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <qvit/circuit/unitary.hpp>
#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/permute.hpp>
#include <qvit/statevector/wide_kernel.hpp>
#include <qvit/statevector/wide_primitive.hpp>
#include <qvit/statevector/wide_step.hpp>

/// What the gradient of a gate needs: O_jk = sum of conj(lambda_j) psi_k over the pairs of amplitudes that it acts on,
/// j and k being the target's bit. With G = dU/dt U^-1 and the states after the gate, df/dt = 2 Re sum_jk G_jk O_jk
/// (arXiv 2009.02823, for any gate of one target).
namespace qvit::inline QVIT_ABI {

namespace detail {

/// sums[2 j + k] and sums[4 + 2 j + k]: real and imaginary parts of O_jk in each lane, the target in the registers.
template <std::size_t J, bool Controlled, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void overlap_register(const wide_registers<S, Bits, Complex>& psi,
                                  const wide_registers<S, Bits, Complex>& lambda, const Step& step, S* sums) {
    constexpr std::size_t bit = std::size_t{1} << J;
    const unsigned controls = step.register_controls;
    const unsigned values = step.register_values;
    unroll<4>([&](auto jk) QVIT_INLINE_LAMBDA {
        const auto each = [&](auto&& product) QVIT_INLINE_LAMBDA {
            unroll<(std::size_t{1} << (Bits - 1))>([&](auto i) QVIT_INLINE_LAMBDA {
                constexpr std::size_t low = (i.value & (bit - 1)) | ((i.value & ~(bit - 1)) << 1);
                constexpr std::size_t j = low | ((jk.value & 2) != 0 ? bit : 0);
                constexpr std::size_t k = low | ((jk.value & 1) != 0 ? bit : 0);
                if (!Controlled || (low & controls) == values) product(index_constant<j>{}, index_constant<k>{});
            });
        };
        if ((step.needed & (1U << jk.value)) != 0) {
            S sum = sums[jk.value];
            each([&](auto j, auto k) QVIT_INLINE_LAMBDA {
                sum = simd::fma(lambda.re[j.value], psi.re[k.value], sum);
                if constexpr (Complex) sum = simd::fma(lambda.im[j.value], psi.im[k.value], sum);
            });
            sums[jk.value] = sum;
        }
        if constexpr (Complex)
            if ((step.needed & (16U << jk.value)) != 0) {
                S sum = sums[4 + jk.value];
                each([&](auto j, auto k) QVIT_INLINE_LAMBDA {
                    sum = simd::fma(lambda.re[j.value], psi.im[k.value], sum);
                    sum = simd::fnma(lambda.im[j.value], psi.re[k.value], sum);
                });
                sums[4 + jk.value] = sum;
            }
    });
}

/// The target in the lanes: sums[0], sums[4] of a lane's own amplitudes, sums[1], sums[5] of its lambda and its
/// partner's psi.
template <std::size_t L, bool Controlled, class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void overlap_lane(const wide_registers<S, Bits, Complex>& psi,
                              const wide_registers<S, Bits, Complex>& lambda, const Step& step, S* sums) {
    constexpr std::size_t mask = std::size_t{1} << L;
    const unsigned controls = step.register_controls;
    const unsigned values = step.register_values;
    const auto each = [&](unsigned needed, S* sum, auto&& product) QVIT_INLINE_LAMBDA {
        if ((step.needed & needed) == 0) return;
        S total = *sum;
        unroll<(std::size_t{1} << Bits)>([&](auto i) QVIT_INLINE_LAMBDA {
            if (!Controlled || (i.value & controls) == values) product(i, total);
        });
        *sum = total;
    };
    each(0b1001, sums, [&](auto i, S& sum) QVIT_INLINE_LAMBDA {
        sum = simd::fma(lambda.re[i.value], psi.re[i.value], sum);
        if constexpr (Complex) sum = simd::fma(lambda.im[i.value], psi.im[i.value], sum);
    });
    each(0b0110, sums + 1, [&](auto i, S& sum) QVIT_INLINE_LAMBDA {
        sum = simd::fma(lambda.re[i.value], simd::exchange_lanes<mask>(psi.re[i.value]), sum);
        if constexpr (Complex) sum = simd::fma(lambda.im[i.value], simd::exchange_lanes<mask>(psi.im[i.value]), sum);
    });
    if constexpr (Complex) {
        each(0b10010000, sums + 4, [&](auto i, S& sum) QVIT_INLINE_LAMBDA {
            sum = simd::fnma(lambda.im[i.value], psi.re[i.value], simd::fma(lambda.re[i.value], psi.im[i.value], sum));
        });
        each(0b01100000, sums + 5, [&](auto i, S& sum) QVIT_INLINE_LAMBDA {
            sum = simd::fma(lambda.re[i.value], simd::exchange_lanes<mask>(psi.im[i.value]), sum);
            sum = simd::fnma(lambda.im[i.value], simd::exchange_lanes<mask>(psi.re[i.value]), sum);
        });
    }
}

template <class S, std::size_t Bits, bool Complex, class Step>
QVIT_INLINE void add_overlap(const wide_registers<S, Bits, Complex>& psi,
                             const wide_registers<S, Bits, Complex>& lambda, const Step& step, S* all) {
    S* const sums = all + 8 * step.overlap;
    const auto add_on = [&](auto target, auto controlled) QVIT_INLINE_LAMBDA {
        if (step.on_lanes()) {
            if constexpr ((std::size_t{1} << target.value) < lane_count<S>)
                overlap_lane<target.value, controlled()>(psi, lambda, step, sums);
        } else if constexpr (target.value < Bits) {
            overlap_register<target.value, controlled()>(psi, lambda, step, sums);
        }
    };
    const auto add = [&](auto target) QVIT_INLINE_LAMBDA {
        if (step.register_controls == 0)
            add_on(target, std::false_type{});
        else
            add_on(target, std::true_type{});
    };
    switch (step.position) {
        case 0:
            return add(index_constant<0>{});
        case 1:
            return add(index_constant<1>{});
        case 2:
            return add(index_constant<2>{});
        default:
            return add(index_constant<3>{});
    }
}

/// O from the eight sums, added to `total`.
template <class R>
void collect_overlap(const wide_step<R>& step, const lanes<R>* sums, matrix2& total) {
    constexpr std::size_t width = wide_step<R>::width;
    std::array<std::array<R, width>, 8> value{};
    for (std::size_t i = 0; i < 8; ++i) simd::store(value[i].data(), sums[i]);
    const std::uint64_t lane_mask = width - 1;
    const bool lane_target = step.on_lanes();
    for (std::size_t lane = 0; lane < width; ++lane) {
        if ((lane & step.meaning.controls) != (step.meaning.values & lane_mask)) continue;
        const auto at = [&](std::size_t i) {
            return complex_constant(step.overlap_scale * static_cast<double>(value[i][lane]),
                                    step.overlap_scale * static_cast<double>(value[4 + i][lane]));
        };
        const bool high = lane_target && ((lane >> step.position) & 1U) != 0;
        for (std::size_t i = 0; i < (lane_target ? 2U : 4U); ++i)
            total.entry[high ? 3 - i : i] = total.entry[high ? 3 - i : i] + at(i);
    }
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
