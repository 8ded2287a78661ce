// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include <qvit/circuit/light_cone.hpp>
#include <qvit/circuit/lower.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <reference/engine_laws.hpp>
#include <reference/inverse_circuit.hpp>
#include <reference/lane_subject.hpp>

/// Compile-time circuits on the library's engines as subjects of the laws.
namespace reference {

template <const auto& Circuit, class S, qvit::engine Engine>
void evaluator_pass(const void* weights, std::size_t blocks, const void* inputs, const void* upstream, void* outputs,
                    void* input_gradient, void* weight_gradient) {
    using engine_type = qvit::evaluator<Circuit, S, Engine>;
    const engine_type engine(static_cast<const qvit::real_of<S>*>(weights));
    typename engine_type::gradient_sum sum;
    std::vector<S> saved(engine_type::saved_per_token + 1);
    pass_blocks(engine, sum, dense(Circuit), saved, blocks, inputs, upstream, outputs, input_gradient, weight_gradient);
}

template <const auto& Circuit, class S, qvit::engine Engine>
engine_subject subject(const std::string& name) {
    return lane_subject<S>(name + ", " + qvit::name_of(Engine), dense(Circuit), &evaluator_pass<Circuit, S, Engine>);
}

/// Whether the light cones leave rotations out or are several: else their engine runs the statevector's program.
template <const auto& Circuit>
constexpr bool has_narrow_cones() {
    if constexpr (Circuit.amplitude_input) {
        return false;
    } else {
        constexpr const auto& cones = qvit::light_cones<Circuit>.cones;
        if (cones.size() != 1) return cones.size() > 1;
        for (std::size_t i = 0; i < qvit::program<Circuit>.rotations.size(); ++i)
            if (!cones[0].contains(i)) return true;
        return false;
    }
}

/// Every engine that takes the circuit: the statevector, and the closed form and light cones where they exist.
template <const auto& Circuit, class S>
void add_engines(std::vector<engine_subject>& subjects, const std::string& name) {
    subjects.push_back(subject<Circuit, S, qvit::engine::lane_statevector>(name));
    if constexpr (qvit::closed_form<Circuit>.feasible)
        subjects.push_back(subject<Circuit, S, qvit::engine::closed_form>(name));
    if constexpr (has_narrow_cones<Circuit>()) subjects.push_back(subject<Circuit, S, qvit::engine::light_cone>(name));
}

/// All laws over every engine that takes the circuit, and that the engines agree.
template <const auto& Circuit, class S>
void check_engines(const std::string& name) {
    std::vector<engine_subject> subjects;
    add_engines<Circuit, S>(subjects, name);
    check_all_laws(subjects);
    check_engines_agree(subjects);
}

/// The same over scalars S, for the lists of circuits: double, or lanes<float>, what models run on.
template <class S>
struct check_over {
    template <const auto& Circuit>
    void operator()(const char* name) const {
        check_engines<Circuit, S>(name);
    }
};

/// A circuit and its inverse give |0..0>, by the statevector.
template <const auto& Circuit, class S>
void check_echo(const std::string& name) {
    law_echo(subject<echo<Circuit>, S, qvit::engine::lane_statevector>(name + " and its inverse"),
             qvit::lane_count<S> + 10);
}

}  // namespace reference
