// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <type_traits>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y = x Phi(x), Phi the normal distribution function: the exact GELU of arXiv:1606.08415, torch.nn.functional.gelu.
/// The derivative Phi(x) + x phi(x) is kept from the forward pass. Cost: an exp and a division per element in single
/// precision, where Phi has an absolute error of 2e-7 (Abramowitz and Stegun, 7.1.26); an erf and an exp in double.
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
        for (std::size_t i = 0; i < y.size(); ++i) {
            const S a = x.value[i];
            const S gauss = simd::exp(a * a * S(R(-0.5)));
            const S distribution = normal_distribution(a, gauss);
            y.value[i] = a * distribution;
            derivative[i] = simd::fma(a, gauss * S(R(0.39894228040143267794)), distribution);
        }
    }
    template <class S>
    static void backward(auto y, const S* derivative, auto x) {
        for (std::size_t i = 0; i < y.size(); ++i)
            x.gradient[i] = simd::fma(y.gradient[i], derivative[i], x.gradient[i]);
    }

  private:
    /// Phi(x), where gauss = exp(-x^2 / 2) is known.
    template <class S>
    static QVIT_INLINE S normal_distribution(S x, S gauss) {
        using R = real_of<S>;
        if constexpr (std::is_same_v<R, float>) {
            const S one(R(1));
            const S zero(R(0));
            const S magnitude = simd::maximum(x, -x);
            const S t = one / simd::fma(magnitude, S(R(0.3275911 * 0.70710678118654752440)), one);
            S p = simd::fma(t, S(R(0.5 * 1.061405429)), S(R(0.5 * -1.453152027)));
            p = simd::fma(p, t, S(R(0.5 * 1.421413741)));
            p = simd::fma(p, t, S(R(0.5 * -0.284496736)));
            p = simd::fma(p, t, S(R(0.5 * 0.254829592)));
            const S tail = p * t * gauss;  // of -|x|
            return simd::select(x < zero, tail, one - tail);
        } else {
            const S half(R(0.5));
            return simd::fma(half, simd::erf(x * S(R(0.70710678118654752440))), half);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
