// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/image_windows.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/reduce.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// Padding of at most half a window, so that every window has a part of the image.
template <std::size_t Padding, std::size_t Window>
concept padding_at_most_half = (2 * Padding <= Window);

/// y = the mean, sum or largest of each Window x Window part of every channel: C x rows x columns -> C x rows' x
/// columns', rows' = (rows + 2 Padding - Window) / Stride + 1; torch.nn.functional.max_pool2d and avg_pool2d (which
/// counts padding as zeros). The maximum never looks at padding; of equal largest elements the first gets the gradient.
///
/// A window larger than the padded image, or padding above half a window, does not compile. Cost: one operation per
/// element of each window either way.
///
///     auto y = tape.apply(max_pool2d<2>{}, x);   auto z = tape.apply(mean_pool2d<3, 2, 1>{}, x);
template <reduction Kind, std::size_t Window, std::size_t Stride = Window, std::size_t Padding = 0>
struct pool2d_op {
    static constexpr const char* name = Kind == reduction::maximum ? "max pool2d"
                                        : Kind == reduction::mean  ? "mean pool2d"
                                                                   : "sum pool2d";

    template <std::size_t C, std::size_t Rows, std::size_t Columns>
    static constexpr auto output_shape(shape<C, Rows, Columns>) {
        static_assert(window_fits<Window, Rows + 2 * Padding>,
                      "[qvit::pool2d] the window has more rows than the image.");
        static_assert(window_fits<Window, Columns + 2 * Padding>,
                      "[qvit::pool2d] the window has more columns than the image.");
        static_assert(padding_at_most_half<Padding, Window>,
                      "[qvit::pool2d] the padding must be at most half of the window.");
        static_assert(Stride > 0, "[qvit::pool2d] the stride must be at least 1.");
        using windows = image_windows<Rows, Columns, Window, Window, Stride, Padding>;
        return shape<C, windows::rows, windows::columns>{};
    }
    template <class S, std::size_t C, std::size_t Rows, std::size_t Columns>
    static void forward(auto y, S*, variable<S, shape<C, Rows, Columns>> x) {
        using windows = image_windows<Rows, Columns, Window, Window, Stride, Padding>;
        for_each_window<windows>(C, [&](std::size_t c, std::size_t p) {
            S result(real_of<S>(0));
            bool empty = true;
            for (std::size_t tap = 0; tap < windows::taps; ++tap)
                windows::if_inside(p, tap, [&](std::size_t at) {
                    const S next = x.value[c * Rows * Columns + at];
                    result = empty ? next : Kind == reduction::maximum ? simd::maximum(result, next) : result + next;
                    empty = false;
                });
            if constexpr (Kind == reduction::mean) result *= S(share<real_of<S>>);
            y.value[c * windows::positions + p] = result;
        });
    }
    template <class S, std::size_t C, std::size_t Rows, std::size_t Columns>
    static void backward(auto y, const S*, variable<S, shape<C, Rows, Columns>> x) {
        using windows = image_windows<Rows, Columns, Window, Window, Stride, Padding>;
        for_each_window<windows>(C, [&](std::size_t c, std::size_t p) {
            S g = y.gradient[c * windows::positions + p];
            if constexpr (Kind == reduction::mean) g *= S(share<real_of<S>>);
            for (std::size_t tap = 0; tap < windows::taps; ++tap)
                windows::if_inside(p, tap, [&](std::size_t at) {
                    S& entry = x.gradient[c * Rows * Columns + at];
                    if constexpr (Kind == reduction::maximum) {
                        const S zero(real_of<S>(0));
                        const auto found = x.value[c * Rows * Columns + at] == y.value[c * windows::positions + p];
                        entry += simd::select(found, g, zero);
                        g = simd::select(found, zero, g);
                    } else {
                        entry += g;
                    }
                });
        });
    }

  private:
    template <class R>
    static constexpr R share = R(1) / static_cast<R>(Window* Window);

    template <class Windows>
    static void for_each_window(std::size_t channels, auto&& body) {
        for (std::size_t c = 0; c < channels; ++c)
            for (std::size_t p = 0; p < Windows::positions; ++p) body(c, p);
    }
};

template <std::size_t Window, std::size_t Stride = Window, std::size_t Padding = 0>
using max_pool2d = pool2d_op<reduction::maximum, Window, Stride, Padding>;
template <std::size_t Window, std::size_t Stride = Window, std::size_t Padding = 0>
using mean_pool2d = pool2d_op<reduction::mean, Window, Stride, Padding>;

}  // namespace qvit::inline QVIT_ABI
