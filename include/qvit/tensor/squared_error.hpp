// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y[0] = weight * sum_i (x_i - target_i)^2 for a tensor of any shape.
///
/// `targets` holds as many lanes as x has elements, `weight` one lane each: 1 / (images elements) gives
/// torch.nn.functional.mse_loss, zero leaves a lane out.
///
///     auto loss = tape.apply(squared_error<S>{targets, weight}, x);
template <class S>
struct squared_error {
    static constexpr const char* name = "squared error";
    const S* targets = nullptr;
    S weight{};

    template <class Shape>
    static constexpr shape<1> output_shape(Shape) {
        return {};
    }
    void forward(auto y, S*, auto x) const {
        S total(real_of<S>(0));
        for (std::size_t i = 0; i < x.size(); ++i) {
            const S difference = x.value[i] - targets[i];
            total = simd::fma(difference, difference, total);
        }
        y.value[0] = weight * total;
    }
    void backward(auto y, const S*, auto x) const {
        const S upstream = S(real_of<S>(2)) * weight * y.gradient[0];
        for (std::size_t i = 0; i < x.size(); ++i)
            x.gradient[i] = simd::fma(upstream, x.value[i] - targets[i], x.gradient[i]);
    }
};

}  // namespace qvit::inline QVIT_ABI
