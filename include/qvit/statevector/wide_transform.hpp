// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include <qvit/core/config.hpp>
#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/simd/permute.hpp>
#include <qvit/statevector/wide_step.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {

/// Levels of the transform on 2^Levels registers, `stride` reals apart; with the lanes' own levels where Lanes.
template <std::size_t Levels, bool Lanes, class R>
void transform_levels(R* values, std::size_t size, std::size_t stride) {
    using S = lanes<R>;
    constexpr std::size_t width = lane_count<S>;
    constexpr std::size_t count = std::size_t{1} << Levels;
    for (std::size_t block = 0; block < size; block += count * stride)
        for (std::size_t i = block; i < block + stride; i += width) {
            S v[count];
            unroll<count>([&](auto k) QVIT_INLINE_LAMBDA {
                v[k.value] = simd::load<S>(values + i + k.value * stride);
                if constexpr (Lanes)
                    unroll<wide_lane_bits<R>>([&](auto wire) QVIT_INLINE_LAMBDA {
                        constexpr std::size_t bit = std::size_t{1} << wire.value;
                        constexpr auto signs = [] {
                            std::array<R, width> result{};
                            for (std::size_t lane = 0; lane < width; ++lane) result[lane] = (lane & bit) != 0 ? -1 : 1;
                            return result;
                        }();
                        v[k.value] =
                            simd::fma(simd::load<S>(signs.data()), v[k.value], simd::exchange_lanes<bit>(v[k.value]));
                    });
            });
            unroll<Levels>([&](auto level) QVIT_INLINE_LAMBDA {
                constexpr std::size_t bit = std::size_t{1} << level.value;
                unroll<count>([&](auto k) QVIT_INLINE_LAMBDA {
                    if constexpr ((k.value & bit) == 0) {
                        const S low = v[k.value];
                        v[k.value] = low + v[k.value | bit];
                        v[k.value | bit] = low - v[k.value | bit];
                    }
                });
            });
            unroll<count>([&](auto k) QVIT_INLINE_LAMBDA { simd::store(values + i + k.value * stride, v[k.value]); });
        }
}

/// Walsh-Hadamard transform in place: out[z] = sum over k of (-1)^|k & z| in[k]. `size` is a power of two. Two sweeps
/// over a chunk of 1024.
template <class R>
void transform_signs(R* values, std::size_t size) {
    constexpr std::size_t width = lane_count<lanes<R>>;
    if (size < width) {
        for (std::size_t stride = 1; stride < size; stride *= 2)
            for (std::size_t i = 0; i < size; ++i)
                if ((i & stride) == 0) {
                    const R low = values[i];
                    values[i] = low + values[i + stride];
                    values[i + stride] = low - values[i + stride];
                }
        return;
    }
    transform_levels<0, true>(values, size, width);
    std::size_t stride = width;
    for (; 8 * stride <= size; stride *= 8) transform_levels<3, false>(values, size, stride);
    if (4 * stride <= size)
        transform_levels<2, false>(values, size, stride);
    else if (2 * stride <= size)
        transform_levels<1, false>(values, size, stride);
}

}  // namespace detail

}  // namespace qvit::inline QVIT_ABI
