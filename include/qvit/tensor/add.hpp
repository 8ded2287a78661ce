// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

template <class ShapeOfA, class ShapeOfB>
concept same_shape = std::is_same_v<ShapeOfA, ShapeOfB>;

/// y = a + b for two tensors of one shape, e.g. a residual connection; a and b may be the same variable.
struct add_op {
    static constexpr const char* name = "add";

    template <class ShapeOfA, class ShapeOfB>
    static constexpr ShapeOfA output_shape(ShapeOfA a, ShapeOfB) {
        static_assert(same_shape<ShapeOfA, ShapeOfB>, "[qvit::add] both tensors must have the same shape.");
        return a;
    }
    template <class S>
    static void forward(auto y, S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = a.value[i] + S(b.value[i]);
    }
    template <class S>
    static void backward(auto y, const S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); ++i) a.gradient[i] += y.gradient[i];
        for (std::size_t i = 0; i < y.size(); ++i) {
            if constexpr (std::is_same_v<typename decltype(b)::element, S>)
                b.gradient[i] += y.gradient[i];
            else
                b.gradient[i] += simd::sum(y.gradient[i]);  // b is shared by all images
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
