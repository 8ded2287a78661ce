// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// similarities[i, j] = x[i] . x[j], every row divided by its Euclidean norm, which goes to norms[i]; x is
/// `tokens` x `channels`. What a teacher of any width tells of the tokens of an image.
template <class S>
void token_similarities(const S* x, std::size_t tokens, std::size_t channels, S* similarities, S* norms) {
    using R = real_of<S>;
    for (std::size_t i = 0; i < tokens; ++i) {
        S* const row = similarities + i * tokens;
        S squares(R(0));
        for (std::size_t j = 0; j < tokens; ++j) {
            row[j] = S(R(0));
            for (std::size_t c = 0; c < channels; ++c)
                row[j] = simd::fma(x[i * channels + c], x[j * channels + c], row[j]);
            squares = simd::fma(row[j], row[j], squares);
        }
        norms[i] = simd::maximum(simd::sqrt(squares), S(R(1e-12)));
        for (std::size_t j = 0; j < tokens; ++j) row[j] = row[j] / norms[i];
    }
}

/// y[0] = weight * mean over i, j of (similarities[i, j] - teacher[i, j])^2 for the token_similarities of T x C tokens:
/// similarity-preserving distillation (arXiv:1907.09682, eq. 4).
///
/// The paper relates the images of a batch; here it is the tokens within one image, because an image is on one lane:
/// the loss stays a sum over images, no matter how a batch is cut into blocks and threads. `teacher` holds T x T lanes,
/// `weight` one lane each as for cross_entropy. Cost: T T C multiply-adds forward, twice that back.
///
///     tape.apply(similarity_loss<S>{teacher, weight}, model.encode(tape, images));
template <class S>
struct similarity_loss {
    static constexpr const char* name = "similarity loss";
    using R = real_of<S>;
    const S* teacher = nullptr;
    S weight{};

    template <std::size_t T, std::size_t C>
    static constexpr shape<1> output_shape(shape<T, C>) {
        return {};
    }
    /// The similarities, then the norms.
    template <std::size_t T, std::size_t C>
    static constexpr shape<T + 1, T> saved_shape(shape<T, C>) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, C>) {
        return T * T * C;
    }
    template <std::size_t T, std::size_t C>
    void forward(auto y, S* saved, variable<S, shape<T, C>> x) const {
        token_similarities(x.value, T, C, saved, saved + T * T);
        S total(R(0));
        for (std::size_t i = 0; i < T * T; ++i) {
            const S difference = saved[i] - teacher[i];
            total = simd::fma(difference, difference, total);
        }
        y(0) = weight * total * S(R(1) / static_cast<R>(T * T));
    }
    template <std::size_t T, std::size_t C>
    void backward(auto y, const S* saved, variable<S, shape<T, C>> x) const {
        const S upstream = weight * y.d(0) * S(R(2) / static_cast<R>(T * T));
        for (std::size_t i = 0; i < T; ++i) {
            // n = g / |g|, dn = 2 (n - teacher) / T^2  =>  dg[j] = (dn[j] - n[j] (n . dn)) / |g|; g[j] = x[i] . x[j]
            const S* const n = saved + i * T;
            const S* const lesson = teacher + i * T;
            S inner(R(0));
            for (std::size_t j = 0; j < T; ++j) inner = simd::fma(n[j], n[j] - lesson[j], inner);
            const S scale = upstream / saved[T * T + i];
            for (std::size_t j = 0; j < T; ++j) {
                const S slope = scale * simd::fnma(n[j], inner, n[j] - lesson[j]);
                for (std::size_t c = 0; c < C; ++c) {
                    x.d(i, c) = simd::fma(slope, x(j, c), x.d(i, c));
                    x.d(j, c) = simd::fma(slope, x(i, c), x.d(j, c));
                }
            }
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
