// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/meta/unroll.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/image_windows.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/tiles.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// The weight takes as many channels as the image has, and the bias has an entry per output channel.
template <std::size_t ChannelsOfImage, std::size_t ChannelsOfWeight>
concept channels_agree = (ChannelsOfImage == ChannelsOfWeight);

/// y[o, p] = b[o] + sum over channels, rows and columns of the window at p of w[o, c, i, j] x[c, p + (i, j)]: x is
/// C x rows x columns, w is O x C x M x N, b is O, y is O x rows' x columns', rows' = (rows + 2 Padding - M) / Stride +
/// 1; torch.nn.functional.conv2d(x, w, b, Stride, Padding). Other shapes do not compile.
///
/// Cost: O C M N multiply-adds per position forward, twice that back (an image without a gradient: once), in register
/// tiles of 4 positions x 4 outputs. Kept: with padding, x with its border of zeros.
///
///     auto y = tape.apply(conv2d_op<2, 1>{}, image, tape.use(weight), tape.use(bias));   // 3 x 28 x 28 -> 8 x 14 x 14
template <std::size_t Stride = 1, std::size_t Padding = 0>
struct conv2d_op {
    static constexpr const char* name = "conv2d";
    static constexpr bool takes_constants = true;

    template <std::size_t C, std::size_t Rows, std::size_t Columns, std::size_t O, std::size_t D, std::size_t M,
              std::size_t N, std::size_t P>
    static constexpr auto output_shape(shape<C, Rows, Columns>, shape<O, D, M, N>, shape<P>) {
        static_assert(channels_agree<C, D>,
                      "[qvit::conv2d] x is C x rows x columns and the weight must be O x C x M x N; their C differ.");
        static_assert(channels_agree<O, P>, "[qvit::conv2d] the bias must have an entry for every output channel.");
        static_assert(window_fits<M, Rows + 2 * Padding>, "[qvit::conv2d] the kernel has more rows than the image.");
        static_assert(window_fits<N, Columns + 2 * Padding>,
                      "[qvit::conv2d] the kernel has more columns than the image.");
        static_assert(Stride > 0, "[qvit::conv2d] the stride must be at least 1.");
        using windows = image_windows<Rows, Columns, M, N, Stride, Padding>;
        return shape<O, windows::rows, windows::columns>{};
    }
    template <std::size_t C, std::size_t Rows, std::size_t Columns>
    static constexpr auto saved_shape(shape<C, Rows, Columns>, auto, auto) {
        return shape < Padding == 0 ? 0 : C, Rows + 2 * Padding, Columns + 2 * Padding > {};
    }
    static constexpr std::size_t multiply_adds(auto x, auto w, auto b) {
        return output_shape(x, w, b).size() * (w.size() / w.extent(0));
    }

    template <class S, std::size_t C, std::size_t Rows, std::size_t Columns, class Weight, std::size_t O, std::size_t D,
              std::size_t M, std::size_t N>
    static void forward(auto y, S* saved, variable<S, shape<C, Rows, Columns>> x, variable<Weight, shape<O, D, M, N>> w,
                        auto b) {
        using windows = image_windows<Rows, Columns, M, N, Stride, Padding>;
        constexpr std::size_t plane = windows::padded_rows * windows::padded_columns;
        const S* const image = windows::padded(saved, x.value, C);
        for_tiles<windows::positions, O>([&](auto positions, auto outputs, std::size_t p0,
                                             std::size_t o0) QVIT_INLINE_LAMBDA {
            const S* corner[positions()];
            S sum[positions()][outputs()];
            unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                corner[p] = image + windows::corner(p0 + p);
                unroll<outputs()>([&](std::size_t o) QVIT_INLINE_LAMBDA { sum[p][o] = S(b(o0 + o)); });
            });
            const Weight* weights = w.value + o0 * (C * windows::taps);
            for (std::size_t c = 0; c < C; ++c)
                for (std::size_t i = 0; i < M; ++i)
                    for (std::size_t j = 0; j < N; ++j, ++weights) {
                        const std::size_t at = c * plane + i * windows::padded_columns + j;
                        S pixel[positions()];
                        unroll<positions()>([&](std::size_t p)
                                                QVIT_INLINE_LAMBDA { pixel[p] = simd::in_register(corner[p][at]); });
                        unroll<outputs()>([&](std::size_t o) QVIT_INLINE_LAMBDA {
                            const S weight(weights[o * (C * windows::taps)]);
                            unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                                sum[p][o] = simd::fma(weight, pixel[p], sum[p][o]);
                            });
                        });
                    }
            unroll<outputs()>([&](std::size_t o) QVIT_INLINE_LAMBDA {
                unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                    y.value[(o0 + o) * windows::positions + p0 + p] = sum[p][o];
                });
            });
        });
    }

    template <class S, std::size_t C, std::size_t Rows, std::size_t Columns, class Weight, std::size_t O, std::size_t D,
              std::size_t M, std::size_t N>
    static void backward(auto y, const S* saved, variable<S, shape<C, Rows, Columns>> x,
                         variable<Weight, shape<O, D, M, N>> w, auto b) {
        using windows = image_windows<Rows, Columns, M, N, Stride, Padding>;
        constexpr std::size_t positions_in_all = windows::positions;
        constexpr std::size_t plane = windows::padded_rows * windows::padded_columns;
        constexpr std::size_t features = C * windows::taps;  // f = (channel, row, column) of the window
        const S* const dy = y.gradient;
        const S* const image = Padding == 0 ? x.value : saved;
        // y = b + ...  =>  db[o] += sum_p dy[o, p]
        for (std::size_t o = 0; o < O; ++o) {
            S sum(real_of<S>(0));
            for (std::size_t p = 0; p < positions_in_all; ++p) sum += dy[o * positions_in_all + p];
            b.d(o) += simd::sum(sum);
        }
        // ... w[o, f] x[f, p]  =>  dw[o, f] += sum_p dy[o, p] x[f, p]
        for_tiles<features, O>([&](auto fs, auto outputs, std::size_t f0, std::size_t o0) QVIT_INLINE_LAMBDA {
            const S* first[fs()];
            S sum[fs()][outputs()];
            unroll<fs()>([&](std::size_t f) QVIT_INLINE_LAMBDA {
                first[f] = image + (f0 + f) / windows::taps * plane + windows::offset((f0 + f) % windows::taps);
                unroll<outputs()>([&](std::size_t o) QVIT_INLINE_LAMBDA { sum[f][o] = S(real_of<S>(0)); });
            });
            const S* upstream = dy + o0 * positions_in_all;
            for (std::size_t i = 0; i < windows::rows; ++i)
                for (std::size_t j = 0; j < windows::columns; ++j, ++upstream) {
                    const std::size_t at = (i * windows::padded_columns + j) * Stride;
                    S feature[fs()];
                    unroll<fs()>([&](std::size_t f)
                                     QVIT_INLINE_LAMBDA { feature[f] = simd::in_register(first[f][at]); });
                    unroll<outputs()>([&](std::size_t o) QVIT_INLINE_LAMBDA {
                        const S gradient = simd::in_register(upstream[o * positions_in_all]);
                        unroll<fs()>([&](std::size_t f) QVIT_INLINE_LAMBDA {
                            sum[f][o] = simd::fma(gradient, feature[f], sum[f][o]);
                        });
                    });
                }
            unroll<outputs()>([&](std::size_t o) QVIT_INLINE_LAMBDA {
                unroll<fs()>([&](std::size_t f) QVIT_INLINE_LAMBDA {
                    w.gradient[(o0 + o) * features + f0 + f] += simd::sum(sum[f][o]);
                });
            });
        });
        // ... w[o, f] x[f, p]  =>  dx[f, p] += sum_o w[o, f] dy[o, p]; windows overlap, so entries are added one by one
        if (x.gradient == nullptr) return;
        for_tiles<positions_in_all, features>(
            [&](auto positions, auto fs, std::size_t p0, std::size_t f0) QVIT_INLINE_LAMBDA {
                S sum[positions()][fs()];
                unroll<fs()>([&](std::size_t f) QVIT_INLINE_LAMBDA {
                    unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA { sum[p][f] = S(real_of<S>(0)); });
                });
                for (std::size_t o = 0; o < O; ++o) {
                    S gradient[positions()];
                    unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                        gradient[p] = simd::in_register(dy[o * positions_in_all + p0 + p]);
                    });
                    unroll<fs()>([&](std::size_t f) QVIT_INLINE_LAMBDA {
                        const S weight(w.value[o * features + f0 + f]);
                        unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                            sum[p][f] = simd::fma(weight, gradient[p], sum[p][f]);
                        });
                    });
                }
                unroll<fs()>([&](std::size_t f) QVIT_INLINE_LAMBDA {
                    S* const to = x.gradient + (f0 + f) / windows::taps * (Rows * Columns);
                    unroll<positions()>([&](std::size_t p) QVIT_INLINE_LAMBDA {
                        windows::if_inside(p0 + p, (f0 + f) % windows::taps,
                                           [&](std::size_t at) QVIT_INLINE_LAMBDA { to[at] += sum[p][f]; });
                    });
                });
            });
    }
};

}  // namespace qvit::inline QVIT_ABI
