// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y = x Phi(x), Phi the normal distribution function: the exact GELU of arXiv:1606.08415, torch.nn.functional.gelu.
/// The derivative Phi(x) + x phi(x) is kept from the forward pass. Cost: an erf and an exp per element.
struct gelu_op {
    static constexpr const char* name = "gelu";

    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    template <class Shape>
    static constexpr Shape saved_shape(Shape x) {
        return x;
    }
    template <class S>
    static void forward(auto y, S* derivative, auto x) {
        using R = real_of<S>;
        const S half(R(0.5));
        for (std::size_t i = 0; i < y.size(); ++i) {
            const S a = x.value[i];
            const S distribution = simd::fma(half, simd::erf(a * S(R(0.70710678118654752440))), half);
            const S density = simd::exp(a * a * S(R(-0.5))) * S(R(0.39894228040143267794));
            y.value[i] = a * distribution;
            derivative[i] = simd::fma(a, density, distribution);
        }
    }
    template <class S>
    static void backward(auto y, const S* derivative, auto x) {
        for (std::size_t i = 0; i < y.size(); ++i)
            x.gradient[i] = simd::fma(y.gradient[i], derivative[i], x.gradient[i]);
    }
};

}  // namespace qvit::inline QVIT_ABI
