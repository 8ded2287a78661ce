// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// map[t] = sum_c x[t, c]^2, over all tokens divided by its Euclidean norm: where an image's activation is. Returns the
/// norm. x is `tokens` x `channels`; teacher and student may differ in channels.
template <class S>
QVIT_INLINE S activation_map(const S* x, std::size_t tokens, std::size_t channels, S* map) {
    using R = real_of<S>;
    S squares(R(0));
    for (std::size_t t = 0; t < tokens; ++t) {
        map[t] = S(R(0));
        for (std::size_t c = 0; c < channels; ++c) {
            const S value = x[t * channels + c];
            map[t] = simd::fma(value, value, map[t]);
        }
        squares = simd::fma(map[t], map[t], squares);
    }
    const S norm = simd::maximum(simd::sqrt(squares), S(R(1e-12)));
    for (std::size_t t = 0; t < tokens; ++t) map[t] = map[t] / norm;
    return norm;
}

/// y[0] = weight * mean over tokens of (map[t] - teacher[t])^2 for the activation_map of T x C tokens: attention transfer
/// (arXiv:1612.03928, eq. 2 with p = 2, the mean of squares as in its authors' code).
///
/// `teacher` holds T lanes, the activation_map of the teacher; `weight` one lane each as for cross_entropy. Tokens of
/// any layer; a teacher of other width needs no projection. Cost: about 4 T C multiply-adds.
///
///     tape.apply(attention_transfer<S>{teacher_map, weight}, model.encode(tape, images));
template <class S>
struct attention_transfer {
    static constexpr const char* name = "attention transfer";
    using R = real_of<S>;
    const S* teacher = nullptr;
    S weight{};

    template <std::size_t T, std::size_t C>
    static constexpr shape<1> output_shape(shape<T, C>) {
        return {};
    }
    /// The map and the norm it was divided by.
    template <std::size_t T, std::size_t C>
    static constexpr shape<T + 1> saved_shape(shape<T, C>) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    void forward(auto y, S* map, variable<S, shape<T, C>> x) const {
        map[T] = activation_map(x.value, T, C, map);
        S total(R(0));
        for (std::size_t t = 0; t < T; ++t) {
            const S difference = map[t] - teacher[t];
            total = simd::fma(difference, difference, total);
        }
        y(0) = weight * total * S(R(1) / static_cast<R>(T));
    }
    template <std::size_t T, std::size_t C>
    void backward(auto y, const S* map, variable<S, shape<T, C>> x) const {
        // dm = 2 (m - teacher) / T; e = sum_c x^2, m = e / |e|  =>  de = (dm - m (m . dm)) / |e|, dx = 2 x de
        const S upstream = weight * y.d(0) * S(R(2) / static_cast<R>(T));
        S inner(R(0));
        for (std::size_t t = 0; t < T; ++t) inner = simd::fma(map[t], map[t] - teacher[t], inner);
        const S scale = S(R(2)) * upstream / map[T];
        for (std::size_t t = 0; t < T; ++t) {
            const S slope = scale * simd::fnma(map[t], inner, map[t] - teacher[t]);
            for (std::size_t c = 0; c < C; ++c) x.d(t, c) = simd::fma(slope, x(t, c), x.d(t, c));
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
