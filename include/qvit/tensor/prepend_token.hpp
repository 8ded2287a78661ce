// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/op.hpp>

namespace qvit::inline QVIT_ABI {

/// Puts a learned token (1 x C, the class token) before T tokens: (T + 1) x C; torch.cat((token, x), dim=0).
struct prepend_token {
    static constexpr const char* name = "prepend token";

    template <std::size_t T, std::size_t C>
    static constexpr shape<T + 1, C> output_shape(shape<T, C>, shape<1, C>) {
        return {};
    }
    template <class S, std::size_t T, std::size_t C>
    static void forward(auto y, S*, variable<S, shape<T, C>> x, auto token) {
        for (std::size_t c = 0; c < C; ++c) y(0, c) = S(token(0, c));
        for (std::size_t i = 0; i < T * C; ++i) y.value[C + i] = x.value[i];
    }
    template <class S, std::size_t T, std::size_t C>
    static void backward(auto y, const S*, variable<S, shape<T, C>> x, auto token) {
        for (std::size_t c = 0; c < C; ++c) accumulate(token.d(0, c), y.d(0, c));
        for (std::size_t i = 0; i < T * C; ++i) x.gradient[i] += y.gradient[C + i];
    }
};

}  // namespace qvit::inline QVIT_ABI
