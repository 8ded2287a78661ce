// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/amplitude.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// 1 / |x|, and 0 for a vector of zeros.
template <class S>
QVIT_INLINE S inverse_norm(const S* x, std::size_t count) {
    using R = real_of<S>;
    S norm(R(0));
    for (std::size_t k = 0; k < count; ++k) norm = simd::fma(x[k], x[k], norm);
    return simd::select(norm > S(R(0)), S(R(1)) / simd::sqrt(norm), S(R(0)));
}
}  // namespace detail

/// Amplitude encoding: psi = x / |x|, `count` entries; a vector of zeros stays one, and all its expectations are 0.
template <class S, class A>
QVIT_INLINE void load_amplitudes(const S* x, std::size_t count, A* psi) {
    const S scale = detail::inverse_norm(x, count);
    for (std::size_t k = 0; k < count; ++k) psi[k] = amplitude<A>::real(scale * x[k]);
}

/// The way back: with u = x / |x| and v = 2 Re lambda, gradient += (v - u (u . v)) / |x|; lambda is to be multiplied by
/// `scale` to be O psi brought back to the start.
template <class S, class A>
QVIT_INLINE void add_amplitude_gradient(const S* x, std::size_t count, real_of<S> scale, const A* lambda, S* gradient) {
    using R = real_of<S>;
    const S inverse = detail::inverse_norm(x, count);
    const S factor(R(2) * scale);
    auto v = [&](std::size_t k) QVIT_INLINE_LAMBDA {
        if constexpr (amplitude<A>::is_real)
            return factor * lambda[k];
        else
            return factor * lambda[k].re;
    };
    S along(R(0));
    for (std::size_t k = 0; k < count; ++k) along = simd::fma(inverse * x[k], v(k), along);
    for (std::size_t k = 0; k < count; ++k)
        gradient[k] = simd::fma(inverse, simd::fnma(inverse * x[k], along, v(k)), gradient[k]);
}

}  // namespace qvit::inline QVIT_ABI
