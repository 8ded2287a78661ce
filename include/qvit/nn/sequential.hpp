// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <utility>

#include <boost/hana/tuple.hpp>

#include <qvit/core/config.hpp>

namespace qvit::inline QVIT_ABI {

/// Modules one after the other, each on the output of the one before; torch.nn.Sequential.
///
/// Parameters are named by position: `0.weight`, `2.fc1.bias`. Shapes that do not fit do not compile, with the message
/// of the module that is given them. No modules: x itself.
///
///     constexpr sequential head(layer_norm<8>(), linear<8, 16>(), activation<gelu_op>(), dropout(0.1), linear<16,
///     5>());
template <class... Modules>
struct sequential {
    boost::hana::tuple<Modules...> modules;

    constexpr sequential() = default;
    constexpr explicit sequential(Modules... in_order) requires(sizeof...(Modules) > 0) : modules(in_order...) {}

    constexpr auto operator()(auto& tape, auto x) const { return from<0>(tape, x); }

    /// Calls visit(position, module) in order; names and offsets of parameters are given through it.
    static constexpr void for_each_module(auto& self, auto&& visit) {
        [&]<std::size_t... I>(std::index_sequence<I...>) { (visit(I, boost::hana::at_c<I>(self.modules)), ...); }
        (std::index_sequence_for<Modules...>{});
    }

  private:
    template <std::size_t Next>
    constexpr auto from(auto& tape, auto x) const {
        if constexpr (Next == sizeof...(Modules))
            return x;
        else
            return from<Next + 1>(tape, boost::hana::at_c<Next>(modules)(tape, x));
    }
};

/// An operation without parameters as a module, e.g. an activation function between two layers.
///
///     sequential(linear<8, 16>(), activation<relu_op>(), linear<16, 8>())
template <class Op>
struct activation {
    [[no_unique_address]] Op op{};
    constexpr auto operator()(auto& tape, auto x) const { return tape.apply(op, x); }
};

}  // namespace qvit::inline QVIT_ABI
