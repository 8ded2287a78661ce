// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <qvit/autodiff/pass_context.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// A probability as 16 random bits decide it: p to the nearest 2^-16, and the scale that keeps the mean exactly.
struct drop_probability {
    std::uint32_t below = 0;  ///< dropped are 16-bit numbers below this
    double scale = 1;         ///< of what is kept: 1 / (1 - below / 2^16); 0 where nothing is

    constexpr drop_probability() = default;
    /// Outside of [0, 1] does not compile as a constant, and ends the program at run time.
    constexpr explicit drop_probability(double p) {
        if (!(p >= 0 && p <= 1)) refuse(p);
        below = static_cast<std::uint32_t>(p * 65536 + 0.5);
        scale = below == 65536 ? 0 : 65536.0 / (65536 - below);
    }
    constexpr bool never() const { return below == 0; }

    /// `scale` on lanes that keep element `number` of a block of eight, zero on the others.
    template <class S>
    QVIT_INLINE S factor(const typename random_site<S>::block_of_words& words, std::size_t number) const {
        using R = real_of<S>;
        R lane[lane_count<S>];
        const std::size_t shift = number % 2 * 16;
        for (std::size_t l = 0; l < lane_count<S>; ++l)
            lane[l] = (words.word[number / 2][l] >> shift & 0xFFFF) < below ? R(0) : static_cast<R>(scale);
        return simd::load<S>(lane);
    }

  private:
    static void refuse(double p) {
        std::fprintf(stderr, "qvit::drop_probability: a probability is in [0, 1], and this is %g.\n", p);
        std::abort();
    }
};

/// y = x / (1 - p) where an element is kept, 0 where it is dropped, with probability p for each element and image
/// (arXiv:1207.0580, torch.nn.Dropout). Any shape. Element i is decided by bits 16 i, ..., 16 i + 15 of its site.
///
/// Cost: an eighth of a philox block per element and image, and the factors are kept for the way back.
/// The module `dropout` applies it.
template <class S>
struct dropout_op {
    static constexpr const char* name = "dropout";
    static constexpr bool takes_constants = true;
    drop_probability p;
    random_site<S> site;

    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    template <class Shape>
    static constexpr Shape saved_shape(Shape x) {
        return x;
    }
    void forward(auto y, S* factor, auto x) const {
        for (std::size_t first = 0; first < y.size(); first += 8) {
            const auto words = site.block(first / 8);
            for (std::size_t i = first; i < first + 8 && i < y.size(); ++i) {
                factor[i] = p.template factor<S>(words, i - first);
                y.value[i] = x.value[i] * factor[i];
            }
        }
    }
    static void backward(auto y, const S* factor, auto x) {
        if (x.gradient == nullptr) return;
        for (std::size_t i = 0; i < y.size(); ++i) x.gradient[i] = simd::fma(y.gradient[i], factor[i], x.gradient[i]);
    }
};

/// y = x / (1 - p) for the images that keep this path, 0 for those that drop it, with probability p for each image:
/// stochastic depth (arXiv:1603.09382; drop_path of timm). Any shape. Cost: one philox block per image.
/// The module `drop_path` applies it.
template <class S>
struct drop_path_op {
    static constexpr const char* name = "drop path";
    static constexpr bool takes_constants = true;
    drop_probability p;
    random_site<S> site;

    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    static constexpr shape<1> saved_shape(auto) { return {}; }

    void forward(auto y, S* factor, auto x) const {
        factor[0] = p.template factor<S>(site.block(0), 0);
        for (std::size_t i = 0; i < y.size(); ++i) y.value[i] = x.value[i] * factor[0];
    }
    static void backward(auto y, const S* factor, auto x) {
        if (x.gradient == nullptr) return;
        for (std::size_t i = 0; i < y.size(); ++i) x.gradient[i] = simd::fma(y.gradient[i], factor[0], x.gradient[i]);
    }
};

}  // namespace qvit::inline QVIT_ABI
