// SPDX-License-Identifier: Apache-2.0
// What a user of the parts of circuits may rely on at compile time, for the paper's circuits and its siblings'.
#include <concepts>
#include <cstddef>
#include <type_traits>

#include <qvit/circuit/amplitude_encoding.hpp>
#include <qvit/circuit/ansatz.hpp>
#include <qvit/circuit/apply.hpp>
#include <qvit/circuit/apply_matrix.hpp>
#include <qvit/circuit/butterfly.hpp>
#include <qvit/circuit/encode_iqp.hpp>
#include <qvit/circuit/encodings.hpp>
#include <qvit/circuit/entangle.hpp>
#include <qvit/circuit/inverse.hpp>
#include <qvit/circuit/inverted.hpp>
#include <qvit/circuit/measure.hpp>
#include <qvit/circuit/measure_probabilities.hpp>
#include <qvit/circuit/measure_strings.hpp>
#include <qvit/circuit/pyramid.hpp>
#include <qvit/circuit/repeat.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/simplified.hpp>
#include <qvit/circuit/stays_real.hpp>
#include <qvit/circuit/strongly_entangling.hpp>
#include <qvit/circuit/x_shape.hpp>

namespace {
using namespace qvit;

template <std::size_t Width, std::size_t Layers = 1>
constexpr auto projection = circuit<Width>(encode<ry>, repeat<Layers>(rotate<ry>, entangle<cnot>(ring)), measure<z>);

// A projection of n wires has n weights per layer, not n^2 + n.
static_assert(projection<4>.parameters == 4 && projection<8>.parameters == 8 && projection<8, 3>.parameters == 24);
static_assert(projection<4>.inputs == 4 && projection<4>.outputs == 4 && projection<4>.width == 4);
static_assert(stays_real(projection<4>) && projection<4>.depth() == 6);

// A circuit is an ordinary constant: a trivially copyable value without pointers, which can be a template argument by
// reference and can be compared.
static_assert(std::is_trivially_copyable_v<std::remove_const_t<decltype(projection<4>)>>);
static_assert(is_circuit<projection<4>>);
constexpr int not_a_circuit = 4;
static_assert(!is_circuit<not_a_circuit>);
static_assert(projection<4>.gates == circuit<4>(encode<ry>, basic_entangler<1>(), measure<z>).gates);

// Wrong kinds of gates are refused where they are written, as overloads that do not exist.
template <operation Kind>
constexpr bool can_encode = requires {
    encode<Kind>;
};
template <operation Kind, std::size_t... Wires>
constexpr bool can_apply = requires {
    apply<Kind, Wires...>;
};
template <operation Kind, std::size_t... Wires>
constexpr bool can_rotate = requires {
    rotate<Kind, Wires...>;
};
template <operation Kind>
constexpr bool can_measure = requires {
    measure<Kind>;
};
template <operation Kind>
constexpr bool can_entangle = requires {
    entangle<Kind>(ring);
};
template <operation Kind>
constexpr bool can_entangle_strongly = requires {
    strongly_entangling<1, Kind>();
};
template <operation Kind>
constexpr bool can_observe = requires {
    pauli_on<Kind, 0>;
};
static_assert(can_encode<rx> && can_encode<ry> && can_encode<p> && !can_encode<h> && !can_encode<cnot> &&
              !can_encode<u3> && !can_encode<crx>);
static_assert(can_apply<h> && can_apply<x, 1, 5> && !can_apply<cnot> && can_apply<cnot, 0, 1> &&
              !can_apply<cnot, 0, 1, 2> && can_apply<ccx, 0, 1, 2> && !can_apply<unitary1, 0>);
static_assert(can_rotate<ry> && can_rotate<rot, 1> && can_rotate<crx, 0, 1> && !can_rotate<crx> && !can_rotate<h>);
static_assert(can_measure<x> && can_measure<y> && can_measure<z> && !can_measure<h> && !can_measure<ry>);
static_assert(can_entangle<cnot> && can_entangle<cz> && can_entangle<rbs> && !can_entangle<h> && !can_entangle<ry> &&
              !can_entangle<ccx> && !can_entangle<unitary2>);
static_assert(can_entangle_strongly<cz> && !can_entangle_strongly<crx> && !can_entangle_strongly<h>);
static_assert(can_observe<x> && !can_observe<h> && !can_observe<id>);

// A gate with angles is no part of a circuit until it has them, as many as it takes.
static_assert(circuit_part<decltype(apply<h>), 4> && circuit_part<decltype(apply<ry>(0.5)), 4>);
static_assert(!std::invocable<decltype(apply<ry>)> && !std::invocable<decltype(apply<ry>), angle, angle> &&
              std::invocable<decltype(apply<u3>), angle, angle, double>);

// The sibling systems' circuits. Orthogonal layers: d (d - 1) / 2, 2 d - 3 and (d / 2) log2 d weights at d = 16.
static_assert(circuit<16>(orthogonal(pyramid), measure<z>).parameters == 120 &&
              circuit<16>(orthogonal(x_shape), measure<z>).parameters == 29 &&
              circuit<16>(orthogonal(butterfly), measure<z>).parameters == 32);
// Unlu et al.: 3 n + 1 weights for a scalar query, 3 n for a value.
constexpr auto query = circuit<4>(encode<ry>, rotate<rx>, rotate<ry>, entangle<cnot>(ring), rotate<ry>,
                                  entangle<cnot>(ring), rotate<ry, 0>, measure<z, 0>);
constexpr auto value = circuit<4>(encode<ry>, rotate<rx>, rotate<ry>, entangle<cnot>(ring), rotate<ry>, measure<z>);
static_assert(query.parameters == 13 && query.outputs == 1 && value.parameters == 12 && value.outputs == 4);

// Passes keep what a circuit reads and measures; a circuit that is constant stays one.
constexpr auto projection4 = projection<4, 2>;
constexpr auto undone = inverted<projection4>();
constexpr auto smaller = simplified<projection4>();
static_assert(undone.gate_count == projection4.gate_count && undone.parameters == 8 && undone.outputs == 4);
static_assert(smaller.gates == projection4.gates);  // x_i + theta_i is no angle of one source: it stays two gates
static_assert(is_circuit<undone> && is_circuit<smaller>);
static_assert(std::is_trivially_copyable_v<std::remove_const_t<decltype(undone)>>);

// An entry's number does not wrap: amplitudes of 20 wires are a million inputs.
static_assert(input(65536) != input(0) && (weight(70000) == angle{angle_source::weight, 70000}));
static_assert(circuit<17>(encode_amplitudes, encode_from<131072, ry, 0>, measure<z, 0>).inputs == 131073);
}  // namespace
