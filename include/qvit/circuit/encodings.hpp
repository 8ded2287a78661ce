// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/repeat.hpp>

namespace qvit::inline QVIT_ABI {

/// A gate of one wire and one angle: what an input can be written into.
template <operation Kind>
concept takes_an_input = (wires_of(Kind) == 1 && angles_of(Kind) == 1);

namespace detail {
/// Wire i takes factor * input[stride * i + first].
struct input_of_wire {
    std::size_t first = 0;
    std::size_t stride = 1;
    double factor = 1;
    constexpr void write(auto& writer, gate& g) const {
        writer.set_angle(g, 0, factor * input(stride * g.wires[0] + first));
    }
};
template <operation Kind, std::size_t... Wires>
using encode_part = gates_part<Kind, input_of_wire, Wires...>;
template <operation First, operation Second, std::size_t... Wires>
using encode_dense_part = repeat_part<1, encode_part<First, Wires...>, encode_part<Second, Wires...>>;
}  // namespace detail

/// Angle encoding that starts at another input: wire i takes x_{First + i}, on each given wire, on all if none is
/// given.
///
/// For a second vector after the first, e.g. of the circuit that compares a query with a key:
///
///     circuit<4>(encode<ry>, inverse(encode_from<4, ry>), measure_probabilities<>)
template <std::size_t First, operation Kind, std::size_t... Wires>
requires takes_an_input<Kind>
inline constexpr detail::encode_part<Kind, Wires...> encode_from{{First, 1, 1}};

/// Dense angle encoding, two inputs a wire: First(x_{2i}) on wire i, then Second(x_{2i+1}), on each given wire, on all
/// if none is given. Source: LaRose and Coyle, arXiv:2003.01695, with the angles as they are.
///
///     circuit<4>(encode_dense<ry, rz>, rotate<ry>, entangle<cnot>(ring), measure<z>)   // 8 inputs
template <operation First, operation Second, std::size_t... Wires>
requires(takes_an_input<First>&&
             takes_an_input<Second>) inline constexpr detail::encode_dense_part<First, Second, Wires...> encode_dense{
    {{{0, 2, 1}}, {{1, 2, 1}}}};

/// Basis encoding: RY(pi x_i) on wire i takes |0> to |x_i> for x_i in {0, 1}, and between them for what is between; on
/// each given wire, on all if none is given.
///
///     circuit<4>(encode_basis<>, apply<h>, measure<z>)
template <std::size_t... Wires>
inline constexpr detail::encode_part<ry, Wires...> encode_basis{{0, 1, pi}};

}  // namespace qvit::inline QVIT_ABI
