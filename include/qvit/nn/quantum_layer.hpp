// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include <boost/hana/define_struct.hpp>

#include <qvit/autodiff/parameter.hpp>
#include <qvit/nn/circuit_op.hpp>

namespace qvit::inline QVIT_ABI {

/// A quantum neural network applied to every token: a circuit whose weights are trained, `theta` in radians.
///
/// Replaces a linear layer of n^2 + n weights by n per circuit layer (arXiv:2503.07294). Angles start in
/// U(-pi/2, pi/2), or as you say (see identity_block). Circuit is a constexpr variable of namespace scope.
///
///     using q_projection = quantum_layer<projection>;
template <const auto& Circuit, engine Engine = best_engine<Circuit>()>
requires is_circuit<Circuit>
struct quantum_layer {
    static constexpr const auto& circuit = Circuit;
    static constexpr engine engine_used = Engine;
    using angles = parameter<shape<Circuit.parameters>>;
    BOOST_HANA_DEFINE_STRUCT(quantum_layer, (angles, theta));

    constexpr quantum_layer() : theta{{}, initializer::uniform(1.57079632679489661923)} {}

    constexpr explicit quantum_layer(initializer start) : theta{{}, start} {}

    constexpr auto operator()(auto& tape, auto x) const {
        return tape.apply(circuit_op<Circuit, Engine>{}, x, tape.use(theta));
    }
};

}  // namespace qvit::inline QVIT_ABI
