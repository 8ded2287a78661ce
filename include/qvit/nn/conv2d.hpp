// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/nn/linear.hpp>
#include <qvit/tensor/conv2d.hpp>

namespace qvit::inline QVIT_ABI {

/// In x rows x columns -> Out x rows' x columns' with a weight [Out, In, Kernel, Kernel] and a bias [Out];
/// torch.nn.Conv2d and its start values. Shapes and cost: see conv2d_op.
///
///     constexpr conv2d<3, 8, 3, 2, 1> halve;  auto y = halve(tape, image);   // 3 x 28 x 28 -> 8 x 14 x 14
template <std::size_t In, std::size_t Out, std::size_t Kernel, std::size_t Stride = 1, std::size_t Padding = 0>
struct conv2d {
    using weight_parameter = parameter<shape<Out, In, Kernel, Kernel>>;
    using bias_parameter = parameter<shape<Out>>;
    BOOST_HANA_DEFINE_STRUCT(conv2d, (weight_parameter, weight), (bias_parameter, bias));

    constexpr conv2d() : weight{{}, start(), true}, bias{{}, start(), false} {}

    constexpr auto operator()(auto& tape, auto x) const {
        return tape.apply(conv2d_op<Stride, Padding>{}, x, tape.use(weight), tape.use(bias));
    }

  private:
    static constexpr initializer start() {
        return initializer::uniform(detail::inverse_square_root(static_cast<double>(In * Kernel * Kernel)));
    }
};

}  // namespace qvit::inline QVIT_ABI
