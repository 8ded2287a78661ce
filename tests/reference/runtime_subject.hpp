// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <qvit/circuit/runtime_circuit.hpp>
#include <reference/lane_subject.hpp>

/// Run-time circuits on an engine with runtime_evaluator's functions as subjects of the laws.
namespace reference {

/// Engine::make refuses a circuit by giving nothing; that ends the test with the reason.
template <class Engine, class S>
engine_subject runtime_subject(const std::string& name, const qvit::runtime_circuit& circuit) {
    auto pass = [circuit, table = dense(circuit)](const void* weights, std::size_t blocks, const void* inputs,
                                                  const void* upstream, void* outputs, void* input_gradient,
                                                  void* weight_gradient) {
        std::string why;
        auto engine = Engine::make(circuit, &why);
        if (!engine) throw std::runtime_error(why);
        engine->set_weights(static_cast<const qvit::real_of<S>*>(weights));
        auto sum = engine->new_gradient_sum();
        std::vector<S> saved(engine->saved_per_token() + 1);
        pass_blocks(*engine, sum, table, saved, blocks, inputs, upstream, outputs, input_gradient, weight_gradient);
    };
    return lane_subject<S>(name, dense(circuit), pass);
}

}  // namespace reference
