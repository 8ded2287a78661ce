// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// y[0, c] = mean over tokens of x[t, c]: T x C -> 1 x C.
struct mean_over_tokens {
    static constexpr const char* name = "mean over tokens";

    template <std::size_t T, std::size_t C>
    static constexpr shape<1, C> output_shape(shape<T, C>) {
        return {};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x) {
        for (std::size_t c = 0; c < C; ++c) {
            S total(real_of<S>(0));
            for (std::size_t t = 0; t < T; ++t) total += x(t, c);
            y(0, c) = total * S(real_of<S>(1) / real_of<S>(T));
        }
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x) {
        for (std::size_t c = 0; c < C; ++c) {
            const S share = y.d(0, c) * S(real_of<S>(1) / real_of<S>(T));
            for (std::size_t t = 0; t < T; ++t) x.d(t, c) += share;
        }
    }
};

/// y[0, c] = x[0, c]: the class token, T x C -> 1 x C.
struct first_token {
    static constexpr const char* name = "class token";

    template <std::size_t T, std::size_t C>
    static constexpr shape<1, C> output_shape(shape<T, C>) {
        return {};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x) {
        for (std::size_t c = 0; c < C; ++c) y(0, c) = x(0, c);
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x) {
        for (std::size_t c = 0; c < C; ++c) x.d(0, c) += y.d(0, c);
    }
};

}  // namespace qvit::inline QVIT_ABI
