// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/tensor/linear_map.hpp>

namespace qvit::inline QVIT_ABI {

namespace detail {
/// 1 / sqrt(n) by Newton's method: std::sqrt is not constexpr in C++20.
constexpr double inverse_square_root(double n) {
    double root = n;
    for (int i = 0; i < 64; ++i) root = 0.5 * (root + n / root);
    return 1 / root;
}
}  // namespace detail

/// Tokens x In -> tokens x Out with a weight [Out, In] and a bias [Out]; torch.nn.Linear and its start values.
///
/// Out may be `dynamic`: a classifier's head, whose number of classes is given to the constructor.
///
///     constexpr linear<4, 8> expand;  auto y = expand(tape, x);
template <std::size_t In, std::size_t Out>
struct linear {
    using weight_parameter = parameter<shape<Out, In>>;
    using bias_parameter = parameter<shape<Out>>;
    BOOST_HANA_DEFINE_STRUCT(linear, (weight_parameter, weight), (bias_parameter, bias));

    constexpr linear() requires(Out != dynamic) : weight{{}, start(), true}, bias{{}, start(), false} {}
    constexpr explicit linear(std::size_t outputs) requires(Out == dynamic)
        : weight{shape<Out, In>(outputs), start(), true}, bias{shape<Out>(outputs), start(), false} {}

    constexpr auto operator()(auto& tape, auto x) const {
        return tape.apply(linear_map{}, x, tape.use(weight), tape.use(bias));
    }

  private:
    static constexpr initializer start() {
        return initializer::uniform(detail::inverse_square_root(static_cast<double>(In)));
    }
};

}  // namespace qvit::inline QVIT_ABI
