// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/simd/lanes.hpp>
#include <qvit/tensor/accumulate.hpp>
#include <qvit/tensor/matrix_view.hpp>
#include <qvit/tensor/op.hpp>
#include <qvit/tensor/variable.hpp>

namespace qvit::inline QVIT_ABI {

/// The sum of a product runs over InnerOfA elements of a and over InnerOfB of b.
template <std::size_t InnerOfA, std::size_t InnerOfB>
concept inner_dimensions_agree = (InnerOfA == InnerOfB);
/// Batched products pair the matrices of two tensors.
template <std::size_t MatricesOfA, std::size_t MatricesOfB>
concept batches_agree = (MatricesOfA == MatricesOfB);

/// y = op(a) op(b), op(m) being m or m transposed: torch.matmul of two matrices, torch.bmm of H x M x K and H x K x N
/// tensors with the same H. Other shapes do not compile.
///
/// Each factor is an activation, a parameter (e.g. a learnt mixing of tokens) or a constant. Cost: M K N multiply-adds
/// forward, the same back for each factor with a gradient, in register tiles of 4 x 4; nothing is copied or kept.
///
///     auto y = tape.apply(matmul{}, a, b);            // a b:   M x K, K x N -> M x N
///     auto scores = tape.apply(matmul_bt{}, q, k);    // q k^T: M x K, N x K -> M x N
///     auto gram = tape.apply(matmul_at{}, x, x);      // x^T x: K x M, K x N -> M x N
template <bool TransposeA, bool TransposeB>
struct matmul_op {
    static constexpr const char* name = TransposeA ? "matmul a^T b" : TransposeB ? "matmul a b^T" : "matmul";
    static constexpr bool takes_constants = true;

    template <std::size_t M, std::size_t K, std::size_t L, std::size_t N>
    static constexpr auto output_shape(shape<M, K>, shape<L, N>) {
        static_assert(inner_dimensions_agree < TransposeA ? M : K, TransposeB ? N : L >,
                      "[qvit::matmul] the sum runs over different numbers of elements: a b needs M x K and K x N, "
                      "a b^T M x K and N x K, a^T b K x M and K x N.");
        return shape < TransposeA ? K : M, TransposeB ? L : N > {};
    }
    template <std::size_t H, std::size_t M, std::size_t K, std::size_t G, std::size_t L, std::size_t N>
    static constexpr auto output_shape(shape<H, M, K>, shape<G, L, N>) {
        static_assert(batches_agree<H, G>, "[qvit::matmul] both tensors must hold the same number of matrices.");
        using one = decltype(output_shape(shape<M, K>{}, shape<L, N>{}));
        return shape<H, one::template static_extent<0>, one::template static_extent<1>>{};
    }
    static constexpr std::size_t multiply_adds(auto a, auto b) {
        constexpr std::size_t inner = decltype(a)::rank - (TransposeA ? 2 : 1);
        return output_shape(a, b).size() * a.extent(inner);
    }

    template <class S>
    static void forward(auto y, S*, auto a, auto b) {
        for (std::size_t i = 0; i < matrices<decltype(y)>; ++i)
            for_each_product<S>(matrix<false>(y, y.value, i), matrix<TransposeA>(a, a.value, i),
                                matrix<TransposeB>(b, b.value, i),
                                [](S& entry, S sum) QVIT_INLINE_LAMBDA { entry = sum; });
    }
    /// y = a b  =>  da += dy b^T, db += a^T dy.
    template <class S>
    static void backward(auto y, const S*, auto a, auto b) {
        auto add = [](auto& entry, S sum) QVIT_INLINE_LAMBDA { accumulate(entry, sum); };
        for (std::size_t i = 0; i < matrices<decltype(y)>; ++i) {
            const auto dy = matrix<false>(y, y.gradient, i);
            if (a.gradient != nullptr)
                for_each_product<S>(matrix<TransposeA>(a, a.gradient, i), dy,
                                    matrix<TransposeB>(b, b.value, i).transposed(), add);
            if (b.gradient != nullptr)
                for_each_product<S>(matrix<TransposeB>(b, b.gradient, i),
                                    matrix<TransposeA>(a, a.value, i).transposed(), dy, add);
        }
    }

  private:
    template <class Variable>
    static constexpr std::size_t matrices =
        Variable::shape_type::rank == 3 ? Variable::shape_type::template static_extent<0> : 1;

    /// Matrix i of v's values or gradients, transposed or not.
    template <bool Transposed, class Element>
    static constexpr auto matrix(auto v, Element* data, std::size_t i) {
        using extents = typename decltype(v)::shape_type;
        constexpr std::size_t rows = extents::template static_extent<extents::rank - 2>;
        constexpr std::size_t columns = extents::template static_extent<extents::rank - 1>;
        const matrix_view<Element, rows, columns, columns, 1> view{data + i * rows * columns};
        if constexpr (Transposed)
            return view.transposed();
        else
            return view;
    }
};

using matmul = matmul_op<false, false>;
using matmul_bt = matmul_op<false, true>;
using matmul_at = matmul_op<true, false>;

}  // namespace qvit::inline QVIT_ABI
