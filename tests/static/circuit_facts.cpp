// SPDX-License-Identifier: Apache-2.0
// What a user of the layers' umbrella headers may rely on at compile time, for the paper's circuits.
#include <type_traits>

#include <qvit/circuit.hpp>
#include <qvit/statevector.hpp>

namespace {
using namespace qvit;

template <std::size_t Width, std::size_t Layers = 1>
constexpr auto projection = circuit<Width>(encode<ry>, repeat<Layers>(rotate<ry>, entangle<cnot>(ring)), measure<z>);

// A projection of n wires has n weights per layer, not n^2 + n.
static_assert(projection<4>.parameters == 4 && projection<8>.parameters == 8 && projection<8, 3>.parameters == 24);
static_assert(projection<4>.inputs == 4 && projection<4>.outputs == 4 && projection<4>.width == 4);
static_assert(projection<4>.is_real() && projection<4>.depth() == 6);

// A circuit is an ordinary constant: a trivially copyable value without pointers, which can be a template argument by
// reference and can be compared.
static_assert(std::is_trivially_copyable_v<std::remove_const_t<decltype(projection<4>)>>);
static_assert(is_circuit<projection<4>>);
constexpr int not_a_circuit = 4;
static_assert(!is_circuit<not_a_circuit>);
static_assert(projection<4>.gates == circuit<4>(encode<ry>, rotate<ry>, entangle<cnot>(ring), measure<z>).gates);

// Wrong kinds of gates are refused where they are written, as overloads that do not exist.
template <operation Kind>
constexpr bool can_encode = requires {
    encode<Kind>;
};
template <operation Kind>
constexpr bool can_apply_to_all = requires {
    apply<Kind>;
};
template <operation Kind>
constexpr bool can_measure = requires {
    measure<Kind>;
};
template <operation Kind>
constexpr bool can_entangle = requires {
    entangle<Kind>(ring);
};
static_assert(can_encode<rx> && can_encode<ry> && can_encode<rz> && !can_encode<h> && !can_encode<cnot>);
static_assert(can_apply_to_all<h> && can_apply_to_all<x> && !can_apply_to_all<cnot> && !can_apply_to_all<ry>);
static_assert(can_measure<x> && can_measure<y> && can_measure<z> && !can_measure<h> && !can_measure<ry>);
static_assert(can_entangle<cnot> && can_entangle<cz> && !can_entangle<h> && !can_entangle<ry>);

// The engines of the two published sizes: products of cosines, in a number of steps linear in the width.
static_assert(best_engine<projection<4>>() == engine::closed_form &&
              best_engine<projection<8>>() == engine::closed_form);
static_assert(closed_form<projection<4>>.multiply_adds() == 5 && closed_form<projection<8>>.multiply_adds() == 13);

// One door, one interface, whichever engine stands behind it.
template <class Engine, class S>
concept circuit_engine = requires(const Engine& run, const S* in, S* out, typename Engine::gradient_sum& sum,
                                  const real_of<S>* weights, real_of<S>* weight_gradient) {
    Engine(weights);
    run.forward(in, out, out);
    run.backward(in, in, out, sum);
    run.add_weight_gradient(sum, weight_gradient);
    typename std::integral_constant<std::size_t, Engine::saved_per_token>;
};
static_assert(circuit_engine<evaluator<projection<4>, lanes<float>>, lanes<float>>);
static_assert(circuit_engine<evaluator<projection<4>, double, engine::lane_statevector>, double>);
}  // namespace
