// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/simd/sine_cosine.hpp>
#include <qvit/statevector/slots.hpp>

namespace qvit::inline QVIT_ABI {

/// cosine[k], and sine[k] unless `sine` is null, of a circuit's token slots k, from what slots::weight_angles gives and
/// a token's inputs.
///
/// Cost per slot: a sine and a cosine, or a cosine alone.
///
///     token_cosines<circuit>::make(weight_angles.data(), inputs, cosine, sine);
template <const auto& Circuit>
struct token_cosines {
    template <class S>
    static QVIT_INLINE void make(const real_of<S>* weight_angle, const S* inputs, S* cosine, S* sine) {
        each([&](auto&& body)
                 QVIT_INLINE_LAMBDA { slots<Circuit>::template for_each_token_angle<S>(weight_angle, inputs, body); },
             cosine, sine);
    }
    /// Those of slots first .. last - 1, of a circuit that is plain (see slots).
    template <class S>
    static QVIT_INLINE void make(std::size_t first, std::size_t last, const real_of<S>* weight_angle, const S* inputs,
                                 S* cosine, S* sine) {
        each(
            [&](auto&& body) QVIT_INLINE_LAMBDA {
                slots<Circuit>::template for_token_angles<S>(first, last, weight_angle, inputs, body);
            },
            cosine, sine);
    }

  private:
    template <class S>
    static QVIT_INLINE void each(auto&& angles, S* cosine, S* sine) {
        if (sine)
            angles([&](std::size_t k, S angle) QVIT_INLINE_LAMBDA { simd::sine_cosine(angle, sine[k], cosine[k]); });
        else
            angles([&](std::size_t k, S angle) QVIT_INLINE_LAMBDA { cosine[k] = simd::cosine(angle); });
    }
};

}  // namespace qvit::inline QVIT_ABI
