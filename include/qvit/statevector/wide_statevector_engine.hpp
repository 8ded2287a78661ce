// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <qvit/circuit/engine.hpp>
#include <qvit/circuit/runtime_circuit.hpp>
#include <qvit/circuit/stays_real.hpp>
#include <qvit/simd/lanes.hpp>
#include <qvit/statevector/evaluator.hpp>
#include <qvit/statevector/wide_gradient.hpp>
#include <qvit/statevector/wide_run.hpp>
#include <qvit/statevector/wide_statevector.hpp>

namespace qvit::inline QVIT_ABI {

/// Evaluates a circuit that is too wide for lanes of samples: one sample after the other on a register of its own.
///
/// The interface is closed_form_engine's; `saved` holds the inputs, `gradient_sum` sums the weights' gradients. Cost
/// per sample: run_wide forward, four of it with gradients; two registers of 2^width amplitudes at most, for the time
/// of a call. Where memory does not hold them, one line on stderr and abort: why_not_wide tells in advance. With
/// amplitude_input a vector of zeros has outputs zero.
///
///     evaluator<sixteen_wires, float> run(weights);   // picks this engine once this header is included
template <const auto& Circuit, class S>
class wide_statevector_engine {
    using R = real_of<S>;
    static constexpr std::size_t width = lane_count<S>;

  public:
    static constexpr std::size_t saved_per_token = Circuit.inputs;

    struct gradient_sum {
        std::array<S, Circuit.parameters + 1> weight{};
        gradient_sum() { weight.fill(S(R(0))); }
    };

    explicit wide_statevector_engine(const R* weights)
        : circuit_(Circuit), weights_(weights, weights + Circuit.parameters) {}

    /// `saved` may be null where no backward follows.
    void forward(const S* inputs, S* outputs, S* saved) const {
        wide_statevector<R> state = make_register();
        std::vector<double> x(Circuit.inputs);
        for (std::size_t o = 0; o < Circuit.outputs; ++o) outputs[o] = S(R(0));
        for (std::size_t lane = 0; lane < width; ++lane) {
            read(inputs, lane, x);
            if (run_wide(state, circuit_, x.data(), weights_.data())) add(wide_outputs(state, circuit_), lane, outputs);
        }
        if (saved != nullptr)
            for (std::size_t i = 0; i < Circuit.inputs; ++i) saved[i] = inputs[i];
    }

    void backward(const S* saved, const S* output_gradient, S* input_gradient, gradient_sum& sum) const {
        wide_statevector<R> psi = make_register();
        wide_statevector<R> lambda = make_register();
        std::vector<double> x(Circuit.inputs);
        std::vector<double> upstream(Circuit.outputs);
        for (std::size_t lane = 0; lane < width; ++lane) {
            read(saved, lane, x);
            read(output_gradient, lane, upstream);
            const auto result = value_and_gradient(psi, lambda, circuit_, x.data(), weights_.data(), upstream.data());
            if (!result) continue;
            add(result->input_gradient, lane, input_gradient);
            add(result->weight_gradient, lane, sum.weight.data());
        }
    }

    void add_weight_gradient(const gradient_sum& sum, R* weight_gradient) const {
        for (std::size_t i = 0; i < Circuit.parameters; ++i) weight_gradient[i] += simd::sum(sum.weight[i]);
    }

  private:
    wide_statevector<R> make_register() const {
        std::string why;
        auto state = wide_statevector<R>::make(Circuit.width, stays_real(circuit_), &why);
        if (!state) {
            std::fprintf(stderr, "%s\n", why.c_str());
            std::abort();
        }
        return std::move(*state);
    }
    static void read(const S* from, std::size_t lane, std::vector<double>& to) {
        for (std::size_t i = 0; i < to.size(); ++i) {
            R value[width];
            simd::store(value, from[i]);
            to[i] = static_cast<double>(value[lane]);
        }
    }
    static void add(const std::vector<double>& from, std::size_t lane, S* to) {
        for (std::size_t i = 0; i < from.size(); ++i) {
            R value[width];
            simd::store(value, to[i]);
            value[lane] += static_cast<R>(from[i]);
            to[i] = simd::load<S>(value);
        }
    }

    runtime_circuit circuit_;
    std::vector<double> weights_;
};

}  // namespace qvit::inline QVIT_ABI
