// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/image_windows.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// Cuts an image into square patches, which may overlap: colours x rows x columns -> patches x features. Patches go row
/// by row; features are in the order colour, row, column; outside of the image are zeros;
/// torch.nn.functional.unfold(x, Patch, padding=Padding, stride=Stride).transpose(-2, -1).
///
/// A patch that is larger than the padded image does not compile. Cost: a copy forward, an addition per feature back;
/// an image without a gradient: none.
///
///     auto tokens = tape.apply(unfold_op<7, 4, 2>{}, image);   // 3 x 28 x 28 -> 49 x 147
template <std::size_t Patch, std::size_t Stride = Patch, std::size_t Padding = 0>
struct unfold_op {
    static constexpr const char* name = "unfold";
    static constexpr bool takes_constants = true;

    template <std::size_t Colours, std::size_t Rows, std::size_t Columns>
    static constexpr auto output_shape(shape<Colours, Rows, Columns>) {
        static_assert(window_fits<Patch, Rows + 2 * Padding>, "[qvit::unfold] the patch has more rows than the image.");
        static_assert(window_fits<Patch, Columns + 2 * Padding>,
                      "[qvit::unfold] the patch has more columns than the image.");
        static_assert(Stride > 0, "[qvit::unfold] the stride must be at least 1.");
        return shape<image_windows<Rows, Columns, Patch, Patch, Stride, Padding>::positions, Colours * Patch * Patch>{};
    }
    template <class S, std::size_t Colours, std::size_t Rows, std::size_t Columns>
    static void forward(auto y, S*, variable<S, shape<Colours, Rows, Columns>> x) {
        if constexpr (Padding != 0)
            for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = S(real_of<S>(0));
        for_each<Colours, Rows, Columns>([&](std::size_t to, std::size_t from) { y.value[to] = x.value[from]; });
    }
    template <class S, std::size_t Colours, std::size_t Rows, std::size_t Columns>
    static void backward(auto y, const S*, variable<S, shape<Colours, Rows, Columns>> x) {
        if (x.gradient == nullptr) return;
        for_each<Colours, Rows, Columns>([&](std::size_t to, std::size_t from) { x.gradient[from] += y.gradient[to]; });
    }

  private:
    template <std::size_t Colours, std::size_t Rows, std::size_t Columns>
    static void for_each(auto&& body) {
        using windows = image_windows<Rows, Columns, Patch, Patch, Stride, Padding>;
        for (std::size_t p = 0; p < windows::positions; ++p)
            for (std::size_t colour = 0; colour < Colours; ++colour)
                for (std::size_t tap = 0; tap < windows::taps; ++tap)
                    windows::if_inside(p, tap, [&](std::size_t at) {
                        body((p * Colours + colour) * windows::taps + tap, colour * Rows * Columns + at);
                    });
    }
};

}  // namespace qvit::inline QVIT_ABI
