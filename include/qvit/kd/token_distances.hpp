// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// distances[i, j] = |x[i] - x[j]|, divided by their mean over i != j, which is returned; x is `tokens` x `channels`,
/// two tokens at least. What a teacher of any width tells of the tokens of an image.
template <class S>
S token_distances(const S* x, std::size_t tokens, std::size_t channels, S* distances) {
    using R = real_of<S>;
    S sum(R(0));
    for (std::size_t i = 0; i < tokens; ++i) {
        distances[i * tokens + i] = S(R(0));
        for (std::size_t j = 0; j < i; ++j) {
            S squares(R(0));
            for (std::size_t c = 0; c < channels; ++c) {
                const S difference = x[i * channels + c] - x[j * channels + c];
                squares = simd::fma(difference, difference, squares);
            }
            const S distance = simd::sqrt(simd::maximum(squares, S(R(1e-12))));
            distances[i * tokens + j] = distances[j * tokens + i] = distance;
            sum += distance;
        }
    }
    const S mean = sum * S(R(2) / static_cast<R>(tokens * (tokens - 1)));
    for (std::size_t i = 0; i < tokens * tokens; ++i) distances[i] = distances[i] / mean;
    return mean;
}

/// Two tokens at least have a distance.
template <std::size_t Tokens>
concept tokens_have_distances = (Tokens > 1);

/// y[0] = weight * mean over i, j of huber(distances[i, j] - teacher[i, j]) for the token_distances of T x C tokens:
/// relational distillation by distance (arXiv:1904.05068, eqs. 5 to 7); huber(d) is d^2 / 2 up to 1, |d| - 1/2 beyond.
///
/// As with similarity_loss, tokens within an image are related, not images of a batch. `teacher` holds T x T lanes,
/// `weight` one lane each as for cross_entropy. Cost: T T C / 2 multiply-adds and T T / 2 square roots forward.
///
///     tape.apply(distance_loss<S>{teacher, weight}, model.encode(tape, images));
template <class S>
struct distance_loss {
    static constexpr const char* name = "distance loss";
    using R = real_of<S>;
    const S* teacher = nullptr;
    S weight{};

    template <std::size_t T, std::size_t C>
    static constexpr shape<1> output_shape(shape<T, C>) {
        static_assert(tokens_have_distances<T>, "[qvit::distance_loss] there must be two tokens at least.");
        return {};
    }
    /// The distances, then their mean.
    template <std::size_t T, std::size_t C>
    static constexpr shape<T * T + 1> saved_shape(shape<T, C>) {
        return {};
    }
    template <std::size_t T, std::size_t C>
    static constexpr std::size_t multiply_adds(shape<T, C>) {
        return T * (T - 1) / 2 * C;
    }
    template <std::size_t T, std::size_t C>
    void forward(auto y, S* saved, variable<S, shape<T, C>> x) const {
        saved[T * T] = token_distances(x.value, T, C, saved);
        S total(R(0));
        for (std::size_t i = 0; i < T * T; ++i) {
            // With s the difference cut off at -1 and 1, huber(d) = s (d - s / 2).
            const S difference = saved[i] - teacher[i];
            const S s = slope(difference);
            total = simd::fma(s, simd::fnma(s, S(R(0.5)), difference), total);
        }
        y(0) = weight * total * S(R(1) / static_cast<R>(T * T));
    }
    template <std::size_t T, std::size_t C>
    void backward(auto y, const S* saved, variable<S, shape<T, C>> x) const {
        // r = d / m, m the mean of d over T (T - 1) pairs  =>  dd = (dr - sum(r dr) / (T (T - 1))) / m
        const S mean = saved[T * T];
        const S upstream = weight * y.d(0) * S(R(1) / static_cast<R>(T * T)) / mean;
        S inner(R(0));
        for (std::size_t i = 0; i < T * T; ++i) inner = simd::fma(saved[i], slope(saved[i] - teacher[i]), inner);
        inner *= S(R(1) / static_cast<R>(T * (T - 1)));
        for (std::size_t i = 0; i < T; ++i)
            for (std::size_t j = 0; j < i; ++j) {
                const std::size_t above = i * T + j, below = j * T + i;  // one distance, twice in the sum
                const S both = slope(saved[above] - teacher[above]) + slope(saved[below] - teacher[below]);
                const S by_distance = upstream * simd::fnma(S(R(2)), inner, both) / (saved[above] * mean);
                for (std::size_t c = 0; c < C; ++c) {
                    const S difference = x(i, c) - x(j, c);
                    x.d(i, c) = simd::fma(by_distance, difference, x.d(i, c));
                    x.d(j, c) = simd::fnma(by_distance, difference, x.d(j, c));
                }
            }
    }

  private:
    /// The derivative of huber: the difference, cut off at -1 and 1.
    static QVIT_INLINE S slope(S difference) {
        return -simd::maximum(-simd::maximum(difference, S(R(-1))), S(R(-1)));
    }
};

}  // namespace qvit::inline QVIT_ABI
