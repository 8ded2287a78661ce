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

#include <qvit/simd/lanes.hpp>
#include <reference/engine_subject.hpp>

namespace reference {

/// Forward and backward over `blocks` blocks of lanes; the pointers are to the subject's scalars and reals.
using pass_function = void(const void* weights, std::size_t blocks, const void* inputs, const void* upstream,
                           void* outputs, void* input_gradient, void* weight_gradient);

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

/// Spreads a batch over lanes of S and back. Outputs start as NaN, and so has scratch memory of a pass.
template <class S>
batch_result spread_and_pass(const dense_circuit& circuit, const batch& b, const std::function<pass_function>& pass) {
    using R = qvit::real_of<S>;
    constexpr std::size_t lanes = qvit::lane_count<S>;
    const std::size_t blocks = (b.samples + lanes - 1) / lanes;
    lane_rows<S> input(blocks, circuit.inputs, b.idle_input);
    lane_rows<S> upstream(blocks, circuit.outputs, 0);
    lane_rows<S> output(blocks, circuit.outputs, std::numeric_limits<double>::quiet_NaN());
    lane_rows<S> input_gradient(blocks, circuit.inputs, b.initial_gradient);
    for (std::size_t s = 0; s < b.samples; ++s) {
        for (std::size_t i = 0; i < circuit.inputs; ++i) input.set(s, i, b.inputs[s * circuit.inputs + i]);
        for (std::size_t o = 0; o < circuit.outputs; ++o) upstream.set(s, o, b.upstream[s * circuit.outputs + o]);
    }
    std::vector<R> weights;
    for (const double weight : b.weights) weights.push_back(static_cast<R>(weight));
    std::vector<R> weight_gradient(weights.size(), static_cast<R>(b.initial_gradient));
    pass(weights.data(), blocks, input.data(), upstream.data(), output.data(), input_gradient.data(),
         weight_gradient.data());
    batch_result result;
    result.weight_gradient.assign(weight_gradient.begin(), weight_gradient.end());
    for (std::size_t s = 0; s < b.samples; ++s) {
        for (std::size_t o = 0; o < circuit.outputs; ++o) result.outputs.push_back(output.get(s, o));
        for (std::size_t i = 0; i < circuit.inputs; ++i) result.input_gradient.push_back(input_gradient.get(s, i));
    }
    for (std::size_t s = b.samples; s < blocks * lanes; ++s)
        for (std::size_t i = 0; i < circuit.inputs; ++i) {
            const double change = std::abs(input_gradient.get(s, i) - b.initial_gradient);
            if (!(change <= result.idle_gradient)) result.idle_gradient = change;  // NaN, too
        }
    return result;
}

template <class S>
engine_subject lane_subject(const std::string& name, dense_circuit circuit, std::function<pass_function> pass) {
    using R = qvit::real_of<S>;
    const std::string real = std::is_same_v<R, double> ? "double" : "float";
    engine_subject subject{name + ", " + (std::is_same_v<S, R> ? real : "lanes<" + real + ">"), std::move(circuit),
                           std::is_same_v<R, double>, qvit::lane_count<S>, nullptr};
    subject.run = [circuit = subject.circuit, pass = std::move(pass)](const batch& b) {
        return spread_and_pass<S>(circuit, b, pass);
    };
    return subject;
}

/// Whether two outputs are the same number but for rounding; NaN is not.
template <class S>
bool same_outputs(const S& one, const S& other) {
    using R = qvit::real_of<S>;
    R a[qvit::lane_count<S>];
    R b[qvit::lane_count<S>];
    qvit::simd::store(a, one);
    qvit::simd::store(b, other);
    for (std::size_t l = 0; l < qvit::lane_count<S>; ++l)
        if (!(std::abs(a[l] - b[l]) <= 64 * std::numeric_limits<R>::epsilon() * std::max(R(1), std::abs(a[l]))))
            return false;
    return true;
}

/// The pass of any engine with the evaluator's functions: one gradient sum for all blocks, as a layer does it for its
/// tokens. `saved` holds saved_per_token scalars and one more, all NaN, since an array may not have size zero. Outputs
/// that a forward pass alone, with nothing saved, gives otherwise become NaN.
template <class S, class Engine, class Sum>
void pass_blocks(Engine& engine, Sum& sum, const dense_circuit& circuit, std::vector<S>& saved, std::size_t blocks,
                 const void* inputs, const void* upstream, void* outputs, void* input_gradient, void* weight_gradient) {
    using R = qvit::real_of<S>;
    const S nan(std::numeric_limits<R>::quiet_NaN());
    std::vector<S> alone(circuit.outputs, nan);
    for (std::size_t block = 0; block < blocks; ++block) {
        const S* const x = static_cast<const S*>(inputs) + block * circuit.inputs;
        S* const y = static_cast<S*>(outputs) + block * circuit.outputs;
        std::fill(saved.begin(), saved.end(), nan);
        engine.forward(x, y, saved.data());
        engine.backward(saved.data(), static_cast<const S*>(upstream) + block * circuit.outputs,
                        static_cast<S*>(input_gradient) + block * circuit.inputs, sum);
        engine.forward(x, alone.data(), nullptr);
        for (std::size_t o = 0; o < circuit.outputs; ++o)
            if (!same_outputs(y[o], alone[o])) y[o] = nan;
    }
    engine.add_weight_gradient(sum, static_cast<R*>(weight_gradient));
}

}  // namespace reference
