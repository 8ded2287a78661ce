// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <qvit/statevector/evaluator.hpp>
#include <reference/dense_simulator.hpp>

namespace reference {

/// What to run a circuit on: `samples` rows of inputs and of upstream gradients, all in double.
struct batch {
    std::size_t samples = 0;
    std::vector<double> weights;
    std::vector<double> inputs;    ///< samples x inputs
    std::vector<double> upstream;  ///< samples x outputs
    double idle_input = 0.7;       ///< inputs of lanes without a sample; their upstream gradient is zero
    double initial_gradient = 0;   ///< what gradients hold before the backward pass
};

struct batch_result {
    std::vector<double> outputs;          ///< samples x outputs
    std::vector<double> input_gradient;   ///< samples x inputs
    std::vector<double> weight_gradient;  ///< summed over samples
    double idle_gradient = 0;             ///< largest |input gradient - initial_gradient| of lanes without a sample
};

/// One circuit on one engine over one scalar type, behind function pointers, so that the laws are compiled once and a
/// subject costs the compiler little more than its engine.
struct engine_subject {
    std::string name;
    dense_circuit circuit;
    bool is_double = false;
    std::size_t lanes = 1;
    /// Forward and backward over `blocks` blocks of lanes; the pointers are to the subject's scalars and reals.
    using pass_function = void(const void* weights, std::size_t blocks, const void* inputs, const void* upstream,
                               void* outputs, void* input_gradient, void* weight_gradient);
    pass_function* pass = nullptr;
    batch_result (*spread_and_pass)(const engine_subject&, const batch&) = nullptr;

    batch_result run(const batch& b) const { return spread_and_pass(*this, b); }
};

/// One gradient_sum for all blocks, as a layer does it for its tokens. Scratch memory starts as NaN.
template <const auto& Circuit, class S, qvit::engine Engine>
void engine_pass(const void* weights, std::size_t blocks, const void* inputs, const void* upstream, void* outputs,
                 void* input_gradient, void* weight_gradient) {
    using R = qvit::real_of<S>;
    using engine_type = qvit::evaluator<Circuit, S, Engine>;
    const engine_type engine(static_cast<const R*>(weights));
    typename engine_type::gradient_sum sum;
    S saved[engine_type::saved_per_token + 1];  // an array may not have size zero
    for (std::size_t block = 0; block < blocks; ++block) {
        for (S& value : saved) value = S(std::numeric_limits<R>::quiet_NaN());
        engine.forward(static_cast<const S*>(inputs) + block * Circuit.inputs,
                       static_cast<S*>(outputs) + block * Circuit.outputs, saved);
        engine.backward(saved, static_cast<const S*>(upstream) + block * Circuit.outputs,
                        static_cast<S*>(input_gradient) + block * Circuit.inputs, sum);
    }
    engine.add_weight_gradient(sum, static_cast<R*>(weight_gradient));
}

/// blocks x columns scalars S, at an aligned address; sample s stands in lane s % W of block s / W.
template <class S>
class lane_rows {
    static constexpr std::size_t lanes = qvit::lane_count<S>;
    std::vector<S> scalars_;
    std::size_t columns_;

  public:
    lane_rows(std::size_t blocks, std::size_t columns, double value)
        : scalars_(blocks * columns + 1, S(static_cast<qvit::real_of<S>>(value))), columns_(columns) {}
    S* data() { return scalars_.data(); }
    void set(std::size_t sample, std::size_t column, double value) {
        qvit::real_of<S> lane[lanes];
        qvit::simd::store(lane, scalar(sample, column));
        lane[sample % lanes] = static_cast<qvit::real_of<S>>(value);
        scalar(sample, column) = qvit::simd::load<S>(lane);
    }
    double get(std::size_t sample, std::size_t column) {
        qvit::real_of<S> lane[lanes];
        qvit::simd::store(lane, scalar(sample, column));
        return static_cast<double>(lane[sample % lanes]);
    }

  private:
    S& scalar(std::size_t sample, std::size_t column) { return scalars_[sample / lanes * columns_ + column]; }
};

template <class S>
batch_result spread_and_pass(const engine_subject& subject, const batch& b) {
    using R = qvit::real_of<S>;
    constexpr std::size_t lanes = qvit::lane_count<S>;
    const std::size_t blocks = (b.samples + lanes - 1) / lanes;
    const std::size_t inputs = subject.circuit.inputs;
    const std::size_t outputs = subject.circuit.observables.size();
    lane_rows<S> input(blocks, inputs, b.idle_input);
    lane_rows<S> upstream(blocks, outputs, 0);
    lane_rows<S> output(blocks, outputs, std::numeric_limits<double>::quiet_NaN());
    lane_rows<S> input_gradient(blocks, inputs, b.initial_gradient);
    for (std::size_t s = 0; s < b.samples; ++s) {
        for (std::size_t i = 0; i < inputs; ++i) input.set(s, i, b.inputs[s * inputs + i]);
        for (std::size_t o = 0; o < outputs; ++o) upstream.set(s, o, b.upstream[s * outputs + o]);
    }
    std::vector<R> weights;
    for (const double weight : b.weights) weights.push_back(static_cast<R>(weight));
    std::vector<R> weight_gradient(weights.size(), static_cast<R>(b.initial_gradient));
    subject.pass(weights.data(), blocks, input.data(), upstream.data(), output.data(), input_gradient.data(),
                 weight_gradient.data());
    batch_result result;
    result.weight_gradient.assign(weight_gradient.begin(), weight_gradient.end());
    for (std::size_t s = 0; s < b.samples; ++s) {
        for (std::size_t o = 0; o < outputs; ++o) result.outputs.push_back(output.get(s, o));
        for (std::size_t i = 0; i < inputs; ++i) result.input_gradient.push_back(input_gradient.get(s, i));
    }
    for (std::size_t s = b.samples; s < blocks * lanes; ++s)
        for (std::size_t i = 0; i < inputs; ++i)
            result.idle_gradient =
                std::max(result.idle_gradient, std::abs(input_gradient.get(s, i) - b.initial_gradient));
    return result;
}

template <class S>
engine_subject make_subject(const char* circuit, dense_circuit table, qvit::engine engine,
                            engine_subject::pass_function* pass) {
    using R = qvit::real_of<S>;
    const std::string real = std::is_same_v<R, double> ? "double" : "float";
    return {std::string(circuit) + ", " + qvit::name_of(engine) + ", " +
                (std::is_same_v<S, R> ? real : "lanes<" + real + ">"),
            std::move(table),
            std::is_same_v<R, double>,
            qvit::lane_count<S>,
            pass,
            &spread_and_pass<S>};
}

template <const auto& Circuit, class S, qvit::engine Engine>
engine_subject subject(const char* circuit) {
    return make_subject<S>(circuit, dense(Circuit), Engine, &engine_pass<Circuit, S, Engine>);
}

}  // namespace reference
