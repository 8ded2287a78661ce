// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/softmax.hpp>

namespace qvit::inline QVIT_ABI {

/// y = x - log of the sum of exp x over the last axis, for a tensor of any rank, rows of one C; torch.log_softmax(x,
/// -1). Any extent may be dynamic. Cost: an exp per element each way.
///
///     auto log_probabilities = tape.apply(log_softmax_op{}, logits);
struct log_softmax_op {
    static constexpr const char* name = "log softmax";

    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    template <class S>
    static void forward(auto y, S*, auto x) {
        const std::size_t columns = x.extents.extent(decltype(x.extents)::rank - 1);
        for (std::size_t row = 0; row < x.size(); row += columns) {
            const S* const from = x.value + row;
            S largest = from[0];
            for (std::size_t c = 1; c < columns; ++c) largest = simd::maximum(largest, from[c]);
            S total(real_of<S>(0));
            for (std::size_t c = 0; c < columns; ++c) total += simd::exp(from[c] - largest);
            const S log_total = simd::log(total);
            for (std::size_t c = 0; c < columns; ++c) y.value[row + c] = (from[c] - largest) - log_total;
        }
    }
    template <class S>
    static void backward(auto y, const S*, auto x) {
        const std::size_t columns = x.extents.extent(decltype(x.extents)::rank - 1);
        for (std::size_t row = 0; row < x.size(); row += columns) {
            const S* const dy = y.gradient + row;
            S total(real_of<S>(0));
            for (std::size_t c = 0; c < columns; ++c) total += dy[c];
            for (std::size_t c = 0; c < columns; ++c)
                x.gradient[row + c] += simd::fnma(simd::exp(y.value[row + c]), total, dy[c]);
        }
    }
};

/// The softmax over the last axis of a tensor of any rank; torch.softmax(x, -1). Any extent may be dynamic.
///
///     auto probabilities = tape.apply(softmax_op{}, logits);
struct softmax_op {
    static constexpr const char* name = "softmax";

    template <class Shape>
    static constexpr Shape output_shape(Shape x) {
        return x;
    }
    template <class S>
    static void forward(auto y, S*, auto x) {
        const std::size_t columns = x.extents.extent(decltype(x.extents)::rank - 1);
        for (std::size_t i = 0; i < x.size(); ++i) y.value[i] = x.value[i];
        for (std::size_t row = 0; row < x.size(); row += columns) softmax_forward(y.value + row, columns);
    }
    template <class S>
    static void backward(auto y, const S*, auto x) {
        const std::size_t columns = x.extents.extent(decltype(x.extents)::rank - 1);
        for (std::size_t row = 0; row < x.size(); row += columns) {
            const S* const p = y.value + row;
            const S* const dp = y.gradient + row;
            S inner(real_of<S>(0));
            for (std::size_t c = 0; c < columns; ++c) inner = simd::fma(p[c], dp[c], inner);
            for (std::size_t c = 0; c < columns; ++c)
                x.gradient[row + c] = simd::fma(p[c], dp[c] - inner, x.gradient[row + c]);
        }
    }
};

}  // namespace qvit::inline QVIT_ABI
