// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y = x, a tensor of any shape or a parameter, and no gradient goes back; torch's detach. Cost: a copy.
///
///     auto target = tape.apply(stop_gradient_op{}, teacher_tokens);
struct stop_gradient_op {
    static constexpr const char* name = "stop gradient";
    static constexpr bool takes_constants = true;

    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    template <class S>
    static void forward(auto y, S*, auto x) {
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = S(x.value[i]);
    }
    static void backward(auto, const auto*, auto) {}
};

}  // namespace qvit::inline QVIT_ABI
