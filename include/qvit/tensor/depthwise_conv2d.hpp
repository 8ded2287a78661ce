// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/conv2d.hpp>
#include <qvit/tensor/image_windows.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/tiles.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// y[c, p] = b[c] + sum over rows and columns of the window at p of w[c, 0, i, j] x[c, p + (i, j)]: each channel has a
/// kernel of its own; torch.nn.functional.conv2d(x, w, b, Stride, Padding, groups=C), x C x rows x columns, w
/// C x 1 x M x N, b C. Other shapes do not compile.
///
/// Cost: C M N multiply-adds per position forward, twice that back; sums of 8 positions, and of up to 12 kernel entries
/// back, stay in registers. Kept: with padding, x with its border of zeros.
///
///     auto y = tape.apply(depthwise_conv2d_op<1, 1>{}, x, tape.use(weight), tape.use(bias));   // 8 x 7 x 7, kernel 3
///     x 3
template <std::size_t Stride = 1, std::size_t Padding = 0>
struct depthwise_conv2d_op {
    static constexpr const char* name = "depthwise conv2d";
    static constexpr bool takes_constants = true;

    template <std::size_t C, std::size_t Rows, std::size_t Columns, std::size_t D, std::size_t M, std::size_t N,
              std::size_t P>
    static constexpr auto output_shape(shape<C, Rows, Columns>, shape<D, 1, M, N>, shape<P>) {
        static_assert(channels_agree<C, D>, "[qvit::depthwise_conv2d] the weight must be C x 1 x M x N, C as of x.");
        static_assert(channels_agree<C, P>, "[qvit::depthwise_conv2d] the bias must have an entry for every channel.");
        static_assert(window_fits<M, Rows + 2 * Padding>,
                      "[qvit::depthwise_conv2d] the kernel has more rows than the image.");
        static_assert(window_fits<N, Columns + 2 * Padding>,
                      "[qvit::depthwise_conv2d] the kernel has more columns than the image.");
        static_assert(Stride > 0, "[qvit::depthwise_conv2d] the stride must be at least 1.");
        using windows = image_windows<Rows, Columns, M, N, Stride, Padding>;
        return shape<C, windows::rows, windows::columns>{};
    }
    template <std::size_t C, std::size_t Rows, std::size_t Columns>
    static constexpr auto saved_shape(shape<C, Rows, Columns>, auto, auto) {
        return shape < Padding == 0 ? 0 : C, Rows + 2 * Padding, Columns + 2 * Padding > {};
    }
    static constexpr std::size_t multiply_adds(auto x, auto w, auto b) {
        return output_shape(x, w, b).size() * (w.size() / w.extent(0));
    }

    template <class S, std::size_t C, std::size_t Rows, std::size_t Columns, class Weight, std::size_t D, std::size_t M,
              std::size_t N>
    static void forward(auto y, S* saved, variable<S, shape<C, Rows, Columns>> x, variable<Weight, shape<D, 1, M, N>> w,
                        auto b) {
        using windows = image_windows<Rows, Columns, M, N, Stride, Padding>;
        const S* const image = windows::padded(saved, x.value, C);
        for (std::size_t c = 0; c < C; ++c)
            for_tiles<windows::positions, 1, 8, 1>([&](auto positions, auto, std::size_t p0,
                                                       std::size_t) QVIT_INLINE_LAMBDA {
                const S* corner[positions()];
                S sum[positions()];
                unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                    corner[p] = image + c * windows::padded_rows * windows::padded_columns + windows::corner(p0 + p);
                    sum[p] = S(b(c));
                });
                for (std::size_t i = 0; i < M; ++i)
                    for (std::size_t j = 0; j < N; ++j) {
                        const S weight(w(c, 0, i, j));
                        unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                            sum[p] = simd::fma(weight, corner[p][i * windows::padded_columns + j], sum[p]);
                        });
                    }
                unroll<positions()>([&](std::size_t p)
                                        QVIT_INLINE_LAMBDA { y.value[c * windows::positions + p0 + p] = sum[p]; });
            });
    }

    template <class S, std::size_t C, std::size_t Rows, std::size_t Columns, class Weight, std::size_t D, std::size_t M,
              std::size_t N>
    static void backward(auto y, const S* saved, variable<S, shape<C, Rows, Columns>> x,
                         variable<Weight, shape<D, 1, M, N>> w, auto b) {
        using windows = image_windows<Rows, Columns, M, N, Stride, Padding>;
        const S* const image = Padding == 0 ? x.value : saved;
        for (std::size_t c = 0; c < C; ++c) {
            const S* const dy = y.gradient + c * windows::positions;
            const S* const plane = image + c * windows::padded_rows * windows::padded_columns;
            S total(real_of<S>(0));
            for (std::size_t p = 0; p < windows::positions; ++p) total += dy[p];
            b.d(c) += simd::sum(total);
            // y = ... w[tap] x[tap, p]  =>  dw[tap] += sum_p dy[p] x[tap, p],  dx[tap, p] += w[tap] dy[p]
            constexpr std::size_t tiles = (windows::taps + 11) / 12;
            for_tiles<windows::taps, 1, (windows::taps + tiles - 1) / tiles, 1>(
                [&](auto taps, auto, std::size_t tap0, std::size_t) QVIT_INLINE_LAMBDA {
                    const S* first[taps()];
                    S sum[taps()];
                    unroll<taps()>([&](std::size_t tap) QVIT_INLINE_LAMBDA {
                        first[tap] = plane + windows::offset(tap0 + tap);
                        sum[tap] = S(real_of<S>(0));
                    });
                    for (std::size_t i = 0; i < windows::rows; ++i)
                        for (std::size_t j = 0; j < windows::columns; ++j) {
                            const S gradient = simd::in_register(dy[i * windows::columns + j]);
                            const std::size_t at = (i * windows::padded_columns + j) * Stride;
                            unroll<taps()>([&](std::size_t tap) QVIT_INLINE_LAMBDA {
                                sum[tap] = simd::fma(gradient, first[tap][at], sum[tap]);
                            });
                        }
                    unroll<taps()>([&](std::size_t tap) QVIT_INLINE_LAMBDA {
                        w.gradient[c * windows::taps + tap0 + tap] += simd::sum(sum[tap]);
                    });
                });
            if (x.gradient == nullptr) continue;
            for (std::size_t m = 0; m < M; ++m)
                for (std::size_t n = 0; n < N; ++n) {
                    const S weight(w(c, 0, m, n));
                    const auto row = windows::inside(m, Rows, windows::rows);
                    const auto column = windows::inside(n, Columns, windows::columns);
                    for (std::size_t i = row.first; i < row.last; ++i)
                        for (std::size_t j = column.first; j < column.last; ++j) {
                            S& entry = x.d(c, i * Stride + m - Padding, j * Stride + n - Padding);
                            entry = simd::fma(weight, dy[i * windows::columns + j], entry);
                        }
                }
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
