// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/circuit.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/repeat.hpp>

/// Circuits about what an angle can be: scaled, shifted, shared, a product, a constant, and unread entries.
namespace reference {
using namespace qvit;

inline constexpr auto scaled_angles =
    circuit<3>(apply<ry, 0>(2 * input(0)), apply<rx, 1>(-0.5 * input(1)), apply<ry, 2>(input(2) / 3),
               entangle<cnot>(ring), apply<rz, 0>(3 * weight(0)), apply<ry, 1>(-weight(1)),
               apply<rx, 2>(0.25 * weight(2)), entangle<cnot>(chain), measure<z>, measure<x>);
inline constexpr auto shifted_angles =
    circuit<3>(apply<ry>(input(0) + pi / 4), apply<rx, 1>(pi - input(1)), entangle<cnot>(ring),
               apply<ry, 0>(weight(0) - 0.7), apply<rz, 2>(2 * (weight(1) + pi / 2)), apply<ry, 2>(1 - 3 * weight(0)),
               entangle<cz>(ring), apply<rx, 1>(weight(2) + 2 * pi), measure<z>, measure<y, 1>);
/// One weight for all wires, for all edges, and again halved; one input on every wire.
inline constexpr auto shared_weights =
    circuit<4>(apply<ry>(input(0)), repeat<2>(apply<rx>(weight(0)), entangle<rzz>(ring, weight(1))),
               apply<ry>(weight(0) / 2), entangle<crx>(chain, -weight(1)), measure<z>);
/// An IQP-type feature map, twice, and weights behind it.
inline constexpr auto input_products =
    circuit<3>(repeat<2>(apply<h>, apply<rz, 0>(2 * input(0)), apply<rz, 1>(2 * input(1)), apply<rz, 2>(2 * input(2)),
                         apply<rzz, 0, 1>(input(0) * input(1)), apply<rzz, 1, 2>(0.5 * (input(1) * input(2)) - pi / 4)),
               rotate<ry>, entangle<cnot>(ring), measure<z>);
/// x^2, whose derivative is 2 x, beside x itself.
inline constexpr auto input_squared =
    circuit<2>(apply<ry, 0>(input(0) * input(0)), apply<rx, 1>(input(0)), entangle<cnot>(ring),
               apply<ry, 1>(-0.5 * (input(1) * input(0))), rotate<rx>, measure<z>, measure<x, 0>);
/// Constants that are Cliffords, between rotations that are not.
inline constexpr auto quarter_turns =
    circuit<3>(encode<ry>, apply<rx, 0>(pi / 2), apply<ry, 1>(-pi / 2), apply<rz, 2>(pi), entangle<cnot>(ring),
               rotate<rx>, apply<p, 1>(pi / 2), apply<rxx, 0, 2>(pi / 2), apply<u3, 2>(pi / 2, pi, -pi / 2), rotate<ry>,
               apply<rzz, 1, 0>(-pi / 2), apply<ryy, 1, 2>(pi), apply<crz, 0, 1>(pi), apply<cp, 2, 0>(pi),
               apply<rot, 0>(pi / 2, -pi / 2, pi), apply<rbs, 1, 2>(pi / 2), apply<ry, 0>(2 * pi), rotate<rz>,
               apply<crx, 0, 2>(2 * pi), apply<rx, 2>(-3 * pi / 2), measure<z>, measure<x>);
inline constexpr auto eighth_turns =
    circuit<3>(encode<rx>, apply<rz, 0>(pi / 4), apply<ry, 1>(3 * pi / 4), entangle<cnot>(ring), apply<p, 2>(-pi / 4),
               rotate<ry>, apply<cp, 0, 1>(pi / 4), apply<rzz, 2, 1>(pi / 4), apply<cry, 1, 0>(pi / 4),
               apply<u3, 0>(pi / 4, -pi / 4, 5 * pi / 4), rotate<rx>, measure<z>, measure<y, 0>);
inline constexpr auto odd_constants =
    circuit<3>(apply<ry>(0.3), encode<ry>, entangle<cnot>(ring), apply<rx>(-1.7), rotate<ry>, apply<rz, 1>(2.9),
               apply<rz, 1>(-2.9), apply<rxx, 2, 0>(0.11), apply<rx, 0>(1e-3), entangle<cz>(ring), rotate<rx, 1, 2>,
               apply<ry, 2>(0.0), measure<z>);
/// A weight and its opposite: across a CNOT they do not cancel, next to each other they do.
inline constexpr auto opposite_angles =
    circuit<2>(encode<ry>, apply<ry, 1>(weight(0)), apply<cnot, 0, 1>, apply<ry, 1>(-weight(0)), apply<cnot, 0, 1>,
               apply<rx, 0>(weight(1)), apply<rx, 0>(-weight(1)), apply<rz, 1>(input(0)), apply<ry, 1>(weight(2)),
               apply<rz, 1>(-input(0)), measure<z>, measure<x>);
/// Weights 0 and 4 of six are read by one gate each, 1 with the factor zero, the others by none.
inline constexpr auto gaps_in_weights =
    circuit<2>(apply<ry, 0>(input(3)), apply<ry, 1>(weight(4)), apply<rx, 0>(0 * weight(1) + 0.4), entangle<cnot>(ring),
               apply<rx, 1>(weight(0)), apply<id, 0>, apply<rz, 0>(0 * weight(5)), measure<z>);
/// One number in all angles of one gate, and in neighbours that a simplifier would join.
inline constexpr auto one_number_everywhere =
    circuit<2>(apply<u3, 0>(weight(0), weight(0), weight(0)), apply<rot, 1>(input(0), input(0), input(0)),
               apply<cnot, 1, 0>, apply<ry, 0>(weight(0)), apply<ry, 0>(2 * weight(0) - 1), apply<rz, 0>(input(0)),
               apply<p, 0>(input(0)), apply<rz, 0>(0.5), apply<crz, 0, 1>(weight(0)), apply<cp, 1, 0>(weight(0)),
               apply<rx>(input(0)), measure<z>, measure<y>);

template <class Visit>
void for_each_angle_circuit(Visit&& visit) {
    visit.template operator()<scaled_angles>("scaled_angles");
    visit.template operator()<shifted_angles>("shifted_angles");
    visit.template operator()<shared_weights>("shared_weights");
    visit.template operator()<input_products>("input_products");
    visit.template operator()<input_squared>("input_squared");
    visit.template operator()<quarter_turns>("quarter_turns");
    visit.template operator()<eighth_turns>("eighth_turns");
    visit.template operator()<odd_constants>("odd_constants");
    visit.template operator()<opposite_angles>("opposite_angles");
    visit.template operator()<gaps_in_weights>("gaps_in_weights");
    visit.template operator()<one_number_everywhere>("one_number_everywhere");
}

}  // namespace reference
