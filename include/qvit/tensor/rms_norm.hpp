// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

template <std::size_t ColumnsOfX, std::size_t EntriesOfGain>
concept gain_fits = (ColumnsOfX == EntriesOfGain);

/// y[t, c] = gain[c] x[t, c] / sqrt(mean over c of x[t, c]^2 + 1e-6): a layer norm without mean and bias
/// (arXiv:1910.07467), of the rows of a matrix T x C with a parameter of C. Another gain does not compile.
///
///     auto y = tape.apply(rms_norm_op{}, x, tape.use(gain));
struct rms_norm_op {
    static constexpr const char* name = "rms norm";
    static constexpr double epsilon = 1e-6;

    template <std::size_t T, std::size_t C, std::size_t G>
    static constexpr shape<T, C> output_shape(shape<T, C>, shape<G>) {
        static_assert(gain_fits<C, G>, "[qvit::rms_norm] x is tokens x C and the gain must have C entries.");
        return {};
    }
    template <std::size_t T, std::size_t C, std::size_t G>
    static constexpr shape<T> saved_shape(shape<T, C>, shape<G>) {
        return {};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S* scale, variable<S, shape<T, C>> x, auto gain) {
        using R = real_of<S>;
        for (std::size_t t = 0; t < T; ++t) {
            S squares(R(0));
            for (std::size_t c = 0; c < C; ++c) squares = simd::fma(x(t, c), x(t, c), squares);
            scale[t] = S(R(1)) / simd::sqrt(simd::fma(squares, S(R(1) / static_cast<R>(C)), S(R(epsilon))));
            for (std::size_t c = 0; c < C; ++c) y(t, c) = x(t, c) * scale[t] * S(gain(c));
        }
    }
    /// With n = x scale: dx = scale (gain dy - n mean(gain dy n)).
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S* scale, variable<S, shape<T, C>> x, auto gain) {
        using R = real_of<S>;
        for (std::size_t c = 0; c < C; ++c) {
            S sum(R(0));
            for (std::size_t t = 0; t < T; ++t) sum = simd::fma(y.d(t, c), x(t, c) * scale[t], sum);
            gain.d(c) += simd::sum(sum);
        }
        for (std::size_t t = 0; t < T; ++t) {
            S inner(R(0));
            for (std::size_t c = 0; c < C; ++c) inner = simd::fma(y.d(t, c) * S(gain(c)), x(t, c), inner);
            const S along = inner * scale[t] * scale[t] * S(R(1) / static_cast<R>(C));
            for (std::size_t c = 0; c < C; ++c)
                x.d(t, c) = simd::fma(scale[t], simd::fnma(x(t, c), along, y.d(t, c) * S(gain(c))), x.d(t, c));
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
