// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/same_shape.hpp>

namespace qvit::inline QVIT_ABI {

/// y = (a + b) / 2 for two tensors of one shape, e.g. the logits of two heads. Extents may be dynamic.
///
///     auto logits = tape.apply(average_op{}, of_class_token, of_distillation_token);
struct average_op {
    static constexpr const char* name = "average";

    template <class ShapeOfA, class ShapeOfB>
    static constexpr ShapeOfA output_shape(ShapeOfA a, ShapeOfB) {
        static_assert(same_shape<ShapeOfA, ShapeOfB>, "[qvit::average] both tensors must have the same shape.");
        return a;
    }
    template <class S>
    static void forward(auto y, S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = S(real_of<S>(0.5)) * (a.value[i] + b.value[i]);
    }
    template <class S>
    static void backward(auto y, const S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); ++i) {
            const S half = S(real_of<S>(0.5)) * y.gradient[i];
            a.gradient[i] += half;
            b.gradient[i] += half;
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
