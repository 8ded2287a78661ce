// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/broadcast.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y = a + b, e.g. a residual connection, or positions added to tokens; torch.add. b has a's shape, or its last extents
/// (a bias per channel), or one number; an activation, a parameter, or a constant. a and b may be the same variable.
///
///     auto y = tape.apply(add_op{}, x, tape.use(bias));   // 17 x 4 and 4
struct add_op {
    static constexpr const char* name = "add";
    static constexpr bool takes_constants = true;

    template <class ShapeOfA, class ShapeOfB>
    static constexpr ShapeOfA output_shape(ShapeOfA a, ShapeOfB) {
        static_assert(broadcasts_to<ShapeOfA, ShapeOfB>,
                      "[qvit::add] b must have the shape of a, its last extents, or be one number.");
        return a;
    }
    template <class S>
    static void forward(auto y, S*, auto a, auto b) {
        for (std::size_t i = 0; i < y.size(); i += b.size())
            for (std::size_t j = 0; j < b.size(); ++j) y.value[i + j] = S(a.value[i + j]) + S(b.value[j]);
    }
    template <class S>
    static void backward(auto y, const S*, auto a, auto b) {
        if constexpr (std::is_same_v<decltype(a), decltype(b)>) {
            if (a.gradient != nullptr && b.gradient != nullptr) {  // one pass over y for both
                for (std::size_t i = 0; i < y.size(); ++i) {
                    accumulate(a.gradient[i], y.gradient[i]);
                    accumulate(b.gradient[i], y.gradient[i]);
                }
                return;
            }
        }
        if (a.gradient != nullptr)
            for (std::size_t i = 0; i < y.size(); ++i) accumulate(a.gradient[i], y.gradient[i]);
        if (b.gradient == nullptr) return;
        for (std::size_t j = 0; j < b.size(); ++j) {
            S sum = y.gradient[j];
            for (std::size_t i = j + b.size(); i < y.size(); i += b.size()) sum += y.gradient[i];
            accumulate(b.gradient[j], sum);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
